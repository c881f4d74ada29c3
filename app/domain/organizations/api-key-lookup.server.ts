/**
 * Which organisation's program a call comes from. The key itself is random and long, the database has its hash. It counts until it
 * is revoked or runs out, and only while the person who made it belongs to the organisation and may come in: what they can do no
 * more, their keys cannot either [A4].
 */
import { type ApiScope, readScopes } from "~/domain/organizations/api-scopes"
import { now } from "~/platform/clock.server"
import { hashToken } from "~/platform/crypto.server"
import { statement } from "~/platform/db.server"
import { notedTimes } from "~/platform/noted-times.server"

/** Every key begins with it, so that people and scanners for leaked secrets know one by sight. */
export const apiKeyPrefix = "gatehouse_"

export type KeyCaller = {
  id: string
  name: string
  /** Its first characters, by which people know it. */
  hint: string
  organizationId: string
  /** The organisation's address. */
  slug: string
  /** Its organisation is archived: the key rests [O8]. */
  archived: boolean
  /** Who made it: it acts with their role, an admin's at most. */
  userId: string
  scopes: readonly ApiScope[]
}

type Row = Omit<KeyCaller, "scopes" | "archived"> & {
  scopes: string
  archived: 0 | 1
  lastUsedAt: number | null
}

const liveKey = statement<[string, number], Row>(
  `SELECT k.id, k.name, k.hint, k.organizationId, o.slug, o.archivedAt IS NOT NULL AS archived, k.createdById AS userId, k.scopes, k.lastUsedAt
   FROM ApiKey k JOIN Organization o ON o.id = k.organizationId JOIN User u ON u.id = k.createdById
   JOIN Membership m ON m.userId = k.createdById AND m.organizationId = k.organizationId
   WHERE k.tokenHash = ? AND k.revokedAt IS NULL AND (k.expiresAt IS NULL OR k.expiresAt > ?) AND u.disabledAt IS NULL`,
)

const used = notedTimes({
  /** How stale "last used" may be: milliseconds. */
  precision: 60 * 1000,
  update: "UPDATE ApiKey SET lastUsedAt = ? WHERE id = ? AND (lastUsedAt IS NULL OR lastUsedAt < ?)",
})

/** The program behind a key. Undefined for any text that is no live key. Never writes. */
export function findApiKey(key: string): KeyCaller | undefined {
  const at = +now()
  const row = key.length < 200 ? liveKey.get(hashToken(key), at) : undefined
  if (!row) return undefined
  const { lastUsedAt, scopes, archived, ...caller } = row
  used.note(row.id, lastUsedAt, at)
  return { ...caller, archived: archived === 1, scopes: readScopes(scopes) }
}

/** Writes when keys were last used, as noted since the last call. Runs on a schedule and at stop. */
export function saveKeysUsed(): Promise<void> {
  return used.save()
}
