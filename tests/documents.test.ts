import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { handledTypes } from "~/domain/billing/event-topics"

const stripe = readFileSync("docs/stripe.md", "utf8")
const readme = readFileSync("README.md", "utf8")

test("[B4] docs/stripe.md names the events the app handles, all and only", () => {
  const listed = /these events:\s+```\n([\s\S]*?)```/.exec(stripe)?.[1]?.trim().split("\n")
  expect(listed?.sort()).toEqual([...handledTypes].sort())
})

test("[R1] every command the README names exists, and every path", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"))
  const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(match => match[1] ?? "")
  expect(named.filter(name => !(name in scripts))).toEqual([])
  const files = [...readme.matchAll(/`(docs\/[\w./-]+|fly\.toml|\.env\.example|tests\/[\w./-]+\.ts)`/g)].map(
    m => m[1] ?? "",
  )
  expect(files.filter(file => !existsSync(file))).toEqual([])
})

test.skipIf(!existsSync(".git"))("[R3] what docs/compose.yaml has you create stays out of git", () => {
  const compose = readFileSync("docs/compose.yaml", "utf8")
  const created = [...compose.matchAll(/^#.*?(?:> |touch )(docs\/\S+)/gm)].map(match => match[1] ?? "")
  expect(created).toEqual(["docs/.env", "docs/app-secret", "docs/gatehouse.env"])
  const ignored = spawnSync("git", ["check-ignore", ...created], { encoding: "utf8" }).stdout.trim()
  expect(ignored.split("\n")).toEqual(created)
})
