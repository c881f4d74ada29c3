import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { readMigrations } from "../app/platform/migration-files.server"
import { schemaDiff } from "./schema-diff"

const folder = join(process.cwd(), "prisma/migrations")
const schemaFile = join(process.cwd(), "prisma/schema.prisma")
const usage = `Usage: npm run db:migration <name> [-- --again]

Writes prisma/migrations/<time>_<name>/migration.sql: what leads from the migrations to prisma/schema.prisma.
Read it, and add what only you know (such as filling a new column), before you commit it.
--again writes the newest migration anew, in its place. Only for one that no database has applied yet.`

function refuse(words: string): never {
  console.error(words)
  process.exit(1)
}

const again = process.argv.includes("--again")
const name = process.argv.slice(2).find(argument => !argument.startsWith("--"))
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) refuse(`${usage}\n\nA name is lower-case words: add_coupons`)

const newest = readMigrations(folder).at(-1)?.name
const replaced = again ? newest : undefined
if (again && newest?.replace(/^\d+_/, "") !== name) {
  refuse(`The newest migration is ${newest ?? "none"}; only that one can be written again.`)
}

const sql = await schemaDiff(folder, schemaFile, replaced)
if (!sql) refuse("schema.prisma and the migrations agree: there is nothing to write.")

const time = new Date().toISOString().replace(/\D/g, "").slice(0, 14)
const directory = join(folder, replaced ?? `${time}_${name}`)
mkdirSync(directory, { recursive: true })
writeFileSync(join(directory, "migration.sql"), sql)
console.log(`Wrote ${join(directory, "migration.sql")}`)
