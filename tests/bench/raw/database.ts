import { createHash, randomBytes } from "node:crypto"
import Sqlite from "better-sqlite3"

export type Person = { id: string; userId: string; email: string; name: string; isOperator: number }
export type Requester = { clientAddress: string; userAgent: string }

const idle = 30 * 24 * 60 * 60 * 1000

/** Two handles, as ours: one that writes, one that reads what is committed. */
export function openRaw(file: string) {
  const writer = new Sqlite(file)
  writer.pragma("journal_mode = WAL")
  writer.pragma("synchronous = FULL")
  writer.pragma("foreign_keys = ON")
  const reader = new Sqlite(file, { readonly: true })
  reader.pragma("cache_size = -16384")
  const session = reader.prepare<[string, number, number], Person>(
    `SELECT s.id, s.userId, u.email, u.name, u.isOperator FROM Session s JOIN User u ON u.id = s.userId
     WHERE s.tokenHash = ? AND s.endedAt IS NULL AND s.expiresAt > ? AND s.lastSeenAt > ? AND u.disabledAt IS NULL`,
  )
  return {
    writer,
    reader,
    findSession: (cookies: string | undefined): Person | undefined => {
      const token = cookieOf(cookies, "gatehouse")
      if (!token) return undefined
      const at = Date.now()
      return session.get(hashOf(token), at, at - idle)
    },
    memberships: reader.prepare<[string], { slug: string; name: string }>(
      `SELECT o.slug, o.name FROM Membership m JOIN Organization o ON o.id = m.organizationId
       WHERE m.userId = ? ORDER BY m.lastUsedAt DESC`,
    ),
    devices: reader.prepare<
      [string, number],
      { userAgent: string; clientAddress: string; lastSeenAt: number }
    >(
      `SELECT userAgent, clientAddress, lastSeenAt FROM Session
       WHERE userId = ? AND endedAt IS NULL AND expiresAt > ? ORDER BY lastSeenAt DESC`,
    ),
  }
}

export type Raw = ReturnType<typeof openRaw>

export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split("; ") ?? []) {
    if (part.startsWith(`${name}=`)) return part.slice(name.length + 1)
  }
  return undefined
}

export function hashOf(value: string): string {
  return createHash("sha256").update(value).digest("base64url")
}

export function newToken(): string {
  return randomBytes(32).toString("base64url")
}

export function newId(): string {
  return randomBytes(16).toString("hex")
}
