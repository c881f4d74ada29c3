import { countKeysOf } from "~/domain/organizations/api-key-authority.server"
import { countInvitationsFrom } from "~/domain/organizations/invitation-authority.server"
import { ownedWithout } from "~/domain/organizations/last-owner.server"
import type { Member } from "~/domain/organizations/members.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { isRole } from "~/domain/organizations/roles"
import { db } from "~/platform/db.server"

export type MemberDetail = Member & {
  /** Name or address of whoever invited them, as far as it is known. */
  invitedBy: string | undefined
  /** Nobody else could act as an owner [O7]. */
  isOnlyOwner: boolean
  /** Sent by them; they go when the person goes. */
  openInvitations: number
  /** To the API, made by them; they end when the person goes. */
  apiKeys: number
}

/** One person of the organisation by the id of their membership; undefined for another organisation's [O9]. */
export async function readMember(
  membership: Membership,
  membershipId: string | undefined,
): Promise<MemberDetail | undefined> {
  const { organizationId } = membership
  const row = await db().membership.findFirst({
    where: { id: membershipId ?? "", organizationId },
    include: { user: { select: { id: true, name: true, email: true, emailTyped: true } } },
  })
  if (!row || !isRole(row.role)) return undefined
  const invitation = await db().invitation.findFirst({
    where: { organizationId, email: row.user.email, acceptedAt: { not: null } },
    select: { invitedBy: { select: { name: true, emailTyped: true } } },
  })
  return {
    membershipId: row.id,
    userId: row.userId,
    name: row.user.name,
    email: row.user.emailTyped,
    role: row.role,
    joinedAt: row.createdAt,
    isYou: row.userId === membership.userId,
    isOnlyOwner: row.role === "owner" && (await ownsAlone(row.id, row.userId)),
    openInvitations: await countInvitationsFrom({ organizationId, userId: row.userId }),
    apiKeys: await countKeysOf({ organizationId, userId: row.userId }),
    invitedBy: invitation?.invitedBy?.name || invitation?.invitedBy?.emailTyped,
  }
}

async function ownsAlone(id: string, userId: string): Promise<boolean> {
  return (await db().membership.count({ where: { id, NOT: ownedWithout(userId) } })) === 1
}
