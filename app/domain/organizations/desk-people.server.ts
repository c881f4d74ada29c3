/** People as operators see them [D1]: how an account stands and where it belongs. Only routes that ask for an operator call these. */

import { personMatching } from "~/domain/organizations/person-search.server"
import { isRole, type Role } from "~/domain/organizations/roles"
import type { Page, Place } from "~/lib/cursor"
import { now } from "~/platform/clock.server"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

export type DeskPerson = {
  id: string
  name: string
  email: string
  isOperator: boolean
  disabledAt: Date | null
  lastSignInAt: Date | null
  createdAt: Date
}

/** Rows on one page of the list. */
const perPage = 50

/** One page of everybody with an account, the youngest first; `search` looks in names and addresses. */
export async function listPeople(search: string, place: Place): Promise<Page<DeskPerson>> {
  const wanted = search.trim() ? await personMatching(search) : undefined
  const page = await readPage(place, {
    size: perPage,
    order: "desc",
    read: ({ take, order, at, passed }) =>
      db().user.findMany({
        where: {
          createdAt: at,
          NOT: passed && { createdAt: passed.at, id: passed.id },
          ...wanted,
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
      }),
    at: row => row.createdAt,
  })
  return { ...page, rows: page.rows.map(view) }
}

export type DeskPersonFacts = DeskPerson & {
  provenAt: Date | null
  /** Since when they sign in in two steps, if they do. */
  twoFactorSince: Date | null
  /** Browsers signed in at this moment. */
  sessions: number
  organizations: { id: string; slug: string; name: string; role: Role; archived: boolean }[]
}

/** How one person's account stands; undefined when there is none of this id. */
export async function deskPerson(id: string): Promise<DeskPersonFacts | undefined> {
  const user = await db().user.findUnique({
    where: { id },
    include: {
      totp: { select: { confirmedAt: true } },
      memberships: { orderBy: [{ createdAt: "asc" }, { id: "asc" }], include: { organization: true } },
      _count: { select: { sessions: { where: { endedAt: null, expiresAt: { gt: now() } } } } },
    },
  })
  if (!user) return undefined
  return {
    ...view(user),
    provenAt: user.provenAt,
    twoFactorSince: user.totp?.confirmedAt ?? null,
    sessions: user._count.sessions,
    organizations: user.memberships.flatMap(({ role, organization }) => {
      const { id, slug, name, archivedAt } = organization
      return isRole(role) ? { id, slug, name, role, archived: archivedAt !== null } : []
    }),
  }
}

function view(row: Omit<DeskPerson, "email"> & { emailTyped: string }): DeskPerson {
  const { id, name, emailTyped, isOperator, disabledAt, lastSignInAt, createdAt } = row
  return { id, name, email: emailTyped, isOperator, disabledAt, lastSignInAt, createdAt }
}
