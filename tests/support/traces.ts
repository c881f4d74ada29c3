import { existsSync, readFileSync } from "node:fs"
import { basename } from "node:path"
import Sqlite from "better-sqlite3"

/** Every value of a database file in which one of the patterns is found, as `table.column: value`. */
export function tracesIn(file: string, patterns: readonly RegExp[]): string[] {
  const handle = new Sqlite(file, { readonly: true })
  try {
    const tables = handle
      .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
    return tables.flatMap(({ name }) =>
      handle
        .prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`)
        .all()
        .flatMap(row => Object.entries(row).map(([column, value]) => `${name}.${column}: ${textOf(value)}`))
        .filter(line => patterns.some(pattern => pattern.test(line))),
    )
  } finally {
    handle.close()
  }
}

function textOf(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString("latin1") : String(value)
}

/** Where in the bytes of the file and its write-ahead log a pattern is found, with what stands around it. */
export function bytesWith(file: string, patterns: readonly RegExp[]): string[] {
  return [file, `${file}-wal`].filter(existsSync).flatMap(path => {
    const bytes = readFileSync(path).toString("latin1")
    return patterns.flatMap(pattern => {
      const at = bytes.search(pattern)
      return at < 0 ? [] : [`${basename(path)} at ${at}: ${bytes.slice(Math.max(0, at - 40), at + 60)}`]
    })
  })
}
