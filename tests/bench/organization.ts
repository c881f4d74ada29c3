import { createHash } from "node:crypto"
import { join } from "node:path"
import Sqlite from "better-sqlite3"
import { freshFile } from "../support/database"
import { Line } from "./line"
import { median, unexpected } from "./load"
import { getAs } from "./requests"
import type { BenchOptions } from "./rounds"
import { type BenchServer, startServer } from "./servers"
import { benchToken } from "./world"

/** How long a page of an organisation takes one visitor: milliseconds, and the large one's time over the small one's. */
export type OrganizationPage = { name: string; small: number; large: number; ratio: number }

type Size = { slug: string; members: number; lines: number; invitations: number }

/** The small one fills a page of each list, so that both show as much: what differs is what lies behind. */
const sizes: readonly [Size, Size] = [
  { slug: "small", members: 60, lines: 60, invitations: 30 },
  { slug: "large", members: 10_000, lines: 100_000, invitations: 1_000 },
]

/** `{last}` stands for the number of the last member, `{middle}` for a cursor halfway through. */
const pages = {
  overview: "",
  members: "/members",
  "members, from the middle on": "/members?after={middle}",
  "members, last one searched": "/members?search=Person%20{last}",
  "members, nobody found": "/members?search=zebra",
  "members, the admins": "/members?role=admin",
  "invite people": "/invitations",
  "audit log": "/audit",
  "audit log, from the middle on": "/audit?after={middle}",
  "audit log of one person": "/audit?who=large-1%40bench.example",
  "audit log by name": "/audit?who=Person%20{last}",
  "audit log of an area": "/audit?act=member",
  "audit log of one day": "/audit?from={day}&to={day}",
  "audit log, nothing found": "/audit?act=organization.renamed",
  settings: "/settings",
  roles: "/roles",
  billing: "/billing",
}

/** Every page of a small and of a large organisation of one database, by turns, on one connection. */
export async function measureOrganization(options: BenchOptions): Promise<OrganizationPage[]> {
  const { file, remove } = await freshFile()
  process.stderr.write("Making an organisation of 10,000 members …\n")
  fill(file)
  const server = await startServer("ours", { file, cpuProfiles: profilesOf(options) })
  const line = await Line.open(server.port)
  try {
    const found: OrganizationPage[] = []
    for (const [name, path] of Object.entries(pages)) {
      found.push({ name, ...(await compare(line, server, path, options)) })
      process.stderr.write(".")
    }
    return found
  } finally {
    process.stderr.write("\n")
    line.close()
    await server.stop()
    remove()
  }
}

/** Small and large take turns, request by request: a machine that is busy for a moment slows both. */
async function compare(line: Line, server: BenchServer, path: string, { rounds, seconds }: BenchOptions) {
  const [small, large] = sizes.map(size => getAs(server.port, addressOf(size, path), sessionOf(size)))
  const visit = async (request = "") => {
    const sent = performance.now()
    const { status, head } = await line.ask(request)
    if (status !== 200) throw unexpected(head)
    return performance.now() - sent
  }
  const round = async (milliseconds: number) => {
    const times = { small: [] as number[], large: [] as number[] }
    const until = performance.now() + milliseconds
    while (performance.now() < until) {
      times.small.push(await visit(small))
      times.large.push(await visit(large))
    }
    return { small: median(times.small), large: median(times.large) }
  }
  await round(seconds * 200)
  const found: { small: number; large: number }[] = []
  for (let i = 0; i < rounds; i++) found.push(await round(seconds * 300))
  return {
    small: median(found.map(time => time.small)),
    large: median(found.map(time => time.large)),
    ratio: median(found.map(time => time.large / time.small)),
  }
}

const at = Date.UTC(2026, 0, 1)
const minute = 60_000
const farAway = Date.UTC(2100, 0, 1)

