import type { Requester } from "~/domain/accounts/requester"
import { queueMail } from "~/domain/mail/outbox.server"
import { withdrawInvitationsFrom } from "~/domain/organizations/invitation-authority.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { tellOfLostOwner, tellOfNewOwner } from "~/domain/organizations/owner-changes.server"
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
import { fromNow } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"
import { defineLimit } from "~/platform/rate-limit.server"

const hour = 60 * 60

/** Enough for a morning of putting a company in order; each change mails somebody. */
const roleChanges = defineLimit({ name: "role-changes", points: () => 60, seconds: hour, durable: true })

/** A role of yesterday's is seen on the page. */
const worthSending = 24 * hour * 1_000

/**
 * Gives a member another role [O2]: neither theirs nor the new one may be above that of the one who acts, and an owner stays
 * behind [O7], all in one conditional write. Someone else's change is mailed to the person, and one among the owners to the
 * others of them. The same role again writes nothing. Fails with `too_many` after sixty changes to others in an hour.
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
    const mailed = member.userId !== actor.userId
    if (mailed && !(await roleChanges.consume(actor.userId)).ok) return err("too_many")
    const written = await tx.membership.updateMany({
      where: touchable(actor, member),
      data: { role: wish.role },
    })
    if (written.count === 0) return err("last_owner")
    await withdrawInvitationsFrom(
      tx,
      { organizationId: actor.organizationId, userId: member.userId, role: wish.role },
      { actorUserId: actor.userId, requester },
    )
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
    if (mailed) await tell(tx, actor, member, wish.role)
    await tellOwners(tx, actor, member, wish.role)
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
    replacesWaiting: true,
    expiresAt: fromNow(worthSending),
    parameters: {
      organizationName: organization.name,
      organizationSlug: organization.slug,
      byName: by.name || by.emailTyped,
      role: aRole(role),
      roleWords: roleWords[role],
    },
  })
}

async function tellOwners(tx: Tx, actor: Membership, { role, ...person }: TouchedMember, now: Role) {
  const { organizationId, userId: byUserId } = actor
  if (now === "owner") await tellOfNewOwner(tx, organizationId, { person, byUserId, by: "role" })
  if (role === "owner") await tellOfLostOwner(tx, organizationId, { person, byUserId, now })
}
