import type { Requester } from "~/domain/accounts/requester"
import { queueMail } from "~/domain/mail/outbox.server"
import { revokeKeysOf } from "~/domain/organizations/api-key-authority.server"
import { withdrawInvitationsFrom } from "~/domain/organizations/invitation-authority.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { tellOfLostOwner } from "~/domain/organizations/owner-changes.server"
import { voidOffersOf } from "~/domain/organizations/ownership-offer.server"
import { plainName } from "~/domain/organizations/plain-name"
import {
  findTouched,
  type TouchedMember,
  type TouchRefusal,
  touchable,
} from "~/domain/organizations/touched-member.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"

/**
 * Removes someone from the organisation [O8]. Their session stays; at its next request they are a stranger here. They do not
 * come back by the domain of their address, nor by an invitation that was open, only by a new one. The invitations
 * they sent that are open are withdrawn; what else they did stays as it is. The person is told by mail,
 * and when it was an owner, the other owners.
 */
export async function removeMember(
  actor: Membership,
  membershipId: string,
  requester: Requester,
): Promise<Result<{ name: string }, TouchRefusal>> {
  return transaction(async tx => {
    if (membershipId === actor.id) return err("yourself")
    const found = await findTouched(tx, actor, membershipId)
    if (!found.ok) return found
    const member = found.value
    const removed = await tx.membership.deleteMany({ where: touchable(actor, member) })
    if (removed.count === 0) return err("last_owner")
    const { organizationId } = actor
    const gone = { organizationId, userId: member.userId }
    await withdrawInvitationsFrom(tx, gone, { actorUserId: actor.userId, requester })
    await revokeKeysOf(tx, gone, { actorUserId: actor.userId, requester })
    await shutTheDoor(tx, actor.organizationId, member)
    await writeAudit(tx, {
      organizationId: actor.organizationId,
      actorUserId: actor.userId,
      act: "member.removed",
      target: member.email,
      detail: { role: member.role },
      clientAddress: requester.clientAddress,
    })
    await tell(tx, actor, member)
    if (member.role === "owner")
      await tellOfLostOwner(tx, organizationId, { person: member, byUserId: actor.userId })
    return ok({ name: member.name })
  })
}

async function shutTheDoor(tx: Tx, organizationId: string, { userId, email }: TouchedMember) {
  const at = now()
  await voidOffersOf(tx, organizationId, userId)
  await tx.invitation.updateMany({
    where: { organizationId, email, acceptedAt: null, revokedAt: null },
    data: { revokedAt: at },
  })
  await tx.domainBar.upsert({
    where: { organizationId_userId: { organizationId, userId } },
    create: { organizationId, userId, at },
    update: { at },
  })
}

/** Goes to someone who is outside from now on: names come without anything to click. */
async function tell(tx: Tx, actor: Membership, member: TouchedMember) {
  const by = await tx.user.findUniqueOrThrow({ where: { id: actor.userId } })
  await queueMail(tx, {
    template: "member_removed",
    to: member.email,
    organizationId: actor.organizationId,
    parameters: {
      organizationName: plainName(actor.organization.name),
      byName: plainName(by.name || by.emailTyped),
    },
  })
}
