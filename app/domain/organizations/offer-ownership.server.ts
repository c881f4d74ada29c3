import { parseAddress } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { queueMail } from "~/domain/mail/outbox.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { offerLifetime, standingIn } from "~/domain/organizations/ownership-offer.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { defineLimit } from "~/platform/rate-limit.server"

/** Why no offer was made, in words. */
export const offerRefusals = {
  no_address: "This is not an e-mail address.",
  not_a_member: "Nobody in this organisation has this address. Invite them first.",
  yourself: "You own this organisation already.",
  an_owner: "This person is an owner already.",
  offered_already: "An offer is open already. It has to be answered or taken back first.",
  too_many: "You have offered ownership often today, and each offer is mailed. Try again tomorrow.",
  changed: "Your own role has just changed. Look at the page again.",
} as const

export type OfferRefusal = keyof typeof offerRefusals

type NewOffer = {
  organizationId: string
  fromUserId: string
  toUserId: string
  createdAt: number
  expiresAt: number
}

const insert = joiningStatement<[NewOffer]>(`
  INSERT INTO OwnershipTransfer (organizationId, fromUserId, toUserId, createdAt, expiresAt)
  VALUES (@organizationId, @fromUserId, @toUserId, @createdAt, @expiresAt)
  ON CONFLICT (organizationId) DO NOTHING`)

/** Each offer, and each that is taken back, mails somebody. */
const offers = defineLimit({
  name: "ownership-offers",
  points: () => 10,
  seconds: 24 * 60 * 60,
  durable: true,
})

/**
 * Offers ownership to a member by their address, for seven days; they get a mail and nothing changes until they accept [O7]. An
 * organisation has one offer at a time: of two made at once the primary key lets one through. Fails with `too_many` after ten in a day.
 */
export async function offerOwnership(
  owner: Membership,
  typed: string,
  requester: Requester,
): Promise<Result<{ name: string }, OfferRefusal>> {
  const address = parseAddress(typed)
  if (!address.ok) return err("no_address")
  const { organizationId, userId: fromUserId } = owner
  return transaction(async tx => {
    if (!(await stillMay(tx, owner, "ownership.transfer"))) return err("changed")
    const receiver = await tx.membership.findFirst({
      where: { organizationId, user: { email: address.value.canonical, disabledAt: null } },
      include: { user: true },
    })
    if (!receiver) return err("not_a_member")
    if (receiver.userId === fromUserId) return err("yourself")
    if (receiver.role === "owner") return err("an_owner")
    const { user } = receiver
    if (!(await offers.consume(fromUserId)).ok) return err("too_many")
    await clearWorthless(tx, organizationId)
    const expiresAt = fromNow(offerLifetime)
    const parties = { organizationId, fromUserId, toUserId: user.id }
    const made = await insert.run(tx, { ...parties, createdAt: +now(), expiresAt: +expiresAt })
    if (made === 0) return err("offered_already")
    await writeAudit(tx, {
      organizationId,
      actorUserId: fromUserId,
      act: "ownership.offered",
      target: user.email,
      clientAddress: requester.clientAddress,
    })
    await tell(tx, owner, user.email, expiresAt)
    return ok({ name: user.name || user.emailTyped })
  })
}

/** What has run out, or can no longer be accepted, does not stand in the way of a new one. */
async function clearWorthless(tx: Tx, organizationId: string) {
  await tx.ownershipTransfer.deleteMany({
    where: { organizationId, OR: [{ expiresAt: { lte: now() } }, { NOT: standingIn(organizationId) }] },
  })
}

async function tell(tx: Tx, owner: Membership, to: string, expiresAt: Date) {
  const { organizationId, organization, userId } = owner
  const from = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  await queueMail(tx, {
    template: "ownership_offered",
    to,
    organizationId,
    expiresAt,
    parameters: {
      organizationName: organization.name,
      organizationSlug: organization.slug,
      fromName: from.name || from.emailTyped,
    },
  })
}
