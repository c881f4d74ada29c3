import type { ReactNode } from "react"
import { classNames } from "~/components/class-names"

export type Column<Row> = {
  header: string
  cell: (row: Row) => ReactNode
  align?: "end"
  /** For a column of buttons: its header is only spoken. */
  hideHeader?: boolean
}

type Props<Row> = {
  /** Names the table for screen readers. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Shown in place of the table while there are no rows. */
  empty?: ReactNode
}

/** Rows and columns; on a phone each row is a card with its first column as the heading. */
export function Table<Row>({ caption, columns, rows, rowKey, empty }: Props<Row>) {
  if (rows.length === 0 && empty) return <>{empty}</>
  return (
    <table className="block w-full text-sm sm:table">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only sm:not-sr-only sm:table-header-group">
        <tr>
          {columns.map(column => (
            <th key={column.header} scope="col" className={headerLook(column)}>
              <span className={column.hideHeader ? "sr-only" : ""}>{column.header}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line border-line border-t sm:table-row-group sm:border-t-0">
        {rows.map(row => (
          <tr key={rowKey(row)} className="block px-5 py-3 sm:table-row sm:p-0">
            {columns.map((column, place) => (
              <Cell key={column.header} column={column} row={row} first={place === 0} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<Row>({ column, row, first }: { column: Column<Row>; row: Row; first: boolean }) {
  const look = classNames(
    "py-1 sm:table-cell sm:px-5 sm:py-3.5 sm:align-middle",
    first ? "block font-normal text-ink" : "flex items-center gap-4 text-ink-soft",
    column.align === "end" && "sm:text-right",
  )
  if (first) {
    return (
      <th scope="row" className={classNames(look, "text-left")}>
        {column.cell(row)}
      </th>
    )
  }
  return (
    <td className={look}>
      {!column.hideHeader && (
        <span aria-hidden className="text-ink-soft text-xs sm:hidden">
          {column.header}
        </span>
      )}
      <span className="min-w-0 max-sm:ml-auto">{column.cell(row)}</span>
    </td>
  )
}

function headerLook<Row>(column: Column<Row>): string {
  return classNames(
    "border-line border-y bg-paper/60 px-5 py-2.5 font-medium text-ink-soft text-xs",
    column.align === "end" ? "text-right" : "text-left",
  )
}
