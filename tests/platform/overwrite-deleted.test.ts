import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { connect, withDatabase } from "~/platform/db.server"
import { overwriteDeleted } from "~/platform/overwrite-deleted.server"
import { bytesWith } from "../support/traces"

test("[O11] nothing that was deleted is left in the bytes of a database, however its pages were packed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-overwrite-"))
  const connection = await connect(join(folder, "test.db"))
  try {
    const { handle } = connection.writer
    handle.exec("CREATE TABLE Line (id TEXT PRIMARY KEY, whose TEXT, words TEXT)")
    handle.exec("CREATE INDEX byWhose ON Line (whose, words)")
    const add = handle.prepare("INSERT INTO Line VALUES (?, ?, ?)")
    const grow = handle.prepare("UPDATE Line SET words = words || ? WHERE rowid = ?")
    handle.exec("BEGIN")
    for (let i = 1; i <= 5_000; i += 1) {
      const mine = i % 3 === 0
      add.run(
        `${(i * 7_919) % 5_003}-${i}`,
        mine ? "quill" : "other",
        `${mine ? "quill" : "other"} ${"x".repeat(i % 290)}`,
      )
      if (i % 7 === 0) grow.run("y".repeat(60), (i * 31) % i || 1)
    }
    handle.exec("COMMIT")
    expect(bytesWith(connection.file, [/quill/])).not.toEqual([])
    handle.exec("DELETE FROM Line WHERE whose = 'quill'")
    await withDatabase(connection, overwriteDeleted)
    expect(bytesWith(connection.file, [/quill/])).toEqual([])
    expect(bytesWith(connection.file, [/other/])).not.toEqual([])
    expect(connection.reader.prepare("SELECT count(*) AS n FROM Line").get()).toEqual({ n: 3_334 })
  } finally {
    await connection.close()
    rmSync(folder, { recursive: true })
  }
})
