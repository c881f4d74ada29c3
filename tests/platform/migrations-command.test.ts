import { spawnSync } from "node:child_process"
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { afterEach, beforeEach, expect, test } from "vitest"
import { migrate } from "~/platform/migrations.server"

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "gatehouse-"))
  mkdirSync(join(project, "prisma"))
  for (const part of ["prisma/schema.prisma", "prisma/migrations"]) {
    cpSync(part, join(project, part), { recursive: true })
  }
})
afterEach(() => rmSync(project, { recursive: true }))

/** `npm run db:migration` as it would run in a project of its own. */
function newMigration(...parameters: string[]) {
  const tsx = pathToFileURL(resolve("node_modules/tsx/dist/loader.mjs")).href
  const script = resolve("prisma/new-migration.ts")
  const run = spawnSync(process.execPath, ["--import", tsx, script, ...parameters], {
    cwd: project,
    encoding: "utf8",
  })
  return { status: run.status, words: run.stdout + run.stderr }
}
const folder = () => join(project, "prisma/migrations")
const newest = () => readdirSync(folder()).sort().at(-1) ?? ""
const sql = () => readFileSync(join(folder(), newest(), "migration.sql"), "utf8")
const addToSchema = (text: string) => appendFileSync(join(project, "prisma/schema.prisma"), `\n${text}\n`)

test("[R4] db:migration writes what the schema lacks, rewrites it with --again, and what it writes applies", async () => {
  expect(newMigration("nothing")).toMatchObject({
    status: 1,
    words: expect.stringContaining("nothing to write"),
  })
  addToSchema("model Coupon {\n  id String @id\n}")
  expect(newMigration("add_coupons").status).toBe(0)
  const first = newest()
  expect(first).toMatch(/^\d{14}_add_coupons$/)
  expect(sql()).toContain('CREATE TABLE "Coupon"')
  addToSchema("model Voucher {\n  id String @id\n}")
  expect(newMigration("add_coupons", "--again").status).toBe(0)
  expect(newest()).toBe(first)
  expect(sql()).toMatch(/"Coupon"[\s\S]*"Voucher"/)
  const { applied } = await migrate(join(project, "gatehouse.sqlite"), folder())
  expect(applied.at(-1)).toBe(first)
})

test("[R4] db:migration refuses a bad name and rewriting anything but the newest, in words", () => {
  expect(newMigration()).toMatchObject({ status: 1, words: expect.stringContaining("Usage") })
  expect(newMigration("Add Coupons!")).toMatchObject({
    status: 1,
    words: expect.stringContaining("lower-case"),
  })
  const refused = newMigration("something_else", "--again")
  expect(refused).toMatchObject({ status: 1, words: expect.stringContaining("only that one") })
})
