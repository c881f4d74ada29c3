import { expect, test } from "vitest"
import { z } from "zod"
import { refusingUnknown } from "~/http/api/strict-body.server"
import { fieldsOf } from "~/http/api/strict-json.server"
import { db } from "~/platform/db.server"
import { call, codeOf, mailed } from "../support/mailed-program"
import { Program, signInProgram } from "../support/program"
import { setUpWorld } from "../support/world"

const world = setUpWorld()
const unknown = ["There is no such field here."]

/** What is said of a body by this schema, made strict. */
const said = (schema: z.ZodType, body: unknown) => {
  const read = refusingUnknown(schema).safeParse(body)
  return read.success ? read.data : fieldsOf(read.error)
}

test("[A1] a field that does not exist is refused by its name, and nothing changes", async () => {
  const w = await world()
  const p = await signInProgram(new Program(w.url), w.cast.alice)
  const before = await db().organization.findUniqueOrThrow({ where: { slug: "acme" } })
  const refused = await p.call("PATCH", "/api/organizations/acme", {
    name: "Acme 2",
    slug: "acme2",
    billingEmail: "x@acme.test",
  })
  expect([refused.status, refused.json.error.code]).toEqual([400, "invalid_input"])
  expect(refused.json.error.fields).toEqual({ slug: unknown, billingEmail: unknown })
  expect(await db().organization.findUniqueOrThrow({ where: { slug: "acme" } })).toEqual(before)
  const good = await p.call("PATCH", "/api/organizations/acme", { name: "Acme 2" })
  expect([good.status, good.json.name]).toEqual([200, "Acme 2"])
})

test("[L4] the link and the code of a mail are not taken together, and neither is spent by it", async () => {
  const w = await world()
  const { token, request, code } = await mailed(w, "alice@acme.test")
  const verify = "/api/auth/verify"
  const odd = await call(w.browser(), verify, { token, remember: true })
  expect([...codeOf(odd), odd.json.error.fields]).toEqual([400, "invalid_input", { remember: unknown }])
  expect(codeOf(await call(w.browser(), verify, { token, request, code }))).toEqual([400, "invalid_input"])
  expect((await call(w.browser(), verify, { request, code })).status).toBe(200)
})

test("[A1] bodies of every make are strict: refined, of several shapes, with something for none; what is inside a field is not", () => {
  const refined = z
    .object({ a: z.string().optional(), b: z.string().optional() })
    .refine(({ a, b }) => a || b)
  expect(said(refined, { a: "1", c: 1 })).toEqual({ c: unknown })
  expect(said(refined, {})).toEqual({ "": ["Invalid input"] })
  const shapes = z.discriminatedUnion("is", [
    z.object({ is: z.literal("one") }),
    z.object({ is: z.literal("two"), two: z.int() }),
  ])
  expect(said(shapes, { is: "one", two: 2 })).toEqual({ two: unknown })
  expect(said(shapes, { is: "two", two: 2 })).toEqual({ is: "two", two: 2 })
  for (const none of [
    z.object({ a: z.int().default(7) }).prefault({}),
    z.object({ a: z.int() }).default({ a: 7 }),
  ]) {
    expect(said(none, undefined)).toEqual({ a: 7 })
    expect(said(none, { a: 1, b: 2 })).toEqual({ b: unknown })
  }
  expect(said(refined, { a: "1", toString: 1 })).toEqual(Object.fromEntries([["toString", unknown]]))
  const nested = z.object({ passkey: z.object({ id: z.string() }) })
  expect(said(nested, { passkey: { id: "x", more: 1 } })).toEqual({ passkey: { id: "x" } })
  const named = z.object({ a: z.string() }).meta({ id: "OnlyHere", description: "Said of it." })
  expect(refusingUnknown(named).meta()).toEqual({ id: "OnlyHere", description: "Said of it." })
})
