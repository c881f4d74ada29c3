import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3"
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils"
import type { SchemaEngine as Engine, MigrationDirectory } from "@prisma/schema-engine-wasm"
import * as engineGlue from "@prisma/schema-engine-wasm/schema_engine_bg"
import { readMigrations } from "../app/platform/migration-files.server"

const none = { externalTables: [], externalEnums: [] }

/**
 * The SQL that leads from the state after the given migrations to schema.prisma; empty when they agree.
 * The schema engine runs as WebAssembly on a database in memory, so nothing is downloaded and no file is touched.
 */
export async function schemaDiff(folder: string, schemaFile: string, without?: string): Promise<string> {
  const schema = { path: schemaFile, content: readFileSync(schemaFile, "utf8") }
  const migrationDirectories: MigrationDirectory[] = readMigrations(folder)
    .filter(migration => migration.name !== without)
    .map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
    }))
  const engine = await startEngine(schema)
  const lockfile = { path: "migration_lock.toml", content: 'provider = "sqlite"\n' }
  const from = {
    tag: "migrations" as const,
    baseDir: folder,
    lockfile,
    shadowDbInitScript: "",
    migrationDirectories,
  }
  const to = { tag: "schemaDatamodel" as const, files: [schema] }
  const result = await engine.diff({ from, to, script: true, exitCode: true, filters: none })
  return result.exitCode === 0 ? "" : (result.stdout ?? "")
}

let loaded: typeof Engine | undefined

async function startEngine(schema: { path: string; content: string }): Promise<Engine> {
  loaded ??= await loadEngine()
  return loaded.new(
    { datamodels: [[schema.path, schema.content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new ScriptingSqlite({ url: ":memory:" })),
  )
}

/** The engine hands a whole migration to executeRaw; better-sqlite3 prepares one statement at a time. */
class ScriptingSqlite extends PrismaBetterSqlite3 {
  override async connectToShadowDb() {
    const shadow = await super.connectToShadowDb()
    const executeRaw = shadow.executeRaw.bind(shadow)
    shadow.executeRaw = async query => {
      if (query.args.length > 0) return executeRaw(query)
      await shadow.executeScript(query.sql)
      return 0
    }
    return shadow
  }
}

/** Node 20 cannot import .wasm files, so the package's own two lines of start-up are done by hand. */
async function loadEngine(): Promise<typeof Engine> {
  const require = createRequire(import.meta.url)
  const folder = join(require.resolve("@prisma/schema-engine-wasm"), "..")
  const file = join(folder, "schema_engine_bg.wasm")
  if (!existsSync(file)) throw new Error(`The schema engine is missing: ${file}. Run npm install.`)
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    "./schema_engine_bg.js": engineGlue,
  })
  engineGlue.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === "function") start()
  return engineGlue.SchemaEngine
}
