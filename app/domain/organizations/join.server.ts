import type { Requester } from "~/domain/accounts/requester"
import { liftBar } from "~/domain/organizations/domain-bar.server"
import { senderStillMay } from "~/domain/organizations/invitation-authority.server"
import { invitationState } from "~/domain/organizations/invitation-state"
import { addMember } from "~/domain/organizations/memberships.server"
import { tellOfNewOwner } from "~/domain/organizations/owner-changes.server"
import { isRole } from "~/domain/organizations/roles"
import { type SeatLimit, seatsTaken } from "~/domain/organizations/seats.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import type { Invitation } from "~/platform/models.server"

export type JoinRefusal =
  | "not_found"
  | "accepted"
  | "revoked"
  | "expired"
  | "archived"
  | "full"
  | "sender_gone"

/**
 * Makes a person a member by their invitation, in the caller's transaction: one conditional write takes the invitation, so two
 * at once make one member [O6], and only if it is for this person's address [O4]. The caller has proven that address. Someone
 * who belongs to the organisation already keeps their role and takes no seat. The owners hear of a new owner. Every refusal leaves the invitation as it was.
 */
export async function joinByInvitation(
  tx: Tx,
  invitationId: string,
  joining: { user: { id: string; email: string }; seats: SeatLimit; requester: Requester },
): Promise<Result<{ id: string; slug: string; name: string }, JoinRefusal>> {
  const { user, seats, requester } = joining
  const invitation = await tx.invitation.findUnique({
    where: { id: invitationId },
    include: { organization: { select: { id: true, slug: true, name: true, archivedAt: true } } },
  })
  if (!invitation || invitation.email !== user.email || !isRole(invitation.role)) return err("not_found")
  const state = invitationState(invitation, now())
  if (state !== "open") return err(state)
  const { organizationId, role, email } = invitation
  if (invitation.organization.archivedAt) return err("archived")
  if (!(await senderStillMay(tx, { ...invitation, role }))) return err("sender_gone")
  if (await isFull(tx, organizationId, user.id, seats)) return err("full")
  const taken = await tx.invitation.updateMany({
    where: { id: invitationId, acceptedAt: null, revokedAt: null, expiresAt: { gt: now() } },
    data: { acceptedAt: now() },
  })
  if (taken.count === 0) return err("accepted")
  // Whoever was removed and is invited anew may come and go by their domain again, too.
  await liftBar(tx, organizationId, user)
  const { added } = await addMember(tx, { userId: user.id, organizationId, role })
  await writeAudit(tx, {
    organizationId,
    actorUserId: user.id,
    act: "invitation.accepted",
    target: email,
    detail: added ? { role } : {},
    clientAddress: requester.clientAddress,
  })
  if (added && role === "owner") await tellOwners(tx, user.id, invitation)
  const { id, slug, name } = invitation.organization
  return ok({ id, slug, name })
}

async function isFull(tx: Tx, organizationId: string, userId: string, seats: SeatLimit): Promise<boolean> {
  if (seats === null) return false
  const belongs = await tx.membership.count({ where: { organizationId, userId } })
  return belongs === 0 && (await seatsTaken(tx, organizationId)).members >= seats
}

async function tellOwners(
  tx: Tx,
  userId: string,
  { organizationId, invitedById }: Invitation,
): Promise<void> {
  const { name, emailTyped } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  const person = { userId, name: name || emailTyped }
  await tellOfNewOwner(tx, organizationId, { person, byUserId: invitedById, by: "invitation" })
}
