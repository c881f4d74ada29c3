/**
 * Reads a list page by page from a position instead of a number: the thousandth page costs what the first does, and rows that
 * come or go meanwhile neither repeat nor hide others. It takes an index over the filter's columns, the time and the id.
 */
import { cursorOf, type Page, type Place, type Position } from "~/lib/cursor"

export type Direction = "asc" | "desc"

/** What a list has to read: from `at` on in this order, without what was `passed` at that very moment. */
export type Stretch = {
  take: number
  order: Direction
  at?: { lte: Date } | { gte: Date }
  passed?: { at: Date; id: { gte: string } | { lte: string } }
}

type List<Row> = {
  size: number
  /** How the list is sorted: by the time that `at` finds in a row, then by the id. */
  order: Direction
  read: (stretch: Stretch) => Promise<Row[]>
  at: (row: Row) => Date
}

/**
 * The page at this place. Where nothing is left there, and where less than a page precedes it, the first page: a list has no
 * stump at its beginning. A place that says how many rows to `take` gets an empty page where nothing is left.
 */
export async function readPage<Row extends { id: string }>(
  { after, before, take }: Place,
  ofPeople: List<Row>,
): Promise<Page<Row>> {
  const list = take === undefined ? ofPeople : { ...ofPeople, size: take }
  if (after) {
    const { rows, more } = await beyond(list, list.order, after)
    if (rows.length > 0 || take !== undefined) return page(list, rows, { previous: true, next: more })
  } else if (before) {
    const { rows, more } = await beyond(list, list.order === "asc" ? "desc" : "asc", before)
    if (rows.length === list.size) return page(list, rows.reverse(), { previous: more, next: true })
  }
  const { rows, more } = await beyond(list, list.order)
  return page(list, rows, { previous: false, next: more })
}

/** A whole list, page after page, without holding more than one of them. */
export async function* readWhole<Row extends { id: string }>(list: List<Row>): AsyncGenerator<Row[]> {
  let from: Position | undefined
  do {
    const { rows, more }: { rows: Row[]; more: boolean } = await beyond(list, list.order, from)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    from = more && last ? { at: list.at(last), id: last.id } : undefined
  } while (from)
}

/** One row more than a page holds tells whether the list goes on. */
async function beyond<Row>(list: List<Row>, order: Direction, from?: Position) {
  const found = await list.read({ take: list.size + 1, order, ...(from && stretchFrom(from, order)) })
  return { rows: found.slice(0, list.size), more: found.length > list.size }
}

function stretchFrom({ at, id }: Position, order: Direction) {
  return order === "asc"
    ? { at: { gte: at }, passed: { at, id: { lte: id } } }
    : { at: { lte: at }, passed: { at, id: { gte: id } } }
}

function page<Row extends { id: string }>(
  { at }: List<Row>,
  rows: Row[],
  is: { previous: boolean; next: boolean },
): Page<Row> {
  const cursor = (row: Row | undefined) => (row ? cursorOf({ at: at(row), id: row.id }) : null)
  return {
    rows,
    previous: is.previous ? cursor(rows[0]) : null,
    next: is.next ? cursor(rows.at(-1)) : null,
  }
}
