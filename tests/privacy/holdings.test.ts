import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { holdings } from "~/domain/privacy/holdings"

const schema = readFileSync("prisma/schema.prisma", "utf8")

/** Columns that can hold somebody: an id, an address, an account elsewhere, where they came from. */
const personal =
  /^\s+(\w*(?:[uU]serId|[eE]mail\w*|recipient|clientAddress|userAgent|ById|By|payload|value|passwordHash|account))\s+\w+/gm
/** They look so, and hold nobody. */
const harmless = ["RetainedRecord.value", "Setting.value"]

function tablesOfPeople(): string[] {
  const models = [...schema.matchAll(/^model (\w+) \{([^}]*)\}/gm)]
  return models.flatMap(([, model = "", body = ""]) => {
    const columns = [...body.matchAll(personal)].map(([, column]) => `${model}.${column}`)
    return columns.some(column => !harmless.includes(column)) ? [model] : []
  })
}

test("[S15] every table that can hold a person says what its export tells and what deletion does", () => {
  const tables = tablesOfPeople()
  expect(tables.length).toBeGreaterThan(20)
  // What is told through the person's own rows has no column of its own for them.
  const through = ["Setting", "RecoveryCode", "RefreshToken", "User"]
  expect(tables.filter(table => !(table in holdings))).toEqual([])
  const models = [...schema.matchAll(/^model (\w+) /gm)].map(([, name]) => name)
  expect(Object.keys(holdings).filter(table => !models.includes(table))).toEqual([])
  expect(Object.keys(holdings).filter(table => !tables.includes(table) && !through.includes(table))).toEqual(
    [],
  )
})
