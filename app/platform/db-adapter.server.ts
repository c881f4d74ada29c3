import { setTimeout as sleep } from "node:timers/promises"
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3"
import Sqlite from "better-sqlite3"
import { assertOutsideTransaction, type Writer } from "~/platform/db-scope.server"
import { Turnstile } from "~/platform/db-turnstile.server"

type Adapter = Awaited<ReturnType<PrismaBetterSqlite3["connect"]>>
type Transaction = Awaited<ReturnType<Adapter["startTransaction"]>>
type Query = Parameters<Adapter["queryRaw"]>[0]

const plain = (sql: string): Query => ({ sql, args: [], argTypes: [] })

/** SQLite itself never waits for a lock, because the event loop would stand still. */
const blockingWait = 0
/** How long a statement is tried again, the event loop running, before the lock is reported. In milliseconds. */
const patience = 8_000
/** The longest pause between two tries, before jitter: about the length of a transaction. In milliseconds. */
const longestPause = 10

const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA secure_delete = ON;
`

/**
 * PrismaBetterSqlite3 with transactions that are isolated. The bare adapter has one connection and lets statements of
 * other requests run inside whatever transaction is open on it, so that a rollback takes acknowledged writes along.
 * Here they wait until it has ended, a transaction begins as a writer (BEGIN IMMEDIATE), one that cannot commit is
 * rolled back, and a lock held by another process is waited for without blocking the event loop.
 */
export class IsolatedSqlite {
  readonly provider = "sqlite"
  readonly adapterName = "gatehouse-isolated-sqlite"
  readonly #factory: PrismaBetterSqlite3
  #writer: Writer | undefined

  constructor(file: string) {
    this.#factory = new PrismaBetterSqlite3(
      { url: file, timeout: blockingWait },
      { timestampFormat: "unixepoch-ms" },
    )
  }

  async connect(): Promise<Adapter> {
    const inner = await this.#factory.connect()
    await patiently(() => inner.executeScript(pragmas))
    const handle = handleOf(inner)
    const turnstile = new Turnstile()
    this.#writer = { handle, outside: work => patiently(() => turnstile.pass(async () => work())) }
    return isolate(inner, handle, turnstile)
  }

  /** For prepared statements that join Prisma's transactions. Throws before Prisma has connected. */
  get writer(): Writer {
    if (!this.#writer) throw new Error("The database is not connected yet.")
    return this.#writer
  }
}

/** The adapter does not offer its handle, but only on this one a statement is part of Prisma's transactions. */
function handleOf(inner: Adapter): Sqlite.Database {
  const handle: unknown = Reflect.get(inner, "client")
  if (!(handle instanceof Sqlite))
    throw new Error("Prisma's adapter no longer keeps a better-sqlite3 handle.")
  return handle
}

function isolate(inner: Adapter, handle: Sqlite.Database, turnstile: Turnstile): Adapter {
  // Who asks cannot be told here: Prisma sends what one tick gathered in the scope of whoever asked first.
  const outside = <T>(work: () => Promise<T>): Promise<T> => patiently(() => turnstile.pass(work))
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    queryRaw: query => outside(() => inner.queryRaw(query)),
    executeRaw: query => outside(() => inner.executeRaw(query)),
    executeScript: script => outside(() => inner.executeScript(script)),
    dispose: () => inner.dispose(),
    startTransaction: async () => {
      assertOutsideTransaction()
      await patiently(() => begin(inner, turnstile))
      return ownTransaction(inner, handle, () => turnstile.leave())
    },
  }
}

/** The way is left free between two tries, so that reads go on while another process holds the lock. */
async function begin(inner: Adapter, turnstile: Turnstile): Promise<void> {
  await turnstile.enter()
  try {
    await inner.executeRaw(plain("BEGIN IMMEDIATE"))
  } catch (error) {
    turnstile.leave()
    throw error
  }
}

function ownTransaction(inner: Adapter, handle: Sqlite.Database, leave: () => void): Transaction {
  let refusal: Error | undefined
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    // Outside of a transaction it would commit by itself: a prepared statement that failed may have ended this one.
    if (!handle.inTransaction) refusal ??= new Error("This transaction has failed.")
    if (refusal) throw refusal
    try {
      return await work()
    } catch (error) {
      // SQLite may have rolled back by itself (disk full, I/O error): what follows must not run on its own.
      if (!isConstraint(error)) refusal = new Error("This transaction has failed.", { cause: error })
      throw error
    }
  }
  const end = async (sql: "COMMIT" | "ROLLBACK") => {
    try {
      if (sql === "COMMIT") await run(() => inner.executeRaw(plain("COMMIT")))
      else await inner.executeRaw(plain("ROLLBACK"))
    } catch (error) {
      await inner.executeRaw(plain("ROLLBACK")).catch(() => {})
      if (sql === "COMMIT") throw error
    } finally {
      refusal ??= new Error("This transaction has ended.")
      leave()
    }
  }
  return {
    provider: inner.provider,
    adapterName: inner.adapterName,
    // "Phantom" means that Prisma leaves COMMIT and ROLLBACK to the two functions below.
    options: { usePhantomQuery: true },
    queryRaw: query => run(() => inner.queryRaw(query)),
    executeRaw: query => run(() => inner.executeRaw(query)),
    commit: () => end("COMMIT"),
    rollback: () => end("ROLLBACK"),
  }
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUp = performance.now() + patience
  for (let wait = 1; ; wait = Math.min(wait * 2, longestPause)) {
    try {
      return await attempt()
    } catch (error) {
      if (!isLocked(error) || performance.now() > giveUp) throw error
    }
    await sleep(wait + Math.random() * wait)
  }
}

const isLocked = (error: unknown) =>
  kindOf(error) === "SocketTimeout" ||
  (error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY"))

const isConstraint = (error: unknown) => kindOf(error)?.endsWith("Violation") === true

/** What the adapter calls the failure: `SocketTimeout` is its word for SQLITE_BUSY. */
function kindOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  if (typeof cause !== "object" || cause === null || !("kind" in cause)) return undefined
  return typeof cause.kind === "string" ? cause.kind : undefined
}
