import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3"
import Sqlite from "better-sqlite3"
import { afterEach, beforeEach, expect, test } from "vitest"
import {
  closeDatabase,
  connect,
  db,
  isUniqueViolation,
  openDatabase,
  reader,
  statement,
  transaction,
  withDatabase,
} from "~/platform/db.server"
import { refuseNetworkFileSystem } from "~/platform/db-file-system.server"
import { PrismaClient } from "../../prisma/generated/client"
import { type FreshDatabase, freshDatabase } from "../support/database"

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.close())

const at = new Date(1_750_000_000_123)
const setting = (key: string, value = "") => ({ data: { key, value, updatedAt: at } })
const keys = async () => (await db().setting.findMany({ orderBy: { key: "asc" } })).map(row => row.key)
const pause = (ms: number) => new Promise(end => setTimeout(end, ms))
const user = (id: string) => ({
  id,
  email: `${id}@example.com`,
  emailTyped: id,
  createdAt: at,
  updatedAt: at,
})

/** A promise that the test resolves. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, opened }
}

test("[R8] trap: with the bare adapter an acknowledged write vanishes in another request's rollback", async () => {
  const bare = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: database.file }, { timestampFormat: "unixepoch-ms" }),
  })
  const { open, opened } = gate()
  const begun = gate()
  const failing = bare.$transaction(async tx => {
    await tx.setting.create(setting("inside"))
    begun.open()
    await opened
    throw new Error("rolled back")
  })
  await begun.opened
  await bare.setting.create(setting("acknowledged"))
  open()
  await expect(failing).rejects.toThrow("rolled back")
  expect(await bare.setting.count()).toBe(0)
  await bare.$disconnect()
})

test("[R8] a write beside a transaction waits for its end and survives its rollback", async () => {
  const { open, opened } = gate()
  const begun = gate()
  const failing = transaction(async tx => {
    await tx.setting.create(setting("inside"))
    begun.open()
    await opened
    throw new Error("rolled back")
  })
  await begun.opened
  let acknowledged = false
  const beside = db()
    .setting.create(setting("beside"))
    .then(() => {
      acknowledged = true
    })
  const count = db().setting.count()
  await pause(30)
  expect(acknowledged).toBe(false)
  open()
  await expect(failing).rejects.toThrow("rolled back")
  await beside
  expect(await keys()).toEqual(["beside"])
  expect(await count).toBe(1)
})

test("[R8] fifty transactions that read and then write lose no update, on one connection or two", async () => {
  const other = await connect(database.file)
  await db().setting.create(setting("count", "0"))
  const increment = () =>
    transaction(async tx => {
      const row = await tx.setting.findUniqueOrThrow({ where: { key: "count" } })
      await pause(1)
      await tx.setting.update({ where: { key: "count" }, data: { value: String(Number(row.value) + 1) } })
    })
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => (i % 2 ? increment() : withDatabase(other, increment))),
  )
  expect((await db().setting.findUniqueOrThrow({ where: { key: "count" } })).value).toBe("50")
  await other.close()
})

test("[R8] a lock held elsewhere is waited for while the process goes on and reads are answered", async () => {
  await db().setting.create(setting("before"))
  const other = new Sqlite(database.file)
  other.exec("BEGIN IMMEDIATE")
  let ticks = 0
  const ticking = setInterval(() => ticks++, 5)
  const writes = Promise.all([
    transaction(tx => tx.setting.create(setting("transaction"))),
    db().setting.create(setting("single")),
  ])
  await pause(50)
  expect(await keys()).toEqual(["before"])
  await pause(250)
  expect(ticks).toBeGreaterThan(10)
  other.exec("COMMIT")
  await writes
  clearInterval(ticking)
  other.close()
  expect(await keys()).toEqual(["before", "single", "transaction"])
})

test("[R8] the outer client inside a transaction fails loudly, however it is reached", async () => {
  const outer = db()
  const helper = async () => db().setting.count()
  const attempts = [
    () => db(),
    helper,
    () => outer.setting.count(),
    () => outer.setting.create(setting("outer")),
    () => outer.$transaction([outer.setting.create(setting("outer"))]),
    () => transaction(async () => {}),
  ]
  for (const attempt of attempts) {
    const message = await transaction(async () => attempt()).then(
      () => "accepted",
      error => String(error),
    )
    expect(message).toContain("outer database client was used inside transaction()")
  }
  expect(await keys()).toEqual([])
})

test("[R8] others who read in the same tick as a transaction are not taken for a part of it", async () => {
  await db().user.create({ data: user("reader") })
  const { open, opened } = gate()
  const beside = opened.then(() => db().user.findUnique({ where: { id: "reader" } }))
  await transaction(async tx => {
    open()
    await tx.user.count()
  })
  expect((await beside)?.id).toBe("reader")
})

test("[R8] what a transaction started may use the outer client once it has ended", async () => {
  const { open, opened } = gate()
  let later: Promise<number> | undefined
  await transaction(async tx => {
    later = opened.then(() => db().setting.count())
    await tx.setting.create(setting("inside"))
  })
  open()
  expect(await later).toBe(1)
})

test("[R8] a transaction that cannot commit is rolled back and leaves nothing open", async () => {
  const orphan = { id: "s", tokenHash: "h", userId: "nobody", userAgent: "", clientAddress: "" }
  const times = { createdAt: at, lastSeenAt: at, expiresAt: at, provenAt: at }
  await expect(
    transaction(async tx => {
      await tx.$executeRaw`PRAGMA defer_foreign_keys = ON`
      await tx.setting.create(setting("lost"))
      await tx.session.create({ data: { ...orphan, ...times } })
    }),
  ).rejects.toThrow()
  await db().setting.create(setting("after"))
  const other = new Sqlite(database.file, { readonly: true })
  expect(other.prepare("SELECT key FROM Setting").pluck().all()).toEqual(["after"])
  other.close()
})

test("[R8] a unique violation inside a transaction may be caught and the rest still commits", async () => {
  await transaction(async tx => {
    await tx.user.create({ data: user("a") })
    const clash = await tx.user
      .create({ data: { ...user("b"), email: "a@example.com" } })
      .catch(error => error)
    expect(isUniqueViolation(clash)).toBe(true)
    expect(isUniqueViolation(clash, "email")).toBe(true)
    expect(isUniqueViolation(clash, "id")).toBe(false)
    await tx.user.create({ data: user("c") })
  })
  expect((await db().user.findMany({ orderBy: { id: "asc" } })).map(row => row.id)).toEqual(["a", "c"])
  const missing = await db()
    .user.delete({ where: { id: "x" } })
    .catch(error => error)
  expect(isUniqueViolation(missing)).toBe(false)
  expect(isUniqueViolation(new Error("P2002"))).toBe(false)
})

test("[R8] after any other failure a transaction takes nothing more and cannot commit", async () => {
  await expect(
    transaction(async tx => {
      await tx.setting.create(setting("first"))
      await tx.$executeRawUnsafe("INSERT INTO Missing VALUES (1)").catch(() => {})
      await tx.setting.create(setting("second")).catch(() => {})
    }),
  ).rejects.toThrow()
  expect(await keys()).toEqual([])
})

const byKey = statement<[string], { value: string; updatedAt: number }>(
  "SELECT value, updatedAt FROM Setting WHERE key = ?",
)

test("[R8] prepared statements see committed rows only, cannot write, and work again on another file", async () => {
  await transaction(async tx => {
    await tx.setting.create(setting("k", "one"))
    expect(byKey.get("k")).toBeUndefined()
  })
  expect(byKey.get("k")).toEqual({ value: "one", updatedAt: at.getTime() })
  expect(byKey.all("k")).toHaveLength(1)
  expect(() => reader().exec("DELETE FROM Setting")).toThrow("readonly")
  await database.close()
  expect(() => byKey.get("k")).toThrow("not open")
  database = await freshDatabase()
  expect(byKey.get("k")).toBeUndefined()
})

test("[R8] the database is in WAL mode, synced at every commit, with foreign keys, and closes into one file", async () => {
  const pragma = async (name: string) => db().$queryRawUnsafe(`PRAGMA ${name}`)
  expect(await pragma("journal_mode")).toEqual([{ journal_mode: "wal" }])
  expect(await pragma("synchronous")).toEqual([{ synchronous: 2n }])
  expect(await pragma("foreign_keys")).toEqual([{ foreign_keys: 1n }])
  await db().setting.create(setting("k"))
  await closeDatabase()
  expect(existsSync(`${database.file}-wal`)).toBe(false)
})

test("[R8] opening twice, and using what is not open, are refused", async () => {
  await expect(openDatabase(database.file)).rejects.toThrow("open already")
  await closeDatabase()
  expect(() => db()).toThrow("call openDatabase() first")
  await expect(transaction(async () => {})).rejects.toThrow("call openDatabase() first")
})

test("[R8] a network file system is refused by name, a local one is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"))
  expect(() => refuseNetworkFileSystem(folder)).not.toThrow()
  expect(() => refuseNetworkFileSystem(folder, 0xef53, "")).not.toThrow()
  const mounts = `/dev/sda / ext4 rw 0 0\nuser@host: /data fuse.sshfs rw 0 0\n/dev/sdb /usb fuseblk rw 0 0\n`
  expect(() => refuseNetworkFileSystem("/data/x", 0x65735546, mounts)).toThrow("fuse.sshfs")
  expect(() => refuseNetworkFileSystem("/data/x", 0x6969, "")).toThrow(/NFS.*DATABASE_FILE/)
  expect(() => refuseNetworkFileSystem("/data/x", 0xff534d42 | 0, "")).toThrow("CIFS")
  expect(() => refuseNetworkFileSystem("/usb/x", 0x65735546, mounts)).not.toThrow()
  rmSync(folder, { recursive: true })
})
