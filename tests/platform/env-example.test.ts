import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { environment } from "~/platform/environment.server"

const documented = new Map(
  readFileSync(".env.example", "utf8")
    .split("\n")
    .flatMap(line => {
      const [, name, value] = /^# ([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? []
      return name ? [[name, value ?? ""] as const] : []
    }),
)

test("[R2] .env.example names every setting, and no other", () => {
  expect([...documented.keys()].sort()).toEqual(Object.keys(environment.shape).sort())
})

test("[R2] .env.example tells the true defaults", () => {
  const nothing = environment.parse({})
  const asDocumented = environment.parse(Object.fromEntries(documented))
  expect(asDocumented).toEqual(nothing)
  const silent = Object.entries(nothing).filter(
    ([name, value]) => value !== undefined && !documented.get(name),
  )
  expect(silent.filter(([, value]) => !Array.isArray(value) || value.length > 0)).toEqual([])
})

test("[R2] .env.example says of every setting what it means", () => {
  const lines = readFileSync(".env.example", "utf8").split("\n")
  const setting = /^# [A-Z][A-Z_]+=/
  const unexplained = lines.filter(
    (line, at) => setting.test(line) && !/^# (?![A-Z][A-Z_]+=|──)/.test(lines[at - 1] ?? ""),
  )
  expect(unexplained).toEqual([])
})
