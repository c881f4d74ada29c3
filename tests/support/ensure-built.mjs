// Builds into build/ unless it holds a build of exactly these sources (each build empties it, the stamp included).
// Safe to run from several processes at once.
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "../..")
const stamp = join(root, "build/server/.sources")
const lock = join(root, ".cache/build.lock")
const sources = [
  "app",
  "public",
  "prisma/schema.prisma",
  "server.ts",
  "vite.config.ts",
  "tsconfig.json",
  "package-lock.json",
]
/** A build takes a minute or two; a lock older than this belongs to a process that died. */
const lockMs = 400_000

if (!isBuilt()) {
  await takeLock()
  try {
    if (!isBuilt()) build()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hashSources()
}

function hashSources() {
  const hash = createHash("sha256")
  for (const path of sources.flatMap(source => filesBelow(join(root, source)))) {
    hash.update(`${path}\0`).update(readFileSync(path))
  }
  return hash.digest("hex")
}

function filesBelow(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap(name => filesBelow(join(path, name)))
}

function build() {
  process.stdout.write("Building the app. This takes a minute or two, and is needed once for each change.\n")
  const sourcesBuilt = hashSources()
  const remix = join(root, "node_modules/@remix-run/dev/dist/cli.js")
  const result = spawnSync(process.execPath, [remix, "vite:build"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production" },
  })
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}\nThe build failed.\n`)
    process.exitCode = 1
    return
  }
  writeFileSync(stamp, sourcesBuilt)
}

async function takeLock() {
  mkdirSync(dirname(lock), { recursive: true })
  for (;;) {
    try {
      return mkdirSync(lock)
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > lockMs) rmSync(lock, { recursive: true, force: true })
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}