function addressOf({ slug, members, lines }: Size, path: string): string {
  const isAudit = path.startsWith("/audit")
  const middle = Math.floor((isAudit ? lines : members) / 2)
  const values: Record<string, string> = {
    last: String(members - 1),
    middle: `${(at + middle * minute).toString(36)}.${idOf(slug, isAudit ? "line" : "membership", middle)}`,
    day: new Date(at).toISOString().slice(0, 10),
  }
  return `/o/${slug}${path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "")}`.replace(
    "large-1",
    `${slug}-1`,
  )
}

function sessionOf({ slug }: Size): string {
  return benchToken(`owner ${slug}`, 0)
}

/** Looks like any other id, and is the same each time. */
function idOf(slug: string, kind: string, i: number): string {
  return (
    i.toString(16).padStart(12, "0") +
    createHash("sha256").update(`${slug} ${kind}`).digest("hex").slice(0, 20)
  )
}

function fill(file: string): void {
  const db = new Sqlite(file)
  db.pragma("synchronous = OFF")
  db.transaction(() => {
    for (const size of sizes) fillOne(db, size)
  })()
  db.close()
}

/** The first member is the owner and signed in, the next fifty are admins; each joined a minute after the one before. */
function fillOne(db: Sqlite.Database, size: Size): void {
  const { slug, members, lines, invitations } = size
  const organization = idOf(slug, "organization", 0)
  const user = (i: number) => idOf(slug, "user", i)
  const insert = (table: string, row: Record<string, string | number | null>) => {
    const names = Object.keys(row)
    const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(name => `@${name}`).join(", ")})`
    prepared(db, sql).run(row)
  }
  insert("Organization", { id: organization, slug, name: `The ${slug} one`, createdAt: at, updatedAt: at })
  for (let i = 0; i < members; i++) {
    const email = `${slug}-${i}@bench.example`
    const joined = at + i * minute
    insert("User", {
      id: user(i),
      email,
      emailTyped: email,
      name: `Person ${i}`,
      provenAt: at,
      createdAt: at,
      updatedAt: at,
    })
    insert("Membership", {
      id: idOf(slug, "membership", i),
      userId: user(i),
      organizationId: organization,
      role: i === 0 ? "owner" : i <= 50 ? "admin" : "member",
      createdAt: joined,
      lastUsedAt: joined,
    })
  }
  for (let i = 0; i < lines; i++) {
    insert("AuditEntry", {
      id: idOf(slug, "line", i),
      organizationId: organization,
      actorUserId: user(i % members),
      act: i % 3 === 0 ? "member.role_changed" : "invitation.sent",
      target: `somebody-${i}@bench.example`,
      detail: '{"from":"member","to":"admin","role":"member"}',
      clientAddress: "192.0.2.7",
      at: at + i * minute,
    })
  }
  for (let i = 0; i < invitations; i++) {
    const email = `guest-${i}@bench.example`
    insert("Invitation", {
      id: idOf(slug, "invitation", i),
      organizationId: organization,
      email,
      emailTyped: email,
      role: "member",
      invitedById: user(0),
      createdAt: at,
      sentAt: at + i * minute,
      expiresAt: farAway,
    })
  }
  insert("Session", {
    id: idOf(slug, "session", 0),
    tokenHash: createHash("sha256").update(sessionOf(size)).digest("base64url"),
    userId: user(0),
    createdAt: at,
    lastSeenAt: farAway,
    expiresAt: farAway,
    provenAt: at,
    userAgent: "bench",
    clientAddress: "127.0.0.1",
  })
}

const statements = new Map<string, Sqlite.Statement>()

function prepared(db: Sqlite.Database, sql: string): Sqlite.Statement {
  const known = statements.get(sql) ?? db.prepare(sql)
  statements.set(sql, known)
  return known
}

function profilesOf({ cpuProfiles }: BenchOptions): string | undefined {
  return cpuProfiles && join(cpuProfiles, "organization")
}
