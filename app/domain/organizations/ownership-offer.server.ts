/**
 * An offer of ownership, at most one in an organisation [O7]. It stands until it is answered or taken back, for seven days, and
 * only while the one who made it is an owner who can act and the one it is for still belongs to the organisation.
 */
import type { Membership } from "~/domain/organizations/memberships.server"
import { mostListed } from "~/domain/organizations/offer-list"
import { isRole, type Role } from "~/domain/organizations/roles"
import { fromNow, now } from "~/platform/clock.server"
import { type Client, db, type Tx } from "~/platform/db.server"
import { env } from "~/platform/env.server"

const day = 24 * 60 * 60 * 1000

/** As long as an invitation: a week covers a holiday and a weekend. */
export const offerLifetime = 7 * day

type Person = { userId: string; name: string; email: string }

export type OwnershipOffer = {
  from: Person
  to: Person
  createdAt: Date
  expiresAt: Date
  expired: boolean
}

/** Holds for offers that can be accepted, as far as it can be said of the people in it. */
export function standingIn(organizationId: string) {
  return {
    organizationId,
    from: { disabledAt: null, memberships: { some: { organizationId, role: "owner" } } },
    to: { disabledAt: null, memberships: { some: { organizationId, role: { not: "owner" } } } },
  }
}

/** The offer of this organisation, if there is one. One that has run out is said to be `expired` until it is purged. */
export async function readOffer(membership: Membership): Promise<OwnershipOffer | undefined> {
  const person = { select: { id: true, name: true, emailTyped: true } }
  const row = await db().ownershipTransfer.findFirst({
    where: standingIn(membership.organizationId),
    include: { from: person, to: person },
  })
  if (!row) return undefined
  const { createdAt, expiresAt } = row
  return { from: view(row.from), to: view(row.to), createdAt, expiresAt, expired: expiresAt <= now() }
}

/** Name of whoever offers this member ownership at present, for the pages that say so. */
export async function offerTo(membership: Membership): Promise<string | undefined> {
  if (membership.role === "owner") return undefined
  const offer = await readOffer(membership)
  return offer && !offer.expired && offer.to.userId === membership.userId ? offer.from.name : undefined
}

/** The first people who could be offered ownership, the longest there first: what the form offers or suggests. */
export async function possibleOwners(membership: Membership): Promise<(Person & { role: Role })[]> {
  const { organizationId } = membership
  const rows = await db().membership.findMany({
    where: { organizationId, role: { not: "owner" }, user: { disabledAt: null } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: mostListed,
    select: { role: true, user: { select: { id: true, name: true, emailTyped: true } } },
  })
  return rows.flatMap(({ role, user }) => (isRole(role) ? [{ ...view(user), role }] : []))
}

/** Ends the organisation's offer if it is from, or to, the person given. */
export async function voidOffers(
  tx: Tx,
  organizationId: string,
  { fromUserId, toUserId }: { fromUserId?: string; toUserId?: string },
): Promise<void> {
  const people = [...(fromUserId ? [{ fromUserId }] : []), ...(toUserId ? [{ toUserId }] : [])]
  if (people.length > 0) await tx.ownershipTransfer.deleteMany({ where: { organizationId, OR: people } })
}

/** Ends the organisation's offer if this person made it or was to answer it: they are gone. */
export function voidOffersOf(tx: Tx, organizationId: string, userId: string): Promise<void> {
  return voidOffers(tx, organizationId, { fromUserId: userId, toUserId: userId })
}

/** Deletes offers that ran out longer ago than KEEP_LINKS. Returns how many. */
export async function purgeOffers(client: Client = db()): Promise<number> {
  const before = fromNow(-env().keep.links)
  const purged = await client.ownershipTransfer.deleteMany({ where: { expiresAt: { lt: before } } })
  return purged.count
}

function view(user: { id: string; name: string; emailTyped: string }): Person {
  return { userId: user.id, name: user.name || user.emailTyped, email: user.emailTyped }
}
