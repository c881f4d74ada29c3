import { createHash } from "node:crypto"
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { join, resolve } from "node:path"
import Sqlite from "better-sqlite3"
import { freshFile } from "../support/database"

/** How many rows a database of the bench holds. Every user has one session, as many as there are sessions. */
export type Size = { sessions: number; links: number }

/** Raise it when the rows below change: databases of another version are made anew. */
const version = 1

/** Seen last in this year, no session runs out and none is due for a new "last seen" while it is measured. */
const farAway = Date.UTC(2100, 0, 1)

/** The same value each time, looking like a random token: the client need not read them from the database. */
export function benchToken(kind: "session" | "link" | "request" | `owner ${string}`, i: number): string {
  return createHash("sha256").update(`${kind} ${i}`).digest("base64url")
}

export const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

export const addressOf = (i: number) => `person${i}@bench.example`

/** Of the person, and of their session. */
export const userIdOf = (i: number) => i.toString(16).padStart(32, "0")

/** A database of this size, made once and kept in .cache. */
export async function keptDatabase(size: Size): Promise<string> {
  const { file: template, remove } = await freshFile()
  const folder = resolve(".cache/bench")
  mkdirSync(folder, { recursive: true })
  const schema = schemaOf(template)
  const file = join(folder, `${size.sessions}-sessions-${size.links}-links-${schema}.sqlite`)
  if (!existsSync(file)) {
    process.stderr.write(`Making a database of ${size.sessions} sessions, once …\n`)
    fill(template, size)
    copyFileSync(template, `${file}.new`)
    renameSync(`${file}.new`, file)
  }
  remove()
  return file
}

/** A copy to write into; the caller removes its folder. */
export async function copiedDatabase(size: Size, folder: string, name: string): Promise<string> {
  const file = join(folder, `${name}.sqlite`)
  copyFileSync(await keptDatabase(size), file)
  for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true })
  return file
}

/** One transaction of prepared statements: a million sessions take well under a minute. */
function fill(file: string, { sessions, links }: Size): void {
  const db = new Sqlite(file)
  db.pragma("journal_mode = OFF")
  db.pragma("synchronous = OFF")
  db.pragma("cache_size = -524288")
  const at = Date.now()
  const id = userIdOf
  const user = db.prepare(`INSERT INTO User (id, email, emailTyped, name, provenAt, createdAt, updatedAt)
    VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const session = db.prepare(`INSERT INTO Session
    (id, tokenHash, userId, createdAt, lastSeenAt, expiresAt, provenAt, userAgent, clientAddress)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, '127.0.0.1')`)
  const organization = db.prepare(
    "INSERT INTO Organization (id, slug, name, createdAt, updatedAt) VALUES (?, ?, ?, ?, ?)",
  )
  const membership =
    db.prepare(`INSERT INTO Membership (id, userId, organizationId, role, createdAt, lastUsedAt)
    VALUES (?, ?, ?, 'member', ?, ?)`)
  const link = db.prepare(`INSERT INTO Link
    (id, purpose, tokenHash, requestHash, email, emailTyped, userId, clientAddress, userAgent, requestedAt, createdAt, expiresAt)
    VALUES (?, 'sign_in', ?, ?, ?, ?, ?, '127.0.0.1', ?, ?, ?, ?)`)
  db.transaction(() => {
    for (let i = 0; i < sessions; i++) {
      const email = addressOf(i)
      user.run(id(i), email, email, `Person ${i}`, at, at, at)
      session.run(id(i), hashOf(benchToken("session", i)), id(i), at, farAway, farAway, at, userAgent)
      if (i % 10 === 0) organization.run(id(i), `team-${i}`, `Team ${i}`, at, at)
      membership.run(id(i), id(i), id(i - (i % 10)), at, at)
    }
    for (let i = 0; i < links; i++) {
      const email = addressOf(i)
      const [token, request] = [hashOf(benchToken("link", i)), hashOf(benchToken("request", i))]
      link.run(id(i), token, request, email, email, id(i), userAgent, at, at, farAway)
    }
  })()
  db.pragma("journal_mode = WAL")
  db.close()
}

/** As the database holds it. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url")
}

function schemaOf(file: string): string {
  const db = new Sqlite(file, { readonly: true })
  const rows = db.prepare("SELECT sql FROM sqlite_master ORDER BY name").all()
  db.close()
  return createHash("sha256")
    .update(`${version} ${JSON.stringify(rows)}`)
    .digest("hex")
    .slice(0, 12)
}
