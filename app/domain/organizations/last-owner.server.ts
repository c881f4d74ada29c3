/**
 * An organisation keeps an owner [O7]. Whoever takes an owner away – by another role, by removing, leaving or disabling – makes
 * one of these conditions part of the write itself: of two owners who do it to each other at once, the second finds nobody left
 * and writes nothing. An owner who is disabled cannot act and does not count.
 */
import type { Client } from "~/platform/db.server"

/** Holds for memberships whose organisation has an owner besides this person who can act. */
export function ownedWithout(userId: string) {
  return { organization: { memberships: { some: anotherOwner(userId) } } }
}

/** Holds for memberships that leave an owner behind when they end: those of others, and an owner's who is not the only one. */
export function leavesAnOwner(userId: string) {
  return { OR: [{ role: { not: "owner" } }, ownedWithout(userId)] }
}

/** Holds for memberships by which nobody but this person owns an organisation that is not closed. */
export function isOnlyOwner(userId: string) {
  return {
    userId,
    role: "owner",
    organization: { closedAt: null, memberships: { none: anotherOwner(userId) } },
  }
}

function anotherOwner(userId: string) {
  return { userId: { not: userId }, role: "owner", user: { disabledAt: null } }
}

/** The organisations, closed ones left out, that would be without an owner if this person were gone. */
export async function organizationsOnlyOwnedBy(
  client: Client,
  userId: string,
): Promise<{ id: string; slug: string; name: string }[]> {
  const memberships = await client.membership.findMany({
    where: isOnlyOwner(userId),
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { organization: { select: { id: true, slug: true, name: true } } },
  })
  return memberships.map(membership => membership.organization)
}
