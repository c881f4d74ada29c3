/** A position in a list that is sorted by a time and, where two rows have the same, by the id. */
export type Position = { at: Date; id: string }

/**
 * Which page of a list is wanted: what follows a position, what precedes one, or the first page. Who says how many rows to take
 * is a program that reads to the end: where nothing is left it gets nothing, and a person the first page.
 */
export type Place = { after?: Position; before?: Position; take?: number }

/** One page of a list. `previous` and `next` are cursors; null where there is nothing. */
export type Page<Row> = { rows: Row[]; previous: string | null; next: string | null }

/** A position as it stands in a URL. Links hold it as it is; only `parseCursor` looks inside. */
export function cursorOf({ at, id }: Position): string {
  return `${at.getTime().toString(36)}.${id}`
}

/** The position of a cursor; undefined for anything `cursorOf` would not have written. */
export function parseCursor(cursor: string | null): Position | undefined {
  // Nine digits reach beyond the year 5000.
  const [, moment, id] = /^([0-9a-z]{1,9})\.([\w-]{1,64})$/.exec(cursor ?? "") ?? []
  return moment && id ? { at: new Date(Number.parseInt(moment, 36)), id } : undefined
}
