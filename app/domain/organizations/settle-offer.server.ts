/**
 * The three ends of an offer of ownership: accepted or declined by whom it is for, taken back by whom it is from. Each begins by
 * deleting the very offer the person saw – told by when it was made – in one conditional write, so only one of them happens [O7].
 */
import type { Requester } from "~/domain/accounts/requester"
import { queueMail } from "~/domain/mail/outbox.server"
import { withdrawInvitationsFrom } from "~/domain/organizations/invitation-authority.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { tellOfNewOwner } from "~/domain/organizations/owner-changes.server"
import { offerLifetime, standingIn } from "~/domain/organizations/ownership-offer.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"
import type { User } from "~/platform/models.server"

export type OfferGone = "gone" | "expired"

/** Why nothing came of it, in words. */
export const offerGone: Record<OfferGone, string> = {
  gone: "This offer is no longer open. Nothing has changed.",
  expired: "This offer has run out. Nothing has changed.",
}

/**
 * The receiver becomes an owner and the one who offered an admin, together or not at all; everyone else keeps their role, and
 * the other owners are told. Only
 * while the offer has not run out, its maker is an owner who can act, and the receiver belongs to the organisation.
 */
export async function acceptOwnership(
  receiver: Membership,
  offeredAt: number,
  requester: Requester,
): Promise<Result<void, OfferGone>> {
  const { organizationId, userId } = receiver
  return transaction(async tx => {
    const taken = await take(tx, organizationId, { toUserId: userId }, offeredAt)
    if (!taken.ok) return taken
    const { from } = taken.value
    await tx.membership.updateMany({ where: { organizationId, userId }, data: { role: "owner" } })
    await tx.membership.updateMany({
      where: { organizationId, userId: from.id, role: "owner" },
      data: { role: "admin" },
    })
    await withdrawInvitationsFrom(
      tx,
      { organizationId, userId: from.id, role: "admin" },
      { actorUserId: userId, requester },
    )
    await conclude(tx, receiver, { act: "ownership.accepted", other: from, requester })
    await tellTheOthers(tx, receiver, from)
    return ok()
  })
}

/** The receiver does not want it; whoever offered is told. */
export async function declineOwnership(
  receiver: Membership,
  offeredAt: number,
  requester: Requester,
): Promise<Result<void, OfferGone>> {
  return transaction(async tx => {
    const taken = await take(tx, receiver.organizationId, { toUserId: receiver.userId }, offeredAt)
    if (!taken.ok) return taken
    await conclude(tx, receiver, { act: "ownership.declined", other: taken.value.from, requester })
    return ok()
  })
}

/** Whoever offered thinks better of it; the receiver is told. */
export async function takeBackOffer(
  owner: Membership,
  offeredAt: number,
  requester: Requester,
): Promise<Result<void, OfferGone>> {
  return transaction(async tx => {
    if (!(await stillMay(tx, owner, "ownership.transfer"))) return err("gone")
    const taken = await take(tx, owner.organizationId, { fromUserId: owner.userId }, offeredAt)
    if (!taken.ok) return taken
    await conclude(tx, owner, { act: "ownership.taken_back", other: taken.value.to, requester })
    return ok()
  })
}

type Side = { toUserId: string } | { fromUserId: string }

/** Takes the offer off the table, if it is still the same and still stands. */
async function take(
  tx: Tx,
  organizationId: string,
  side: Side,
  offeredAt: number,
): Promise<Result<{ from: User; to: User }, OfferGone>> {
  const same = { ...standingIn(organizationId), ...side, createdAt: new Date(offeredAt) }
  const offer = await tx.ownershipTransfer.findFirst({ where: same, include: { from: true, to: true } })
  const taken = await tx.ownershipTransfer.deleteMany({ where: { ...same, expiresAt: { gt: now() } } })
  if (offer && taken.count === 1) return ok(offer)
  return err(offer ? "expired" : "gone")
}

async function tellTheOthers(tx: Tx, { organizationId, userId }: Membership, from: User) {
  const { name, emailTyped } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  const person = { userId, name: name || emailTyped }
  await tellOfNewOwner(tx, organizationId, { person, byUserId: from.id, by: "handover" })
}

const templates = {
  "ownership.accepted": "ownership_accepted",
  "ownership.declined": "ownership_declined",
  "ownership.taken_back": "ownership_taken_back",
} as const

type End = { act: keyof typeof templates; other: User; requester: Requester }

async function conclude(tx: Tx, actor: Membership, { act, other, requester }: End) {
  const { organizationId, organization, userId } = actor
  const person = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  await writeAudit(tx, {
    organizationId,
    actorUserId: userId,
    act,
    target: other.email,
    clientAddress: requester.clientAddress,
  })
  await queueMail(tx, {
    template: templates[act],
    to: other.email,
    organizationId,
    expiresAt: fromNow(offerLifetime),
    parameters: {
      organizationName: organization.name,
      organizationSlug: organization.slug,
      personName: person.name || person.emailTyped,
    },
  })
}
