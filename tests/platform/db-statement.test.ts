import { afterEach, beforeEach, expect, test } from "vitest"
import { db, type Tx, transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { type FreshDatabase, freshDatabase } from "../support/database"

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.close())

const insert = joiningStatement<[string, number]>(
  "INSERT INTO Setting (key, value, updatedAt) VALUES (?, '', ?)",
)
const find = joiningStatement<[string], { key: string; updatedAt: number }>(
  "SELECT key, updatedAt FROM Setting WHERE key = ?",
)
const at = new Date(1_750_000_000_123)
const keys = async () => (await db().setting.findMany({ orderBy: { key: "asc" } })).map(row => row.key)

test("[R8] a joining statement is part of its caller's transaction, and each sees what the other wrote", async () => {
  await transaction(async tx => {
    await tx.setting.create({ data: { key: "prisma", value: "", updatedAt: at } })
    expect(await find.get(tx, "prisma")).toEqual({ key: "prisma", updatedAt: at.getTime() })
    expect(await insert.run(tx, "statement", at.getTime())).toBe(1)
    expect(await tx.setting.findUnique({ where: { key: "statement" } })).toMatchObject({ updatedAt: at })
  })
  expect(await keys()).toEqual(["prisma", "statement"])
})

test("[R8] a joining statement goes with the rollback of its transaction", async () => {
  const failing = transaction(async tx => {
    await insert.run(tx, "inside", at.getTime())
    throw new Error("rolled back")
  })
  await expect(failing).rejects.toThrow("rolled back")
  expect(await keys()).toEqual([])
})

test("[R8] outside, it waits for an open transaction and survives its rollback", async () => {
  let begun = () => {}
  const open = new Promise<void>(resolve => {
    begun = resolve
  })
  const failing = transaction(async tx => {
    await insert.run(tx, "inside", at.getTime())
    begun()
    await new Promise(end => setTimeout(end, 50))
    throw new Error("rolled back")
  })
  await open
  const beside = insert.run(db(), "beside", at.getTime())
  await expect(failing).rejects.toThrow("rolled back")
  expect(await beside).toBe(1)
  expect(await keys()).toEqual(["beside"])
})

test("[R8] the outer client inside a transaction, and a transaction that is over, are refused", async () => {
  const outer = db()
  let over: Tx | undefined
  await transaction(async tx => {
    over = tx
    await expect(insert.run(outer, "outer", at.getTime())).rejects.toThrow("outer database client")
  })
  if (!over) throw new Error("The transaction did not run.")
  await expect(insert.run(over, "late", at.getTime())).rejects.toThrow("has ended")
  expect(await keys()).toEqual([])
})

test("[R8] a broken rule leaves the rest of the transaction whole", async () => {
  await transaction(async tx => {
    await insert.run(tx, "once", at.getTime())
    await expect(insert.run(tx, "once", at.getTime())).rejects.toThrow("UNIQUE constraint failed")
    await insert.run(tx, "twice", at.getTime())
  })
  expect(await keys()).toEqual(["once", "twice"])
})

test("[R8] when SQLite has ended the transaction by itself, nothing that follows is written", async () => {
  const end = joiningStatement<[]>("ROLLBACK")
  const failing = transaction(async tx => {
    await insert.run(tx, "before", at.getTime())
    await end.run(tx)
    await expect(insert.run(tx, "after", at.getTime())).rejects.toThrow("has ended")
    await expect(tx.setting.create({ data: { key: "prisma", value: "", updatedAt: at } })).rejects.toThrow()
  })
  await expect(failing).rejects.toThrow()
  expect(await keys()).toEqual([])
})
