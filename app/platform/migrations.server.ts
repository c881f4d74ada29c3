import { randomUUID } from "node:crypto"
import { readdirSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import Sqlite, { type Database } from "better-sqlite3"
import { type Migration, migrationsFolder, readMigrations } from "~/platform/migration-files.server"

/** The database and this version of the program do not fit together, or a migration failed. Nothing was altered. */
export class MigrationError extends Error {
  override name = "MigrationError"
}

/** What was done: the migrations applied, and the copy made before (none for a new database). */
export type Migrated = { applied: string[]; backup: string | undefined }

/**
 * Brings the database file to the schema of this version [R4]. A copy is made first by SQLite's backup API; then all
 * missing migrations run in one transaction, so that a failed one leaves the old database. Foreign keys are off
 * *before* BEGIN – inside a transaction the switch does nothing, and redefining a table would cascade and delete its
 * children – and checked before COMMIT. Refuses a migration that was altered after it was applied, and a database
 * that a newer version has migrated. The newest three copies are kept.
 */
export async function migrate(file: string, folder = migrationsFolder()): Promise<Migrated> {
  const migrations = readMigrations(folder)
  const newest = migrations.at(-1)
  if (!newest)
    throw new MigrationError(`No migrations found in ${folder}: start the program in its own folder.`)
  const database = new Sqlite(file, { timeout: 5_000 })
  try {
    database.pragma("journal_mode = WAL")
    database.pragma("synchronous = FULL")
    database.pragma("secure_delete = ON")
    if (missing(database, migrations).length === 0) return { applied: [], backup: undefined }
    const backup = isEmpty(database) ? undefined : await backUp(database, file, newest)
    const applied = apply(database, migrations)
    dropOldCopies(file)
    return { applied, backup }
  } finally {
    database.close()
  }
}

type Row = { migration_name: string; checksum: string }

/** Which migrations still have to run. Throws when the database's history is not the beginning of ours. */
function missing(database: Database, migrations: Migration[]): Migration[] {
  const applied = history(database)
  const byName = new Map(migrations.map(migration => [migration.name, migration]))
  for (const row of applied) {
    const known = byName.get(row.migration_name)
    if (!known) {
      throw new MigrationError(
        `The database is at ${row.migration_name}, which this version of Gatehouse does not know: its newest is ` +
          `${migrations.at(-1)?.name}. Start the newer version, or restore the copy made before it was installed.`,
      )
    }
    if (known.checksum !== row.checksum) {
      throw new MigrationError(
        `Migration ${known.name} was altered after it was applied: the database has ${row.checksum.slice(0, 12)}, ` +
          `the file ${known.checksum.slice(0, 12)}. Put the file back as it was and add a new migration instead.`,
      )
    }
  }
  const done = new Set(applied.map(row => row.migration_name))
  return migrations.filter(migration => !done.has(migration.name))
}

/** Newest first, so that of several unknown ones the newest is the one reported. */
function history(database: Database): Row[] {
  if (!hasTable(database, "_prisma_migrations")) return []
  return database
    .prepare<[], Row>(
      `SELECT migration_name, checksum FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name DESC`,
    )
    .all()
}

function hasTable(database: Database, name: string): boolean {
  return (
    database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined
  )
}

function isEmpty(database: Database): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' LIMIT 1").get() === undefined
}

async function backUp(database: Database, file: string, newest: Migration): Promise<string> {
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 14)
  const backup = `${file}.${time}-before-${newest.name}`
  await database.backup(backup)
  return backup
}

/** What was erased from the database lives on in its copies. */
const copiesKept = 3

/** Names sort by time. */
function dropOldCopies(file: string): void {
  const begin = `${basename(file)}.`
  const copies = readdirSync(dirname(file)).filter(
    name => name.startsWith(begin) && /^\d{14}-before-/.test(name.slice(begin.length)),
  )
  for (const name of copies.sort().slice(0, -copiesKept)) rmSync(join(dirname(file), name))
}

function apply(database: Database, migrations: Migration[]): string[] {
  let current: string | undefined
  database.pragma("foreign_keys = OFF")
  database.exec("BEGIN EXCLUSIVE")
  try {
    database.exec(historyTable)
    // Read again under the lock: another process may have migrated meanwhile.
    const todo = missing(database, migrations)
    for (const migration of todo) {
      current = migration.name
      run(database, migration)
    }
    refuseOrphans(database)
    database.exec("COMMIT")
    return todo.map(migration => migration.name)
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK")
    if (error instanceof MigrationError || !current) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new MigrationError(`Migration ${current} failed and the database is as it was: ${reason}`, {
      cause: error,
    })
  }
}

function run(database: Database, migration: Migration): void {
  const startedAt = Date.now()
  if (/^\s*(BEGIN\s*;|COMMIT\b|ROLLBACK\b)/im.test(migration.sql)) {
    throw new Error("it holds BEGIN, COMMIT or ROLLBACK, but all migrations run in one transaction.")
  }
  database.exec(migration.sql)
  database
    .prepare(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES (?, ?, ?, ?, ?, 1)`,
    )
    .run(randomUUID(), migration.checksum, migration.name, startedAt, Date.now())
}

function refuseOrphans(database: Database): void {
  const orphans = database.prepare<[], { table: string; parent: string }>("PRAGMA foreign_key_check").all()
  const first = orphans[0]
  if (first) {
    throw new Error(
      `${orphans.length} rows would be without their parent, the first in ${first.table} (of ${first.parent}).`,
    )
  }
}

/** As Prisma writes it, so that its own tools can read the history. */
const historyTable = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                  TEXT PRIMARY KEY NOT NULL,
    "checksum"            TEXT NOT NULL,
    "finished_at"         DATETIME,
    "migration_name"      TEXT NOT NULL,
    "logs"                TEXT,
    "rolled_back_at"      DATETIME,
    "started_at"          DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
  );
`
