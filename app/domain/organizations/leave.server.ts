import type { Requester } from "~/domain/accounts/requester"
import { revokeKeysOf } from "~/domain/organizations/api-key-authority.server"
import { withdrawInvitationsFrom } from "~/domain/organizations/invitation-authority.server"
import { leavesAnOwner } from "~/domain/organizations/last-owner.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { tellOwners } from "~/domain/organizations/owners.server"
import { voidOffersOf } from "~/domain/organizations/ownership-offer.server"
import { plainName } from "~/domain/organizations/plain-name"
import { aRole, isRole } from "~/domain/organizations/roles"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { type Tx, transaction } from "~/platform/db.server"

/**
 * Ends one's own membership, and the invitations they sent that are open. One conditional write keeps the last owner in, so of two owners who leave at once one stays [O7].
 * Owners are told when an owner or admin leaves, nobody when a member does. Fails with `last_owner`, or `not_found` for someone
 * who is gone already.
 */
export async function leaveOrganization(
  membership: Membership,
  requester: Requester,
): Promise<Result<void, "last_owner" | "not_found">> {
  return transaction(tx => leaveWithin(tx, membership, requester))
}

/** The same in the caller's transaction. */
export async function leaveWithin(
  tx: Tx,
  { id, userId, organizationId }: Pick<Membership, "id" | "userId" | "organizationId">,
  requester: Requester,
): Promise<Result<void, "last_owner" | "not_found">> {
  const leaver = await tx.membership.findUnique({ where: { id }, include: { user: true } })
  if (!leaver) return err("not_found")
  const left = await tx.membership.deleteMany({ where: { id, ...leavesAnOwner(userId) } })
  if (left.count === 0) return err("last_owner")
  await voidOffersOf(tx, organizationId, userId)
  await withdrawInvitationsFrom(tx, { organizationId, userId }, { actorUserId: userId, requester })
  await revokeKeysOf(tx, { organizationId, userId }, { actorUserId: userId, requester })
  await writeAudit(tx, {
    organizationId,
    actorUserId: userId,
    act: "member.left",
    target: leaver.user.email,
    detail: { role: leaver.role },
    clientAddress: requester.clientAddress,
  })
  if (leaver.role !== "member") await tellTheOthers(tx, organizationId, leaver)
  return ok()
}

type Leaver = { role: string; user: { name: string; emailTyped: string } }

function tellTheOthers(tx: Tx, organizationId: string, { role, user }: Leaver) {
  const personName = plainName(user.name || user.emailTyped)
  return tellOwners(tx, organizationId, organization => ({
    template: "member_left",
    parameters: { ...organization, personName, role: isRole(role) ? aRole(role) : role },
  }))
}
