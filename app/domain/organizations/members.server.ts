import type { Membership } from "~/domain/organizations/memberships.server"
import { isRole, type Role } from "~/domain/organizations/roles"
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

/** One page of the members, the longest there first; `search` looks in names and addresses. `page` counts from 1. */
export async function listMembers(
  membership: Membership,
  { page = 1, search = "" }: { page?: number; search?: string } = {},
): Promise<{ members: Member[]; total: number }> {
  const { organizationId } = membership
  const found = search.trim()
  const where = {
    organizationId,
    ...(found && {
      user: { OR: [{ name: { contains: found } }, { email: { contains: found.toLowerCase() } }] },
    }),
  }
  const rows = await db().membership.findMany({
    where,
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    skip: (page - 1) * membersPerPage,
    take: membersPerPage,
    include: { user: { select: { id: true, name: true, emailTyped: true } } },
  })
  return {
    members: rows.flatMap(({ id, role, createdAt, user }) =>
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
    ),
    total: await db().membership.count({ where }),
  }
}
