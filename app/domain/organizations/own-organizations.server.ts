import { findMembership, type Membership } from "~/domain/organizations/memberships.server"
import type { Page, Place } from "~/lib/cursor"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

const perPage = 50

/** One page of the organisations of a person, the one joined first first: an order that using them does not change. */
export async function listOwnOrganizations(userId: string, place: Place = {}): Promise<Page<Membership>> {
  const page = await readPage(place, {
    size: perPage,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().membership.findMany({
        where: { userId, createdAt: at, NOT: passed && { createdAt: passed.at, id: passed.id } },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
        select: { id: true, createdAt: true, organization: { select: { slug: true } } },
      }),
    at: row => row.createdAt,
  })
  const found = await Promise.all(page.rows.map(row => findMembership(userId, row.organization.slug)))
  return { ...page, rows: found.flatMap(membership => membership ?? []) }
}
