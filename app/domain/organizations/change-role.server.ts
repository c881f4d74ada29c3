import type { Requester } from "~/domain/accounts/requester"
import { queueMail } from "~/domain/mail/outbox.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { voidOffers } from "~/domain/organizations/ownership-offer.server"
import { aRole, mayGrant, type Role, roleWords } from "~/domain/organizations/roles"
import {
  findTouched,
  type TouchedMember,
  type TouchRefusal,
  touchable,
} from "~/domain/organizations/touched-member.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { type Tx, transaction } from "~/platform/db.server"

/**
 * Gives a member another role [O2]: neither theirs nor the new one may be above that of the one who acts, and an owner stays
 * behind [O7], all in one conditional write. Someone else's change is mailed to the person. The same role again writes nothing.
 */
export async function changeRole(
  actor: Membership,
  wish: { membershipId: string; role: Role },
  requester: Requester,
): Promise<Result<{ name: string; changed: boolean }, TouchRefusal>> {
  return transaction(async tx => {
    const found = await findTouched(tx, actor, wish.membershipId)
    if (!found.ok) return found
    const member = found.value
    if (!mayGrant(actor.role, wish.role)) return err("role_not_yours")
    if (member.role === wish.role) return ok({ name: member.name, changed: false })
    const written = await tx.membership.updateMany({
      where: touchable(actor, member),
      data: { role: wish.role },
    })
    if (written.count === 0) return err("last_owner")
    await voidOffers(tx, actor.organizationId, {
      ...(member.role === "owner" && { fromUserId: member.userId }),
      ...(wish.role === "owner" && { toUserId: member.userId }),
    })
    await writeAudit(tx, {
      organizationId: actor.organizationId,
      actorUserId: actor.userId,
      act: "member.role_changed",
      target: member.email,
      detail: { from: member.role, to: wish.role },
      clientAddress: requester.clientAddress,
    })
    if (member.userId !== actor.userId) await tell(tx, actor, member, wish.role)
    return ok({ name: member.name, changed: true })
  })
}

async function tell(tx: Tx, actor: Membership, member: TouchedMember, role: Role) {
  const { organizationId, organization } = actor
  const by = await tx.user.findUniqueOrThrow({ where: { id: actor.userId } })
  await queueMail(tx, {
    template: "role_changed",
    to: member.email,
    organizationId,
    parameters: {
      organizationName: organization.name,
      organizationSlug: organization.slug,
      byName: by.name || by.emailTyped,
      role: aRole(role),
      roleWords: roleWords[role],
    },
  })
}
