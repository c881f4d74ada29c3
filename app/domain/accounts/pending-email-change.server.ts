/** A change of address that was asked for and not confirmed [S14]: its link is filed under the mailbox it goes to. */
import { lifetimeOf } from "~/domain/links/issue.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import type { EmailChange } from "~/platform/models.server"

/** What a change looks like while it waits. */
export const waiting = { changedAt: null, givenUpAt: null } as const

/** The change that waits for its link to be opened, if one does. */
export function pendingEmailChange(userId: string): Promise<EmailChange | null> {
  return db().emailChange.findFirst({
    where: { userId, ...waiting, askedAt: { gt: fromNow(-lifetimeOf("email_change")) } },
    orderBy: { askedAt: "desc" },
  })
}

/** Takes back what was asked for: its link is worthless. */
export function giveUpEmailChange(userId: string): Promise<void> {
  return transaction(tx => giveUpPendingChange(tx, userId))
}

/** Takes back what was asked for, in this transaction: its link is worthless, and one that is still to be mailed will be. */
export async function giveUpPendingChange(tx: Tx, userId: string): Promise<void> {
  const given = await tx.emailChange.findMany({ where: { userId, ...waiting } })
  for (const { id, toEmail } of given) {
    await tx.emailChange.update({ where: { id }, data: { givenUpAt: now() } })
    await tx.link.updateMany({
      where: { userId, email: toEmail, purpose: "email_change", usedAt: null, voidedAt: null },
      data: { voidedAt: now() },
    })
  }
}
