import type { Membership } from "~/domain/organizations/memberships.server"
import { personMatching } from "~/domain/organizations/person-search.server"
import { isRole, type Role } from "~/domain/organizations/roles"
import type { Page, Place } from "~/lib/cursor"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

export type Member = {
  membershipId: string
  userId: string
  name: string
  email: string
  role: Role
  joinedAt: Date
  isYou: boolean
}

/** People on one page of the members list. */
export const membersPerPage = 50

/** One page of the members, the longest there first; `search` looks in names and addresses. */
export async function listMembers(
  membership: Membership,
  { search = "", role }: { search?: string; role?: Role } = {},
  place: Place = {},
): Promise<Page<Member>> {
  const { organizationId } = membership
  const user = search.trim() ? await personMatching(search, organizationId) : undefined
  const page = await readPage(place, {
    size: membersPerPage,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().membership.findMany({
        where: {
          organizationId,
          role,
          user,
          createdAt: at,
          NOT: passed && { createdAt: passed.at, id: passed.id },
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
        include: { user: { select: { id: true, name: true, emailTyped: true } } },
      }),
    at: row => row.createdAt,
  })
  const rows = page.rows.flatMap(({ id, role, createdAt, user }) =>
    isRole(role)
      ? {
          membershipId: id,
          userId: user.id,
          name: user.name,
          email: user.emailTyped,
          role,
          joinedAt: createdAt,
          isYou: user.id === membership.userId,
        }
      : [],
  )
  return { ...page, rows }
}
