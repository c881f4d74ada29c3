import { createHash } from "node:crypto"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { closeDatabase, openDatabase } from "~/platform/db.server"
import { migrationsFolder, readMigrations } from "~/platform/migration-files.server"
import { migrate } from "~/platform/migrations.server"

export type FreshDatabase = { file: string; close: () => Promise<void> }

/**
 * Opens an empty, migrated database of its own for one test: a copy of a template that is made once for each state of
 * the migrations. Call `close` after the test; it also removes the file.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { file, remove } = await freshFile()
  await openDatabase(file)
  return {
    file,
    close: async () => {
      await closeDatabase()
      remove()
    },
  }
}

/** The same file without opening it: for a server in a process of its own. */
export async function freshFile(): Promise<{ file: string; remove: () => void }> {
  const template = await migratedTemplate()
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"))
  const file = join(folder, "gatehouse.sqlite")
  copyFileSync(template, file)
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Several workers may make it at once: each its own file, and renaming puts one whole file in place. */
async function migratedTemplate(): Promise<string> {
  const state = createHash("sha256")
  for (const { name, checksum } of readMigrations(migrationsFolder())) state.update(`${name} ${checksum}\n`)
  const folder = resolve("node_modules/.cache/gatehouse")
  const template = join(folder, `template-${state.digest("hex").slice(0, 16)}.sqlite`)
  if (existsSync(template)) return template
  mkdirSync(folder, { recursive: true })
  const own = `${template}.${process.pid}.${performance.now()}`
  await migrate(own)
  renameSync(own, template)
  return template
}
