/**
 * Organisations as operators see them [D1]: who they are and how they stand, never what their members keep to themselves.
 * These functions take no membership, for an operator has none; only routes that ask for an operator call them.
 */
import { type HoldReason, isHoldReason } from "~/domain/organizations/hold-reasons"
import type { Page, Place } from "~/lib/cursor"
import { now } from "~/platform/clock.server"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

export type DeskOrganization = {
  id: string
  slug: string
  name: string
  members: number
  archived: boolean
  createdAt: Date
}

/** Rows on one page of the desk's lists. */
const perPage = 50

/** One page of all organisations, the youngest first; `search` looks in names, addresses and the addresses of members. */
export async function listOrganizations(search: string, place: Place): Promise<Page<DeskOrganization>> {
  const found = search.trim().replace(/^\/o\//, "")
  const page = await readPage(place, {
    size: perPage,
    order: "desc",
    read: ({ take, order, at, passed }) =>
      db().organization.findMany({
        where: {
          createdAt: at,
          NOT: passed && { createdAt: passed.at, id: passed.id },
          ...(found && { OR: matches(found) }),
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
        include: { _count: { select: { memberships: true } } },
      }),
    at: row => row.createdAt,
  })
  const rows = page.rows.map(({ id, slug, name, archivedAt, createdAt, _count }) => {
    return { id, slug, name, members: _count.memberships, archived: archivedAt !== null, createdAt }
  })
  return { ...page, rows }
}

function matches(found: string) {
  const lower = found.toLowerCase()
  return [
    { name: { contains: found } },
    { slug: { contains: lower } },
    {
      memberships: {
        some: { user: { OR: [{ email: { contains: lower } }, { emailTyped: { contains: found } }] } },
      },
    },
  ]
}

export type DeskHold = { because: HoldReason; at: Date; note: string; by: string | undefined }

export type DeskOrganizationFacts = {
  id: string
  slug: string
  name: string
  createdAt: Date
  members: number
  invited: number
  owners: { id: string; name: string; email: string; disabled: boolean }[]
  holds: DeskHold[]
  /** An owner wants it closed, and the payment provider has not confirmed yet. */
  closing: boolean
  eraseAt: Date | null
}

/** How one organisation stands; undefined when there is none of this id. */
export async function deskOrganization(id: string): Promise<DeskOrganizationFacts | undefined> {
  const row = await db().organization.findUnique({
    where: { id },
    include: {
      holds: { orderBy: { at: "asc" } },
      memberships: {
        where: { role: "owner" },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        include: { user: true },
      },
      _count: {
        select: {
          memberships: true,
          invitations: { where: { acceptedAt: null, revokedAt: null, expiresAt: { gt: now() } } },
        },
      },
    },
  })
  if (!row) return undefined
  const { slug, name, createdAt, closeRequestedAt, closedAt, eraseAt, _count } = row
  return {
    id,
    slug,
    name,
    createdAt,
    members: _count.memberships,
    invited: _count.invitations,
    owners: row.memberships.map(({ user }) => {
      return { id: user.id, name: user.name, email: user.emailTyped, disabled: user.disabledAt !== null }
    }),
    holds: await named(row.holds),
    closing: closeRequestedAt !== null && closedAt === null,
    eraseAt,
  }
}

type HoldRow = { because: string; at: Date; note: string; byUserId: string | null }

async function named(holds: HoldRow[]): Promise<DeskHold[]> {
  const ids = holds.flatMap(({ byUserId }) => byUserId ?? [])
  const users = await db().user.findMany({ where: { id: { in: ids } } })
  const names = new Map(users.map(({ id, name, emailTyped }) => [id, name || emailTyped]))
  return holds.flatMap(({ because, at, note, byUserId }) =>
    isHoldReason(because) ? { because, at, note, by: names.get(byUserId ?? "") } : [],
  )
}
