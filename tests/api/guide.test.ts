import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, onTestFinished, test } from "vitest"
import { db } from "~/platform/db.server"
import { buildMembership, buildUser } from "../support/cast"
import { setUpWorld, type World } from "../support/world"

/* The first calls of docs/api.md, run by bash and curl as they stand there; the answers must be what it says they are. */

const world = setUpWorld()
const guide = readFileSync("docs/api.md", "utf8")
const run = promisify(execFile)

/** What the guide has its reader do and see, in its order. */
const steps =
  /```sh call\n(?<call>[\s\S]*?)```|Answers `(?<status>\d{3})`|```json answer\n(?<answer>[\s\S]*?)```|Keep `(?<path>[\w.]+)` as `\$(?<name>\w+)`|into `\$(?<code>CODE)`/g

test("[A1] the first calls of the guide work as they stand there, and are answered as it says", async () => {
  const w = await world()
  const shell = await reader(w)
  let last: { status: number; json: unknown } | undefined
  const done = { calls: 0, statuses: 0, answers: 0 }
  for (const { groups = {} } of guide.matchAll(steps)) {
    const { call, status, answer, path, name, code } = groups
    if (call) {
      last = await shell.call(call)
      done.calls += 1
    } else if (status) {
      expect(last?.status, JSON.stringify(last?.json)).toBe(Number(status))
      done.statuses += 1
    } else if (answer) {
      expect(last?.json).toEqual(pattern(JSON.parse(answer)))
      done.answers += 1
    } else if (path && name) {
      shell.keep(name, String(at(last?.json, path)))
    } else if (code) {
      await w.settle()
      shell.keep(code, w.mailbox.latestTo(shell.email).code ?? "")
    }
  }
  expect(done).toEqual({ calls: 8, statuses: 8, answers: 8 })
})

test("[A1] every address the guide names is one of the document", async () => {
  const document = await (await fetch(`${(await world()).url}/api/openapi.json`)).json()
  const paths = Object.keys(document.paths).map(path => path.replace(/\{\w+\}/g, "*"))
  const named = [...guide.matchAll(/\/api\/[\w/$-]+/g)].map(([path]) => path.replace(/\$\w+/g, "*"))
  const others = ["/api/docs", "/api/openapi", "/api/auth"]
  expect(named.length).toBeGreaterThan(12)
  expect(named.filter(path => !paths.includes(path) && !others.includes(path))).toEqual([])
})

/** Whoever reads the guide, in a folder of their own, as the person of its answers. */
async function reader(w: World) {
  const email = /export EMAIL=(\S+)/.exec(guide)?.[1] ?? ""
  const user = await buildUser(db(), { name: "Alice Archer", email })
  await buildMembership(db(), { user, organization: w.cast.acme, role: "owner" })
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-guide-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  // So that the commands themselves need not ask for the status.
  writeFileSync(join(folder, ".curlrc"), 'silent\nshow-error\nwrite-out = "\\n%{http_code}"\n')
  const kept: Record<string, string> = { GATEHOUSE: w.url, EMAIL: email }
  return {
    email,
    keep: (name: string, value: string) => {
      kept[name] = value
    },
    call: async (command: string) => {
      const env = { ...process.env, CURL_HOME: folder, ...kept }
      const { stdout } = await run("bash", ["-euo", "pipefail", "-c", command], { cwd: folder, env })
      const [, body = "", status] = /^([\s\S]*)\n(\d{3})$/.exec(stdout) ?? []
      return { status: Number(status), json: JSON.parse(body) }
    },
  }
}

/** The value at a path with dots. */
function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined
    return Object.entries(inner).find(([name]) => name === key)?.[1]
  }, value)
}

/** What an answer must hold, and may hold more of: what the guide shows, where “…” stands for any text that goes on so. */
function pattern(shown: unknown): ReturnType<typeof JSON.parse> {
  if (Array.isArray(shown)) return expect.arrayContaining(shown.map(pattern))
  if (typeof shown === "string" && shown.endsWith("…"))
    return expect.stringMatching(new RegExp(`^${shown.slice(0, -1)}.`))
  if (typeof shown !== "object" || shown === null) return shown
  const inner = Object.entries(shown).map(([name, value]) => [name, pattern(value)])
  return expect.objectContaining(Object.fromEntries(inner))
}
