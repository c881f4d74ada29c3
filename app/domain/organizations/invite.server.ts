/**
 * Inviting by address [O3]. There is one invitation per organisation and address: inviting again refreshes it – role, time
 * and link – and what is sent goes to that address only. Each address is settled in a transaction of its own, so that one
 * refused line does not undo the others; the mail row is written with the invitation, and its link is made while sending.
 *
 * Without mail the inviter is shown the link once. Such a link proves no mailbox, because the inviter could open it: its row
 * carries the id of who got to see it, and accepting it is held to more (see onboarding/accept-invitation).
 */
import type { Address } from "~/domain/accounts/addresses.server"
import { readAddresses, readAddressList } from "~/domain/organizations/address-list.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { isRole, mayGrant, type Role } from "~/domain/organizations/roles"
import { mostAddresses } from "~/domain/organizations/schemas"
import {
  type InviteContext,
  type InviteOutcome,
  sendInvitation,
} from "~/domain/organizations/send-invitation.server"
import { err, ok, type Result } from "~/lib/result"
import { transaction } from "~/platform/db.server"

export type InviteLine = { typed: string } & InviteOutcome

/** Why nobody was invited, in words. */
export const inviteRefusals = {
  role_not_yours: "You cannot give someone a role above your own.",
  archived: "This organisation is archived, so nobody can be invited.",
  changed: "Your own role has just changed. Look at the page again.",
  too_long: `Invite at most ${mostAddresses} people at once.`,
} as const

export type InviteRefusal = keyof typeof inviteRefusals

/**
 * Invites everyone in a typed text, or in a list of addresses, and says per line what came of it. From the line on at which the inviter may not do so any
 * more, nothing is sent. Fails as a whole with `role_not_yours` when the role is above the inviter's, `archived`, or `too_long`
 * for more than 50 addresses.
 */
export async function invite(
  membership: Membership,
  wish: { addresses: string | readonly string[]; role: Role },
  context: InviteContext,
): Promise<Result<InviteLine[], InviteRefusal>> {
  if (!mayGrant(membership.role, wish.role)) return err("role_not_yours")
  if (membership.organization.archivedAt) return err("archived")
  const { addresses } = wish
  const lines = typeof addresses === "string" ? readAddressList(addresses) : readAddresses(addresses)
  if (lines.length > mostAddresses) return err("too_long")
  const results: InviteLine[] = []
  let stopped = false
  for (const { typed, address } of lines) {
    const outcome: InviteOutcome = stopped
      ? atAnEnd
      : await inviteOne(membership, address, wish.role, context)
    stopped = outcome.outcome === "stopped"
    results.push({ typed, ...outcome })
  }
  return ok(results)
}

const atAnEnd = { outcome: "stopped" } as const

async function inviteOne(
  membership: Membership,
  address: Address | undefined,
  role: Role,
  context: InviteContext,
): Promise<InviteOutcome> {
  if (!address) return { outcome: "no_address" }
  return transaction(tx => sendInvitation(tx, membership, { address, role }, context))
}

/**
 * Sends an invitation once more: the same row, a fresh term and link. Fails with `not_found` for another organisation's, and for
 * one that is accepted or withdrawn: of sending again and withdrawing at once, withdrawing is what remains.
 */
export async function resendInvitation(
  membership: Membership,
  invitationId: string,
  context: InviteContext,
): Promise<Result<InviteLine, "not_found">> {
  const { organizationId } = membership
  const waiting = { id: invitationId, organizationId, acceptedAt: null, revokedAt: null }
  return transaction(async tx => {
    const found = await tx.invitation.findFirst({ where: waiting })
    if (!found || !isRole(found.role)) return err("not_found")
    const address = { canonical: found.email, typed: found.emailTyped }
    const outcome = await sendInvitation(tx, membership, { address, role: found.role }, context)
    return ok({ typed: found.emailTyped, ...outcome })
  })
}
