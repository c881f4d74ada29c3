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
