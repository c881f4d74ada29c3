/**
 * "This wasn't me", from the mail about a new device or a changed setting. Its link locks and never opens: every session, pending
 * sign-in and open link ends, a change of address that is under way is given up, and every API key the person made is revoked. It
 * signs nobody in.
 */
import { maskAddress } from "~/domain/accounts/addresses.server"
import { endEntries } from "~/domain/accounts/email-change.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { type LinkRefusal, readLink, spendLink } from "~/domain/links/spend.server"
import { revokeKeysMadeBy } from "~/domain/organizations/api-key-authority.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"

export type NotMeView = { state: "open"; email: string } | { state: LinkRefusal }

/** What the page behind the link shows. Changes nothing. */
export async function viewNotMe(token: string): Promise<NotMeView> {
  const view = await readLink(db(), "not_me", token)
  if (!view) return { state: "invalid" }
  return view.state === "open"
    ? { state: "open", email: maskAddress(view.link.email) }
    : { state: view.state }
}

/** Locks the account's doors. Fails with why the link is worthless. */
export async function lockOut(token: string, requester: Requester): Promise<Result<void, LinkRefusal>> {
  return transaction(async tx => {
    const spent = await spendLink(tx, "not_me", token)
    if (!spent.ok) return spent
    const { userId } = spent.value
    const user = userId ? await tx.user.findUnique({ where: { id: userId } }) : null
    if (!userId || !user) return err("invalid")
    await tx.emailChange.updateMany({
      where: { userId, changedAt: null, givenUpAt: null },
      data: { givenUpAt: now() },
    })
    await endEntries(tx, userId, [user.email])
    await revokeKeysMadeBy(tx, userId, requester)
    await recordSecurityEvent(tx, { userId, kind: "not_me", requester })
    return ok()
  })
}
