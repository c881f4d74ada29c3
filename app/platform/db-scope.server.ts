import { AsyncLocalStorage } from "node:async_hooks"
import type Sqlite from "better-sqlite3"
import type { PrismaClient } from "../../prisma/generated/client"

/** The handle behind Prisma, and the way to use it when no transaction of Prisma's is open on it. */
export type Writer = { handle: Sqlite.Database; outside: <T>(work: () => T) => Promise<T> }

/** The client that reads and writes, and a read-only handle that sees committed rows only. */
export type Connection = {
  file: string
  client: PrismaClient
  writer: Writer
  reader: Sqlite.Database
  close: () => Promise<void>
}

export type Scope = { connection: Connection; transaction?: { open: boolean } }

declare global {
  var gatehouseDatabase: { main: Connection | undefined; scope: AsyncLocalStorage<Scope> } | undefined
}

// On globalThis, because the development server loads modules anew and the open database must stay.
globalThis.gatehouseDatabase ??= { main: undefined, scope: new AsyncLocalStorage() }
const state = globalThis.gatehouseDatabase

/** The connection this code runs on: the one of `withDatabase`, else the process's own. */
export function currentConnection(): Connection {
  const connection = state.scope.getStore()?.connection ?? state.main
  if (!connection) throw new Error("The database is not open: call openDatabase() first.")
  return connection
}

export function mainConnection(): Connection | undefined {
  return state.main
}

export function setMainConnection(connection: Connection | undefined): void {
  state.main = connection
}

/** Whether this code runs inside an open `transaction()`. */
export function insideTransaction(): boolean {
  return state.scope.getStore()?.transaction?.open === true
}

/** Throws inside `transaction()`: a statement on the outer client would wait for the transaction, and it for that. */
export function assertOutsideTransaction(): void {
  if (!state.scope.getStore()?.transaction?.open) return
  throw new Error("The outer database client was used inside transaction(): pass its tx along instead.")
}

export function runInScope<T>(scope: Scope, work: () => T): T {
  return state.scope.run(scope, work)
}

/** Runs `work` as if no transaction were open around it: for what is started here but lives on. */
export function runOutsideScope<T>(work: () => T): T {
  return state.scope.exit(work)
}
