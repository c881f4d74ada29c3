/**
 * The way back, from the old mailbox [S14]. Whoever took an account over by its address must not keep a foot in the door: every
 * session ends, and every way in that was set up since the change was asked for is taken away. What was there before stays, so
 * that the old mailbox alone opens no more than it did.
 */
import { maskAddress } from "~/domain/accounts/addresses.server"
import { endEntries, type FollowAddress } from "~/domain/accounts/email-change.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { changeToUndo } from "~/domain/links/undo-token.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { formatDateTime } from "~/lib/format"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import type { EmailChange } from "~/platform/models.server"

/** Gives one account what hangs on another, in the areas above this one, in the same transaction. */
export type MergePerson = (tx: Tx, accounts: { from: string; into: string }) => Promise<void>

type Undoing = { requester: Requester; follow: FollowAddress; merge: MergePerson }

export type UndoView = { state: "open"; from: string; to: string } | { state: "invalid" }

/** What the page behind the undo link shows. Changes nothing. */
export async function viewUndo(token: string): Promise<UndoView> {
  const change = await changeToUndo(db(), token)
  if (!change) return { state: "invalid" }
  return { state: "open", from: change.fromTyped, to: maskAddress(change.toEmail) }
}

/**
 * Gives the account its former address back. Fails with `invalid` for what can no longer be undone, and `taken` when another
 * account that is in use by whoever has the mailbox has the address meanwhile.
 */
export async function undoEmailChange(
  token: string,
  { requester, follow, merge }: Undoing,
): Promise<Result<void, "invalid" | "taken">> {
  return transaction(async tx => {
    const change = await changeToUndo(tx, token)
    const user = change && (await tx.user.findUnique({ where: { id: change.userId } }))
    if (!change || !user) return err("invalid")
    const { userId, fromEmail, fromTyped } = change
    if (!(await freeAddress(tx, change, merge))) return err("taken")
    const at = now()
    await tx.emailChange.update({ where: { id: change.id }, data: { undoneAt: at } })
    await tx.emailChange.updateMany({
      where: { userId, id: { not: change.id }, askedAt: { gte: change.askedAt }, undoneAt: null },
      data: { givenUpAt: at },
    })
    await tx.user.update({
      where: { id: userId },
      data: { email: fromEmail, emailTyped: fromTyped, updatedAt: at },
    })
    await dropWaysInSince(tx, userId, change.askedAt)
    await endEntries(tx, userId, [user.email])
    await queueMail(tx, {
      template: "email_change_undone",
      to: user.email,
      parameters: { from: maskAddress(fromEmail), at: formatDateTime(at, "UTC") },
      dedupeKey: `email_change_undone:${change.id}`,
    })
    await follow(tx, { userId, from: user.email, to: fromEmail })
    await recordSecurityEvent(tx, { userId, kind: "email_change_undone", detail: fromTyped, requester })
    failpoint("email-undo.before-commit")
    return ok()
  })
}

/**
 * Who finds themselves shut out signs in with the old address first, which makes an account there. As long as nothing came of it,
 * it makes way: both are of the same mailbox. So does one whose mailbox nobody has proven, whatever came of it: anyone can buy a
 * plan in an address of another, and what hangs on it is for whoever has the mailbox, who is here now.
 */
async function freeAddress(
  tx: Tx,
  { userId, fromEmail, changedAt }: EmailChange,
  merge: MergePerson,
): Promise<boolean> {
  const other = await tx.user.findUnique({
    where: { email: fromEmail },
    include: { _count: { select: { memberships: true, sentInvites: true } } },
  })
  if (!other || other.id === userId) return true
  if (!other.provenAt && !other.isOperator && !other.disabledAt) {
    await merge(tx, { from: other.id, into: userId })
    await tx.user.delete({ where: { id: other.id } })
    return true
  }
  const bought = await tx.checkout.count({ where: { userId: other.id } })
  const inUse = other._count.memberships + other._count.sentInvites + bought > 0
  if (inUse || other.isOperator || !changedAt || other.createdAt < changedAt) return false
  await tx.user.delete({ where: { id: other.id } })
  return true
}

async function dropWaysInSince(tx: Tx, userId: string, since: Date): Promise<void> {
  const own = { userId, createdAt: { gte: since } }
  const sinceOn = { OR: [{ confirmedAt: null }, { confirmedAt: { gte: since } }] }
  await tx.password.deleteMany({ where: { userId, changedAt: { gte: since } } })
  // A secret may have been offered long before it was switched on.
  await tx.totp.deleteMany({ where: { userId, ...sinceOn } })
  await tx.recoveryCode.deleteMany({ where: own })
  await tx.passkey.deleteMany({ where: own })
  await tx.identity.deleteMany({ where: { userId, connectedAt: { gte: since } } })
}
