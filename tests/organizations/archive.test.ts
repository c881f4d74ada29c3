import { afterEach, beforeEach, expect, test } from "vitest"
import { archive, type ByWhom, restore } from "~/domain/organizations/archive.server"
import type { HoldReason } from "~/domain/organizations/hold-reasons"
import { connect, db, reader, transaction, withDatabase } from "~/platform/db.server"
import { buildCast, buildInvitation, buildMembership, buildUser, type Cast } from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"

let database: FreshDatabase
let cast: Cast

beforeEach(async () => {
  database = await freshDatabase()
  cast = await buildCast()
})
afterEach(() => database.close())

const hold = (because: HoldReason, by?: ByWhom & { note?: string }) =>
  transaction(tx => archive(tx, cast.acme.id, because, by))
const lift = (because: HoldReason, by?: ByWhom) => transaction(tx => restore(tx, cast.acme.id, because, by))

const archivedAt = async (slug = "acme") =>
  (await db().organization.findUniqueOrThrow({ where: { slug } })).archivedAt

const mails = async () =>
  (await db().mail.findMany({ orderBy: { createdAt: "asc" } })).map(mail => [mail.template, mail.recipient])

const auditLines = async () => {
  const lines = await db().auditEntry.findMany({ orderBy: [{ at: "asc" }, { id: "asc" }] })
  return lines.map(({ act, actorUserId, detail }) => [act, actorUserId, JSON.parse(detail)])
}

/** Everything the file holds, but for what tells of the act itself. */
function everything(): Record<string, unknown[]> {
  const tables = reader()
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
    .filter(({ name }) => !["AuditEntry", "Mail", "Job"].includes(name))
  return Object.fromEntries(
    tables.map(({ name }) => [name, reader().prepare(`SELECT * FROM "${name}"`).all()]),
  )
}

test("[O8] archiving tells the owners once, and nobody else, and is written down once", async () => {
  const byOlive = { byUserId: cast.olive.id, clientAddress: "192.0.2.7", note: "Fraud check." }
  expect(await hold("operator", byOlive)).toBe(true)
  expect(await hold("operator", byOlive)).toBe(false)
  expect(await archivedAt()).not.toBeNull()
  expect(await archivedAt("birch")).toBeNull()
  expect(await mails()).toEqual([["organization_archived", cast.alice.email]])
  expect(await auditLines()).toEqual([
    ["organization.archived", cast.olive.id, { because: "operator", note: "Fraud check." }],
  ])
  const row = await db().archiveHold.findFirstOrThrow()
  expect([row.byUserId, row.note, row.because]).toEqual([cast.olive.id, "Fraud check.", "operator"])
  expect((await db().mail.findFirstOrThrow()).organizationId).toBe(cast.acme.id)
})

test("[O8] it stays archived until the last reason is lifted, since the first", async () => {
  await hold("billing")
  const since = await archivedAt()
  await hold("operator", { byUserId: cast.olive.id })
  expect(await archivedAt()).toEqual(since)
  expect(await lift("billing")).toBe(true)
  expect(await archivedAt()).toEqual(since)
  expect(await mails()).toEqual([
    ["organization_archived", cast.alice.email],
    ["organization_archived", cast.alice.email],
  ])
  expect(await lift("operator", { byUserId: cast.olive.id })).toBe(true)
  expect(await lift("operator", { byUserId: cast.olive.id })).toBe(false)
  expect(await archivedAt()).toBeNull()
  expect((await mails()).slice(2)).toEqual([["organization_restored", cast.alice.email]])
  expect((await auditLines()).slice(2)).toEqual([
    ["organization.restored", null, { because: "billing", stillArchived: true }],
    ["organization.restored", cast.olive.id, { because: "operator", stillArchived: false }],
  ])
})

test("[O8] a restored organisation is as it was, in every row of every table", async () => {
  await buildInvitation(db(), { organization: cast.acme, email: "new@x.test", invitedBy: cast.amir })
  await db().onboarding.create({ data: { organizationId: cast.acme.id, startedAt: new Date() } })
  const before = everything()
  expect(before.Membership).toHaveLength(4)
  await hold("operator", { byUserId: cast.olive.id })
  expect(everything()).not.toEqual(before)
  await lift("operator", { byUserId: cast.olive.id })
  expect(everything()).toEqual(before)
})

test("[O11] closing and taking it back archive and restore without these mails and lines: they have their own", async () => {
  await hold("closing", { byUserId: cast.alice.id })
  expect(await archivedAt()).not.toBeNull()
  await lift("closing", { byUserId: cast.alice.id })
  expect(await archivedAt()).toBeNull()
  expect(await mails()).toEqual([])
  expect(await auditLines()).toEqual([])
})

test("[O8] every owner hears of it, but for one who is disabled", async () => {
  const olga = await buildUser(db(), { email: "olga@acme.test" })
  const oscar = await buildUser(db(), { email: "oscar@acme.test" })
  for (const user of [olga, oscar])
    await buildMembership(db(), { user, organization: cast.acme, role: "owner" })
  await db().user.update({ where: { id: oscar.id }, data: { disabledAt: new Date() } })
  await hold("billing")
  expect((await mails()).map(([, to]) => to).sort()).toEqual([cast.alice.email, olga.email].sort())
})

test("[O8] an organisation that is gone is not archived", async () => {
  const none = await transaction(async tx => [
    await archive(tx, "gone", "billing"),
    await restore(tx, "gone", "billing"),
  ])
  expect(none).toEqual([false, false])
  expect([await db().auditEntry.count(), await db().mail.count()]).toEqual([0, 0])
})

test("[O8] archived twice at once, on two connections, is one hold, one line and one mail", async () => {
  const second = await connect(database.file)
  try {
    const done = await Promise.all([hold("billing"), withDatabase(second, () => hold("billing"))])
    expect(done.filter(Boolean)).toHaveLength(1)
    expect([await db().auditEntry.count(), await db().mail.count()]).toEqual([1, 1])
  } finally {
    await second.close()
  }
})

test("[O8] one reason lifted while another comes, on two connections, leaves it archived", async () => {
  const second = await connect(database.file)
  try {
    await hold("billing")
    await Promise.all([lift("billing"), withDatabase(second, () => hold("operator"))])
    expect(await archivedAt()).not.toBeNull()
    expect((await db().archiveHold.findMany()).map(row => row.because)).toEqual(["operator"])
    await Promise.all([lift("operator"), withDatabase(second, () => lift("operator"))])
    expect(await archivedAt()).toBeNull()
  } finally {
    await second.close()
  }
})
