import Sqlite from "better-sqlite3"
import { expect, test, vi } from "vitest"
import { createApiKey } from "~/domain/organizations/api-keys.server"
import { apiScopeList } from "~/domain/organizations/api-scopes"
import { type Method, methods, resources } from "~/http/api/resource.server"
import { failures } from "~/http/failures.server"
import { Dice } from "../stand-ins/stripe/dice"
import { member, requester } from "../support/membership"
import { oddBodies, oddBytes, randomJson, sample } from "../support/odd-input"
import { Program, signInProgram } from "../support/program"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

/*
 * Everything the document tells of is asked for in every way but the right one, by everybody. It must be refused, in the one shape,
 * and leave the database as it was. FUZZ_SEED=… plays another run.
 */

vi.setConfig({ testTimeout: 180_000 })
const seed = Number(process.env.FUZZ_SEED ?? 20_261_120)
const world = setUpBillingWorld()

type Parameter = { name: string; in: string; schema?: unknown }
type Operation = {
  method: Method
  /** With its parameters, `/api/organizations/{slug}`. */
  path: string
  parameters: Parameter[]
  body: unknown
  /** Whether what `body` tells takes this value: then it is not sent. */
  fits: (value: unknown) => Promise<boolean>
  /** Who gets past the question who calls. */
  callers: Caller[]
  creates: boolean
  /** What the document says of each status. */
  told: Record<string, { description: string }>
}

type Caller = "guest" | "cookie" | "token" | "key"
const everybody: Caller[] = ["guest", "cookie", "token", "key"]
type Headers = Record<string, string>
type Sent = {
  operation: Operation
  caller: Caller
  url: string
  body?: string | Uint8Array<ArrayBuffer>
  headers?: Headers
}

/** All operations, from the document as the app serves it. */
async function operationsOf(w: BillingWorld): Promise<Operation[]> {
  const document = await (await fetch(`${w.url}/api/openapi.json`)).json()
  const schemas = document.components.schemas
  return Object.entries<Record<string, ReturnType<typeof JSON.parse>>>(document.paths).flatMap(
    ([path, item]) =>
      methods.flatMap(method => {
        const told = item[method.toLowerCase()]
        if (!told) return []
        const declared = resources().get(path.replace(/\{(\w+)\}/g, ":$1"))?.[method]?.declaration
        if (!declared) throw new Error(`${method} ${path} is told, but not declared.`)
        const secured: string[] = told.security.flatMap((one: object) => Object.keys(one))
        const known = { cookie: "session", token: "token", key: "key" } as const
        const callers = everybody.filter(who =>
          who === "guest"
            ? declared.who === "anyone"
            : secured.includes(known[who]) || declared.who === "anyone",
        )
        const schema = told.requestBody?.content["application/json"].schema
        return {
          method,
          path,
          parameters: told.parameters ?? [],
          body: schema && sample(schema, schemas),
          fits: async (value: unknown) =>
            declared.body?.safeParseAsync(value).then(({ success }) => success) ?? true,
          callers,
          creates: declared.creates !== undefined,
          told: told.responses,
        }
      }),
  )
}

/** What each caller shows to be known by. */
async function credentials(w: BillingWorld): Promise<Record<Caller, Headers>> {
  const browser = await enter(w.browser(), w.cast.alice)
  const program = await signInProgram(new Program(w.url), w.cast.alice)
  const scopes = [...apiScopeList]
  const made = await createApiKey(
    await member(w.cast.alice, "acme"),
    { name: "x", scopes, expiresAt: null },
    requester,
  )
  if (!made.ok) throw new Error(made.error)
  return {
    guest: { Origin: w.url },
    cookie: { Origin: w.url, Cookie: `gatehouse=${browser.cookies.get("gatehouse")}` },
    token: { Authorization: `Bearer ${program.accessToken}` },
    key: { Authorization: `Bearer ${made.value.key}` },
  }
}

/** A hash of every table, but for what counts how often somebody asks. */
function stateOf(w: BillingWorld): Record<string, string> {
  const database = new Sqlite(w.database.file, { readonly: true })
  const names = database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
  const state = names
    .filter(({ name }) => name !== "RateLimit")
    .map(({ name }) => [name, JSON.stringify(database.prepare(`SELECT * FROM "${name}" ORDER BY 1`).all())])
  database.close()
  return Object.fromEntries(state)
}

const filled = (path: string, params: Record<string, string>) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? "0".repeat(32)))

/** Names and ids that nothing has. */
const oddNames = [
  "x",
  "0".repeat(32),
  "x".repeat(1_000),
  "😀",
  "a\0b",
  "a/b",
  "__proto__",
  "constructor",
  "' OR 1=1 --",
  "%",
  "%2e%2e",
  "null",
  "-1",
  "{}",
]
const oddTypes = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
  "text/json",
  "",
]

