import Sqlite from "better-sqlite3"
import { IsolatedSqlite } from "~/platform/db-adapter.server"
import { assertOutsideTransaction, type Connection } from "~/platform/db-scope.server"
import { PrismaClient } from "../../prisma/generated/client"

/** Room for the busiest pages of the session table; in KiB, negative as SQLite wants it. */
const readerCache = -16_384

/** Opens a database that is migrated already. The caller closes it. */
export async function connect(file: string): Promise<Connection> {
  const adapter = new IsolatedSqlite(file)
  const client = guarded(
    new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 10_000 } }),
  )
  await client.$connect()
  const reader = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 1_000 })
  reader.pragma(`cache_size = ${readerCache}`)
  return {
    file,
    client,
    writer: adapter.writer,
    reader,
    close: async () => {
      // The reader first: only a handle that may write can fold the write-ahead log into the file as the last one.
      reader.close()
      await client.$disconnect()
    },
  }
}

/** Refuses the outer client inside `transaction()`, also one that was kept in a variable from before it. */
function guarded(client: PrismaClient): PrismaClient {
  return new Proxy(client, {
    get: (target, name) => {
      assertOutsideTransaction()
      const value: unknown = Reflect.get(target, name)
      return typeof value === "function" ? value.bind(target) : value
    },
  })
}
