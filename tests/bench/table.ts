import type { OrganizationPage } from "./organization"
import type { MeasuredCell } from "./rounds"
import type { Single } from "./single"
import type { Start } from "./start"

const most = { coldStart: 400, memory: 180 }

export function printCells(cells: MeasuredCell[]): void {
  if (cells.length === 0) return
  print([
    ["32 connections", "raw/s", "ours/s", "raw CPU", "our CPU", "by CPU", "ratio", "target", ""],
    ...cells.map(({ name, raw, ours, ratio, target }) => [
      name,
      whole(raw.perSecond),
      whole(ours.perSecond),
      `${whole(raw.cpu)} µs`,
      `${whole(ours.cpu)} µs`,
      percent(raw.cpu / ours.cpu),
      percent(ratio),
      percent(target),
      ratio >= target ? "reached" : `short by ${percent(target - ratio)}`,
    ]),
  ])
  const waiting = cells.filter(({ raw }) => raw.busy < 0.9).map(({ name }) => name)
  if (waiting.length > 0) {
    console.log(
      `Raw did not fill its core (it waited for the disk, for mail, or for a busy machine): ${waiting.join("; ")}.\n` +
        "Where it waited for the machine, the column by CPU says more than the ratio.",
    )
  }
}

export function printSingle(single: Single[]): void {
  print([
    ["one connection", "p50", "p99"],
    ...single.map(({ name, p50, p99 }) => [name, `${p50.toFixed(2)} ms`, `${p99.toFixed(2)} ms`]),
  ])
}

/** A page of a large organisation may take twice as long as that of a small one. */
const mostTimes = 2

export function printOrganization(pages: OrganizationPage[]): void {
  print([
    ["10,000 members, 100,000 audit lines", "small", "large", "times", "limit", ""],
    ...pages.map(({ name, small, large, ratio }) => [
      name,
      `${small.toFixed(2)} ms`,
      `${large.toFixed(2)} ms`,
      ratio.toFixed(2),
      String(mostTimes),
      ratio <= mostTimes ? "reached" : `over by ${(ratio - mostTimes).toFixed(2)}`,
    ]),
  ])
}

export function printStart({ coldStart, memory }: Start): void {
  const verdict = (value: number, limit: number, unit: string) =>
    value <= limit ? "reached" : `over by ${whole(value - limit)} ${unit}`
  print([
    ["process", "ours", "limit", ""],
    [
      "cold start",
      `${whole(coldStart)} ms`,
      `${most.coldStart} ms`,
      verdict(coldStart, most.coldStart, "ms"),
    ],
    [
      "memory after 5,000 requests",
      `${whole(memory)} MB`,
      `${most.memory} MB`,
      verdict(memory, most.memory, "MB"),
    ],
  ])
}

function print(rows: string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const padded = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  console.log(`\n${rows.map(row => row.map(padded).join("   ").trimEnd()).join("\n")}`)
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en")
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}
