import { existsSync } from "node:fs"
import { closeDatabase, openDatabase } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { publishNextKey, replaceSigningKeys } from "~/platform/signing-keys.server"

/** Milliseconds until the next key signs: twice what others may keep our key set. */
const ahead = 10 * 60 * 1000

const expected = ["SettingsError", "MigrationError"]

if (existsSync(".env")) process.loadEnvFile(".env")
const given = process.argv.slice(2)
const atOnce = given[0] === "--now"
if (given.length > (atOnce ? 1 : 0)) end("Usage: npm run keys:rotate [-- --now]")
else await run()

async function run() {
  try {
    // A new file would be a new installation: its keys are nobody's.
    if (!existsSync(env().databaseFile)) return end(`There is no database at ${env().databaseFile}.`)
    await openDatabase()
    const { id, signsFrom } = atOnce ? await replaceSigningKeys() : await publishNextKey(ahead)
    if (atOnce) end(`Key ${id} signs from now on. Every access token made before is worth nothing.`, 0)
    else end(`Key ${id} is published, and signs from ${signsFrom.toISOString()}.`, 0)
  } catch (error) {
    if (error instanceof Error && expected.includes(error.name)) end(error.message)
    else throw error
  } finally {
    await closeDatabase()
  }
}

function end(words: string, code = 1) {
  process.stdout.write(`${words}\n`)
  process.exitCode = code
}
