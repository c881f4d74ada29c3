import { statSync } from "node:fs"
import { assertOutsideTransaction, currentConnection } from "~/platform/db-scope.server"
import { log } from "~/platform/log.server"

/** Nobody is answered while the file is rewritten: a second at most for this many bytes, at 20 ms a megabyte. */
const mostBytes = 50 * 1024 * 1024

/**
 * Sees to it that what was deleted stands nowhere in the bytes of the database any more. SQLite overwrites it at once
 * (sqlite.org/pragma.html, `secure_delete`), but a page that was packed anew may keep a copy in its gaps, and the write-ahead log
 * keeps what it was told. So the file is rewritten, unless it is too large for that, and the log is emptied. Throws while another
 * process reads or writes: call it again later.
 */
export async function overwriteDeleted(): Promise<void> {
  assertOutsideTransaction()
  const { file, writer } = currentConnection()
  const isSmall = statSync(file).size <= mostBytes
  if (!isSmall)
    log.warn({ file }, "the database is too large to be rewritten: run VACUUM on it in a quiet hour")
  const busy = await writer.outside(() => {
    if (isSmall) writer.handle.exec("VACUUM")
    return writer.handle.pragma("wal_checkpoint(TRUNCATE)", { simple: true })
  })
  if (Number(busy) !== 0) throw new Error("The write-ahead log is in use and cannot be emptied now.")
}
