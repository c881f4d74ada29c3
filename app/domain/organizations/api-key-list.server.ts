/** The keys of an organisation as its people see them: never the key itself, which nobody has but who made it [A3]. */
import { type ApiScope, readScopes } from "~/domain/organizations/api-scopes"
import type { Membership } from "~/domain/organizations/memberships.server"
import type { Page, Place } from "~/lib/cursor"
import { now } from "~/platform/clock.server"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"
import type { ApiKey, User } from "~/platform/models.server"

/** Keys on one page of the list. */
export const apiKeysPerPage = 50

/** `stopped`: its maker's account is disabled. */
export type ApiKeyState = "live" | "expired" | "stopped"

export type ApiKeyView = {
  id: string
  name: string
  /** The first characters of the key, to know it by. */
  hint: string
  scopes: ApiScope[]
  state: ApiKeyState
  createdBy: { userId: string; name: string; email: string }
  createdAt: Date
  expiresAt: Date | null
  /** To the minute. */
  lastUsedAt: Date | null
}

/** One page of the keys that nobody has revoked, the newest first. */
export async function listApiKeys(
  { organizationId }: Membership,
  place: Place = {},
): Promise<Page<ApiKeyView>> {
  const page = await readPage(place, {
    size: apiKeysPerPage,
    order: "desc",
    read: ({ take, order, at, passed }) =>
      db().apiKey.findMany({
        where: {
          organizationId,
          revokedAt: null,
          createdAt: at,
          NOT: passed && { createdAt: passed.at, id: passed.id },
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
        include: withMaker,
      }),
    at: row => row.createdAt,
  })
  return { ...page, rows: page.rows.map(viewOf) }
}

/** One key that nobody has revoked; undefined for another organisation's [O9]. */
export async function readApiKey(
  { organizationId }: Membership,
  id: string | undefined,
): Promise<ApiKeyView | undefined> {
  const where = { id: id ?? "", organizationId, revokedAt: null }
  const row = await db().apiKey.findFirst({ where, include: withMaker })
  return row ? viewOf(row) : undefined
}

/** Joins who made it, as `viewOf` needs. */
export const withMaker = {
  createdBy: { select: { id: true, name: true, email: true, emailTyped: true, disabledAt: true } },
} as const

type Maker = Pick<User, "id" | "name" | "emailTyped" | "disabledAt">

/** The last moment that programs and people can write with a year of four digits; rows of earlier versions may name a later one. */
const endOfCalendar = new Date("9999-12-31T23:59:59.999Z")

/** A row as it is shown. */
export function viewOf({ createdBy: maker, ...row }: ApiKey & { createdBy: Maker }): ApiKeyView {
  const { id, name, hint, createdAt, lastUsedAt } = row
  const expiresAt = row.expiresAt && row.expiresAt > endOfCalendar ? endOfCalendar : row.expiresAt
  const expired = expiresAt !== null && expiresAt <= now()
  const state = expired ? "expired" : maker.disabledAt ? "stopped" : "live"
  const createdBy = { userId: maker.id, name: maker.name, email: maker.emailTyped }
  return {
    id,
    name,
    hint,
    scopes: readScopes(row.scopes),
    state,
    createdBy,
    createdAt,
    expiresAt,
    lastUsedAt,
  }
}
