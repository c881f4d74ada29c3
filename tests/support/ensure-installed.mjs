// Installs what is missing, so that every command works straight after `git clone`. Plain Node: nothing is installed yet.
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "../..")
const at = path => join(root, path)

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Gatehouse needs Node 20.19 or newer; this is ${process.versions.node}. Install it from https://nodejs.org.`,
  )
}
if (!isInstalled()) {
  process.stdout.write("Installing packages. The first time this takes a few minutes.\n")
  run(
    "npm",
    ["install", "--no-audit", "--no-fund"],
    "The packages could not be installed. Check the network and run: npm install",
  )
}
if (!isGenerated()) {
  process.stdout.write("Making the database client.\n")
  run(
    process.execPath,
    [at("node_modules/prisma/build/index.js"), "generate"],
    "The database client could not be made. Run: npx prisma generate",
  )
}

/** Whether every package of the lock file lies in node_modules in its version. Optional ones belong to other platforms. */
function isInstalled() {
  if (!existsSync(at("node_modules/.package-lock.json"))) return false
  const wanted = packagesOf("package-lock.json")
  const found = packagesOf("node_modules/.package-lock.json")
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === "" || optional || devOptional || peer || found[path]?.version === version,
  )
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(at(file), "utf8")).packages ?? {}
  } catch {
    return {}
  }
}

function isGenerated() {
  const client = at("prisma/generated/client.ts")
  return existsSync(client) && statSync(client).mtimeMs >= statSync(at("prisma/schema.prisma")).mtimeMs
}

function run(command, args, advice) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" })
  if (result.status === 0) return
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`)
  fail(advice)
}

function fail(words) {
  process.stderr.write(`${words}\n`)
  process.exit(1)
}