/** Everything an operation is asked in wrong ways: by all who get as far as what was sent, in turn, and a little by the others. */
async function questionsFor(operation: Operation, dice: Dice): Promise<Sent[]> {
  const { method, path, parameters, body, callers } = operation
  const place = filled(path, { slug: "acme" })
  const sent: Sent[] = []
  let turn = dice.between(0, 3)
  const add = (url: string, rest: Partial<Sent> = {}) => {
    turn += 1
    sent.push({ operation, url, caller: callers[turn % callers.length] ?? "guest", ...rest })
  }
  // Refused by the front, whoever calls, and whether or not a body is taken.
  const json = JSON.stringify(body ?? {})
  if (method !== "GET") {
    for (const type of oddTypes) add(place, { body: json, headers: { "Content-Type": type } })
    add(place, { body: json, headers: { "Content-Encoding": "gzip" } })
    add(place, { body: `{"a":"${"x".repeat(70_000)}"}` })
  }
  const ids = parameters.filter(one => one.in === "path").map(one => one.name)
  const last = ids.at(-1)
  if (last)
    for (const odd of oddNames)
      add(filled(path, { slug: "acme", [last]: odd }), { body: body === undefined ? undefined : json })
  if (method === "GET") {
    for (const { name } of parameters.filter(one => one.in === "query"))
      for (const odd of ["", ...oddNames, "9".repeat(400), "2026-13-45"])
        add(`${place}?${new URLSearchParams([[name, odd]])}`)
    for (const query of [
      "?%00=%ff&a[$gt]=",
      "?__proto__=1&__proto__=2",
      "?limit=1&limit=2",
      `?${"a&".repeat(2_000)}`,
    ])
      add(place + query)
  }
  if (body === undefined) return sent
  const wrong = dice.shuffle([...oddBodies(body), ...Array.from({ length: 8 }, () => randomJson(dice))])
  for (const value of wrong.slice(0, 40))
    if (!(await operation.fits(value))) add(place, { body: JSON.stringify(value) })
  for (const bytes of oddBytes(body)) add(place, { body: bytes })
  if (operation.creates)
    for (const key of ["", "a b", "x".repeat(256)])
      add(place, { body: json, headers: { "Idempotency-Key": key } })
  for (const caller of everybody.filter(who => !callers.includes(who)))
    for (const value of wrong.slice(0, 3)) add(place, { caller, body: JSON.stringify(value) })
  return sent
}

/** Told once for all in the document. */
const anywhere = ["malformed", "method_not_allowed", "too_large", "json_expected"]

/** What is wrong with an answer, if anything. */
async function faultOf({ operation, body }: Sent, answer: Response): Promise<string | undefined> {
  const { status, headers } = answer
  const text = await answer.text()
  if (/<html|<!doctype|\bat [\w.]+ \(|\.tsx?:\d|node_modules/i.test(text))
    return `tells too much: ${text.slice(0, 200)}`
  if (status < 400)
    return operation.method === "GET" ? undefined : `${status} for ${String(body).slice(0, 200)}`
  if (status >= 500) return `${status} ${text.slice(0, 200)}`
  if (!headers.get("Content-Type")?.startsWith("application/json")) return `is ${headers.get("Content-Type")}`
  const { error, ...others } = JSON.parse(text)
  const { code, message, fields, requestId, ...more } = error
  if (Object.keys({ ...others, ...more }).length > 0) return `has another shape: ${text.slice(0, 200)}`
  if (!Object.hasOwn(failures, code) || typeof message !== "string") return `has the code ${code}`
  if (!anywhere.includes(code) && !operation.told[status]?.description.includes(`\`${code}\``))
    return `answers ${status} ${code}, which the document does not tell`
  if (requestId !== headers.get("X-Request-Id")) return "has no id, or another one"
  if (fields && !Object.values(fields).every(words => Array.isArray(words))) return `has odd fields: ${text}`
  if (status === 405 && !headers.get("Allow")) return "does not say what is allowed"
  if (status === 429 && !headers.get("Retry-After")) return "does not say when to come back"
  return undefined
}

test("[A1] whatever is sent to the API, it is refused in the one shape, and nothing changes", async () => {
  const w = await world()
  const dice = new Dice(seed)
  const known = await credentials(w)
  const operations = await operationsOf(w)
  const questions = (await Promise.all(operations.map(one => questionsFor(one, dice)))).flat()
  const before = stateOf(w)
  const faults: string[] = []
  const ask = async (sent: Sent) => {
    const { operation, caller, url, body, headers } = sent
    const type: Headers = body === undefined ? {} : { "Content-Type": "application/json" }
    const method = operation.method
    const all = { "User-Agent": "fuzz", ...type, ...known[caller], ...headers }
    const answer = await fetch(w.url + url, { method, headers: all, body, redirect: "manual" })
    const fault = await faultOf(sent, answer)
    if (fault) faults.push(`${method} ${url.slice(0, 120)} as ${caller}: ${fault}`)
  }
  for (let at = 0; at < questions.length; at += 8) await Promise.all(questions.slice(at, at + 8).map(ask))
  expect(faults, `seed ${seed}`).toEqual([])
  const after = stateOf(w)
  const changed = Object.keys(before).filter(name => before[name] !== after[name])
  expect(changed, `seed ${seed}`).toEqual([])
  // Nothing was left out: every operation was asked, and everybody asked.
  expect(questions.length).toBeGreaterThan(operations.length * 5)
  expect(new Set(questions.map(({ caller }) => caller)).size).toBe(everybody.length)
})
