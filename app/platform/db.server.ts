import { mkdirSync } from "node:fs"
import { dirname, resolve } from "node:path"
import type { Database, Statement } from "better-sqlite3"
import { connect } from "~/platform/db-connection.server"
import { refuseNetworkFileSystem } from "~/platform/db-file-system.server"
import {
  assertOutsideTransaction,
  type Connection,
  currentConnection,
  mainConnection,
  runInScope,
  setMainConnection,
} from "~/platform/db-scope.server"
import { env } from "~/platform/env.server"
import { migrate } from "~/platform/migrations.server"
import { Prisma, type PrismaClient } from "../../prisma/generated/client"

export { connect } from "~/platform/db-connection.server"
export type { Connection } from "~/platform/db-scope.server"

export type Tx = Prisma.TransactionClient
/** What a function takes that can join its caller's transaction. */
export type Client = PrismaClient | Tx

/** The client, outside of any transaction. Throws inside `transaction()` and before `openDatabase()`. */
export function db(): PrismaClient {
  assertOutsideTransaction()
  return currentConnection().client
}

/**
 * Runs `work` in one transaction (BEGIN IMMEDIATE) that commits when it resolves and rolls back when it throws.
 * Others wait meanwhile: no network inside. A nested call throws; so does `db()`.
 */
export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  assertOutsideTransaction()
  const connection = currentConnection()
  const own = { open: true }
  try {
    return await connection.client.$transaction(tx =>
      runInScope({ connection, transaction: own }, () => work(tx)),
    )
  } finally {
    own.open = false
  }
}

/** Whether a write broke a unique rule; with `field`, one that this column is part of. */
export function isUniqueViolation(error: unknown, field?: string): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== "P2002") return false
  return field === undefined || violatedFields(error.meta).includes(field)
}

/** Driver adapters tell the fields of P2002 deep inside, not in `meta.target`. */
function violatedFields(meta: unknown): unknown[] {
  const path = ["driverAdapterError", "cause", "constraint", "fields"]
  const found = path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    meta,
  )
  return Array.isArray(found) ? found : []
}

/** A read-only handle for prepared statements. Sees committed rows only, also inside `transaction()`. */
export function reader(): Database {
  return currentConnection().reader
}

/**
 * A statement for what runs on each request, prepared once per opened database (3 µs instead of Prisma's 200).
 * Values as SQLite has them: times are unix milliseconds, booleans 0 or 1.
 */
export function statement<P extends unknown[], Row>(sql: string) {
  let handle: Database | undefined
  let prepared: Statement<P, Row> | undefined
  const current = (): Statement<P, Row> => {
    const now = reader()
    if (prepared && handle === now) return prepared
    handle = now
    prepared = now.prepare<P, Row>(sql)
    return prepared
  }
  return {
    get: (...values: P): Row | undefined => current().get(...values),
    all: (...values: P): Row[] => current().all(...values),
  }
}

/**
 * Opens the database of this process: refuses a network file system, backs up and migrates, opens both handles.
 * Throws a `MigrationError` when the file belongs to a newer version or a migration was altered.
 */
export async function openDatabase(file = env().databaseFile): Promise<void> {
  if (mainConnection()) throw new Error("The database is open already.")
  const path = resolve(file)
  mkdirSync(dirname(path), { recursive: true })
  refuseNetworkFileSystem(dirname(path))
  await migrate(path)
  setMainConnection(await connect(path))
}

/** Closes both handles. Does nothing when no database is open. */
export async function closeDatabase(): Promise<void> {
  const connection = mainConnection()
  setMainConnection(undefined)
  await connection?.close()
}

/** Runs `work` with `db()`, `transaction()` and `reader()` bound to another connection: how tests stage races. */
export function withDatabase<T>(connection: Connection, work: () => T): T {
  return runInScope({ connection }, work)
}
