import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

export type Migration = { name: string; sql: string; checksum: string }

/** Where the migrations lie: below the directory the process was started in, in development and in the container. */
export const migrationsFolder = () => join(process.cwd(), "prisma/migrations")

/** Every migration below `folder`, oldest first. The checksum is Prisma's: SHA-256 of the file in hex. */
export function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(join(folder, entry.name, "migration.sql")))
    .map(entry => entry.name)
    .sort()
    .map(name => {
      const sql = readFileSync(join(folder, name, "migration.sql"), "utf8")
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") }
    })
}
