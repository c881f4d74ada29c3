import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Sqlite from "better-sqlite3"
import { afterEach, beforeEach, expect, test } from "vitest"
import { migrationsFolder } from "~/platform/migration-files.server"
import { MigrationError, migrate } from "~/platform/migrations.server"
import { schemaDiff } from "../../prisma/schema-diff"

let folder: string
let file: string
let migrations: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-"))
  file = join(folder, "gatehouse.sqlite")
  migrations = join(folder, "migrations")
})
afterEach(() => rmSync(folder, { recursive: true }))

const add = (name: string, sql: string) => {
  mkdirSync(join(migrations, name), { recursive: true })
  writeFileSync(join(migrations, name, "migration.sql"), sql)
}
const read = <T>(sql: string, from = file): T[] => {
  const database = new Sqlite(from, { readonly: true })
  const rows = database.prepare<[], T>(sql).all()
  database.close()
  return rows
}
const write = (sql: string) => {
  const database = new Sqlite(file)
  database.exec(sql)
  database.close()
}
const tables = () =>
  read<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(t => t.name)
const backups = () => readdirSync(folder).filter(name => name.includes("-before-"))

const family = `
  CREATE TABLE Parent (id TEXT PRIMARY KEY, name TEXT);
  CREATE TABLE Child (id TEXT PRIMARY KEY, parentId TEXT NOT NULL REFERENCES Parent (id) ON DELETE CASCADE);`
const rows = `
  INSERT INTO Parent VALUES ('p', 'Pat');
  INSERT INTO Child VALUES ('c1', 'p'), ('c2', 'p');`
const redefinition = `
  PRAGMA foreign_keys=OFF;
  CREATE TABLE new_Parent (id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '');
  INSERT INTO new_Parent SELECT id, coalesce(name, '') FROM Parent;
  DROP TABLE Parent;
  ALTER TABLE new_Parent RENAME TO Parent;
  PRAGMA foreign_keys=ON;`

test("[R4] schema.prisma and the migrations agree", async () => {
  expect(await schemaDiff(migrationsFolder(), "prisma/schema.prisma")).toBe("")
})

test("[R4] a difference between schema.prisma and the migrations is written as SQL", async () => {
  const schema = join(folder, "schema.prisma")
  writeFileSync(
    schema,
    `${readFileSync("prisma/schema.prisma", "utf8")}\nmodel Coupon {\n  id String @id\n}\n`,
  )
  expect(await schemaDiff(migrationsFolder(), schema)).toContain('CREATE TABLE "Coupon"')
})

test("[R4] trap: redefining a table inside a plain transaction deletes its children", () => {
  write(`${family}${rows}`)
  const database = new Sqlite(file)
  database.pragma("foreign_keys = ON")
  database.exec("BEGIN")
  database.exec(redefinition)
  database.exec("COMMIT")
  database.close()
  expect(read("SELECT * FROM Parent")).toHaveLength(1)
  expect(read("SELECT * FROM Child")).toHaveLength(0)
})

test("[R4] redefining a table keeps its children, and a copy of the old database is made first", async () => {
  add("1_family", family)
  expect(await migrate(file, migrations)).toEqual({ applied: ["1_family"], backup: undefined })
  write(rows)
  add("2_names", redefinition)
  const { applied, backup } = await migrate(file, migrations)
  expect(applied).toEqual(["2_names"])
  expect(read("SELECT * FROM Child")).toHaveLength(2)
  expect(backups()).toHaveLength(1)
  expect(backup).toContain("before-2_names")
  expect(read("SELECT * FROM Child", backup)).toHaveLength(2)
  expect(
    read<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE name = 'Parent'", backup)[0]?.sql,
  ).not.toContain("DEFAULT")
  expect(read("PRAGMA integrity_check", backup)).toEqual([{ integrity_check: "ok" }])
})

test("[O11] of the copies made before migrations the newest three are kept, and nothing else is touched", async () => {
  add("1_family", family)
  await migrate(file, migrations)
  const mine = `${file}.before-the-move`
  for (const name of [mine, `${file}.20260101000000-before-x`, `${file}.20250101000000-before-x`])
    writeFileSync(name, "")
  for (const name of ["2_a", "3_b"]) {
    add(name, `CREATE TABLE T${name} (id TEXT);`)
    await migrate(file, migrations)
  }
  expect(backups().sort()).toEqual([
    expect.stringContaining("20260101000000-before-x"),
    expect.stringContaining("before-2_a"),
    expect.stringContaining("before-3_b"),
  ])
  expect(existsSync(mine)).toBe(true)
})

test("[R4] applied twice, or by two starts at once, each migration runs once", async () => {
  add("1_family", family)
  await Promise.all([migrate(file, migrations), migrate(file, migrations)])
  expect(await migrate(file, migrations)).toEqual({ applied: [], backup: undefined })
  expect(read("SELECT migration_name FROM _prisma_migrations")).toEqual([{ migration_name: "1_family" }])
  expect(backups()).toEqual([])
})

test("[R4] a failed migration leaves the old database, also what ran before it in the same start", async () => {
  add("1_family", family)
  await migrate(file, migrations)
  write(rows)
  add("2_more", "CREATE TABLE More (id TEXT PRIMARY KEY);")
  add("3_broken", "CREATE TABLE Last (id TEXT); INSERT INTO Nowhere VALUES (1);")
  const before = tables()
  const failure = await migrate(file, migrations).catch(error => error)
  expect(failure).toBeInstanceOf(MigrationError)
  expect(failure.message).toMatch(/3_broken.*no such table: Nowhere/)
  expect(tables()).toEqual(before)
  expect(read("SELECT * FROM Child")).toHaveLength(2)
  add("3_broken", "CREATE TABLE Last (id TEXT);")
  expect((await migrate(file, migrations)).applied).toEqual(["2_more", "3_broken"])
})

test("[R4] a migration that would leave rows without their parent, or ends the transaction, is refused", async () => {
  add("1_family", family)
  await migrate(file, migrations)
  write(rows)
  add("2_orphans", "DELETE FROM Parent;")
  await expect(migrate(file, migrations)).rejects.toThrow(
    "2 rows would be without their parent, the first in Child",
  )
  expect(read("SELECT * FROM Parent")).toHaveLength(1)
  add("2_orphans", "CREATE TABLE Extra (id TEXT);\nCOMMIT;")
  await expect(migrate(file, migrations)).rejects.toThrow("BEGIN, COMMIT or ROLLBACK")
  expect(tables()).not.toContain("Extra")
})

test("[R4] a database of a newer version is refused with both versions named, and nothing is touched", async () => {
  add("1_family", family)
  add("2_future", "CREATE TABLE Future (id TEXT);")
  await migrate(file, migrations)
  rmSync(join(migrations, "2_future"), { recursive: true })
  await expect(migrate(file, migrations)).rejects.toThrow(/2_future.*1_family/)
  expect(tables()).toContain("Future")
  expect(backups()).toEqual([])
})

test("[R4] a migration altered after it was applied is refused by name", async () => {
  add("1_family", family)
  await migrate(file, migrations)
  add("1_family", `${family} -- altered`)
  await expect(migrate(file, migrations)).rejects.toThrow(/1_family was altered after it was applied/)
})

test("[R4] started in the wrong folder it says so and makes no database", async () => {
  await expect(migrate(file, join(folder, "nowhere"))).rejects.toThrow("No migrations found")
  expect(readdirSync(folder)).toEqual([])
})
