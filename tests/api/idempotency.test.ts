import { expect, test } from "vitest"
import { createApiKey } from "~/domain/organizations/api-keys.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { unseal } from "~/platform/sealed.server"
import { minutes } from "../support/clock"
import { member, requester } from "../support/membership"
import { Program, signInProgram } from "../support/program"
import { setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"
import type { World } from "../support/world"

const world = setUpBillingWorld()
const keys = "/api/organizations/acme/keys"
const checkout = "/api/billing/create-checkout-session"
const wish = { name: "CI", scopes: ["members:read"] }
const purchase = { plan: "starter", interval: "month", email: "dora@example.test", businessName: "Dora" }

const programOf = (w: World, user = w.cast.alice) => signInProgram(new Program(w.url), user)

/** Posts with a key as the person's program. */
function post(program: Program, key: string, body: unknown = wish, path = keys) {
  const Authorization = `Bearer ${program.accessToken}`
  return program.send("POST", path, body, { Authorization, "Idempotency-Key": key })
}

/** Posts as somebody nobody knows. */
const asGuest = (w: World, key: string, body: unknown = purchase) =>
  new Program(w.url).send("POST", checkout, body, { Origin: w.url, "Idempotency-Key": key })

test("[A3] asked again with the same key, the first answer comes again, and nothing more is made", async () => {
  const w = await world()
  const alice = await programOf(w)
  const first = await post(alice, "one")
  const again = await post(alice, "one")
  expect([first.status, again.status]).toEqual([201, 201])
  const { key, ...kept } = first.json
  expect(key).toMatch(/^gatehouse_/)
  expect(again.json).toEqual(kept)
  expect(first.headers.get("Idempotent-Replayed")).toBeNull()
  expect(again.headers.get("Idempotent-Replayed")).toBe("true")
  expect(again.headers.get("Content-Type")).toBe(first.headers.get("Content-Type"))
  expect(again.headers.get("Cache-Control")).toContain("no-store")
  expect(await db().apiKey.count()).toBe(1)
  const rows = JSON.stringify(await db().idempotentAnswer.findMany())
  expect(rows).not.toContain(key)
  const { id, answer } = await db().idempotentAnswer.findFirstOrThrow()
  const opened = unseal(`idempotent answer:${id}`, answer ?? "")
  expect(opened).toContain(kept.id)
  expect(opened).not.toContain(key)
  await post(alice, "two")
  await alice.call("POST", keys, wish)
  expect(await db().apiKey.count()).toBe(3)
})

test("[A3] the same key with something else is refused, and changes nothing of what it stood for", async () => {
  const w = await world()
  const alice = await programOf(w)
  const first = await post(alice, "one")
  const other = await post(alice, "one", { ...wish, name: "Other" })
  expect([other.status, other.json.error.code]).toEqual([422, "idempotency_key_reused"])
  const { key: _, ...kept } = first.json
  expect((await post(alice, "one")).json).toEqual(kept)
  expect(await db().apiKey.count()).toBe(1)
})

test("[A3] a key counts for the endpoint, however its address is spelled, and for each organisation by itself", async () => {
  const w = await world()
  const alice = await programOf(w)
  const first = await post(alice, "one")
  for (const path of [
    `${keys}/`,
    keys.replace("/api/", "/API/"),
    keys.replace("acme", "%61cme"),
    `${keys}?`,
  ]) {
    const again = await post(alice, "one", wish, path)
    expect([again.status, again.json.id, again.headers.get("Idempotent-Replayed")], path).toEqual([
      201,
      first.json.id,
      "true",
    ])
  }
  expect(await db().apiKey.count()).toBe(1)
  const at = new Date()
  const { alice: user, birch } = w.cast
  await db().membership.create({
    data: {
      id: newId(),
      userId: user.id,
      organizationId: birch.id,
      role: "admin",
      createdAt: at,
      lastUsedAt: at,
    },
  })
  const elsewhere = await post(alice, "one", wish, keys.replace("acme", "birch"))
  expect([elsewhere.status, elsewhere.headers.get("Idempotent-Replayed")]).toEqual([201, null])
  expect(elsewhere.json.id).not.toBe(first.json.id)
})

test("[A3] twenty at once with one key make one thing", async () => {
  const w = await world()
  const alice = await programOf(w)
  const all = await Promise.all(Array.from({ length: 20 }, () => post(alice, "one")))
  expect(await db().apiKey.count()).toBe(1)
  const made = all.filter(({ status }) => status === 201)
  expect(made.length).toBeGreaterThan(0)
  expect(new Set(made.map(({ json }) => json.id)).size).toBe(1)
  expect(made.filter(({ json }) => json.key)).toHaveLength(1)
  for (const { status, json, headers } of all.filter(answer => !made.includes(answer))) {
    expect([status, json.error.code]).toEqual([409, "idempotency_in_progress"])
    expect(headers.get("Retry-After")).toBe("2")
  }
  expect((await post(alice, "one")).json.id).toBe(made[0]?.json.id)
})

test("[A3] another person's key of the same name is another key, and so is a program's", async () => {
  const w = await world()
  const [alice, amir] = [await programOf(w), await programOf(w, w.cast.amir)]
  const [hers, his] = [await post(alice, "one"), await post(amir, "one")]
  expect([hers.status, his.status]).toEqual([201, 201])
  expect(hers.json.key).not.toBe(his.json.key)
  expect(his.headers.get("Idempotent-Replayed")).toBeNull()
  const browser = await enter(w.browser(), w.cast.alice)
  const sent = { "Idempotency-Key": "one", Origin: w.url, Cookie: "" }
  sent.Cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  const inBrowser = await new Program(w.url).send("POST", keys, wish, sent)
  expect([inBrowser.json.id, inBrowser.json.key]).toEqual([hers.json.id, undefined])
  expect(await db().apiKey.count()).toBe(2)
})

test("[A4] who may do it no more is not told again either", async () => {
  const w = await world()
  const amir = await programOf(w, w.cast.amir)
  expect((await post(amir, "one")).status).toBe(201)
  await db().membership.updateMany({ where: { userId: w.cast.amir.id }, data: { role: "member" } })
  expect((await post(amir, "one")).status).toBe(403)
  await db().membership.deleteMany({ where: { userId: w.cast.amir.id } })
  expect((await post(amir, "one")).status).toBe(404)
})

test("[A3] what failed frees its key, and what does not fit never takes one", async () => {
  const w = await world()
  const amir = await programOf(w, w.cast.amir)
  expect((await post(amir, "one", { ...wish, name: 7 })).status).toBe(400)
  const past = await post(amir, "one", { ...wish, expiresAt: "2020-01-01T00:00:00Z" })
  expect([past.status, Object.keys(past.json.error.fields)]).toEqual([400, ["expiresAt"]])
  expect(await db().idempotentAnswer.count()).toBe(0)
  expect((await post(amir, "one")).status).toBe(201)
})

test("[A3] a key that is none is refused by name", async () => {
  const w = await world()
  const alice = await programOf(w)
  for (const key of ["", "a b", "x".repeat(256), "caf\u00e9", "one, two"]) {
    const { status, json } = await post(alice, key)
    expect([status, json.error.code, Object.keys(json.error.fields)], key).toEqual([
      400,
      "invalid_input",
      ["Idempotency-Key"],
    ])
  }
  expect((await post(alice, "x".repeat(255))).status).toBe(201)
  expect((await post(alice, '"~!"')).status).toBe(201)
  expect(await db().apiKey.count()).toBe(2)
})

test("[B1] a guest's purchase begun twice with one key leads to the one payment page, also when much time went by", async () => {
  const w = await world()
  const first = await asGuest(w, "p1")
  expect(first.status).toBe(200)
  expect(first.headers.getSetCookie()).toHaveLength(1)
  w.clock.advance(minutes(11))
  const again = await asGuest(w, "p1")
  expect(again.json).toEqual(first.json)
  // The mark of the browser that began it goes to that one only.
  expect(again.headers.getSetCookie()).toEqual([])
  expect(await db().checkout.count()).toBe(1)
  const anew = await asGuest(w, "p2")
  expect(anew.json.sessionId).not.toBe(first.json.sessionId)
  const alice = await programOf(w)
  const hers = await post(alice, "p1", { plan: "starter", businessName: "Hers" }, checkout)
  expect(hers.json.sessionId).not.toBe(first.json.sessionId)
  expect(await db().checkout.count()).toBe(3)
})

test("[A3] the program of an organisation has keys of its own", async () => {
  const w = await world()
  const made = await createApiKey(
    await member(w.cast.alice, "acme"),
    { name: "CI", scopes: ["members:read"], expiresAt: null },
    requester,
  )
  if (!made.ok) throw new Error(made.error)
  const sent = { Authorization: `Bearer ${made.value.key}`, "Idempotency-Key": "p1" }
  const call = () => new Program(w.url).send("POST", checkout, purchase, sent)
  const [guests, first] = [await asGuest(w, "p1"), await call()]
  expect([guests.status, first.status]).toEqual([200, 200])
  expect(guests.headers.get("Idempotent-Replayed")).toBeNull()
  expect(first.headers.get("Idempotent-Replayed")).toBeNull()
  expect((await call()).headers.get("Idempotent-Replayed")).toBe("true")
})
