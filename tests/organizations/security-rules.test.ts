import { describe, expect, test } from "vitest"
import { changeSecurityRules } from "~/domain/organizations/security-rules.server"
import { db } from "~/platform/db.server"
import { member, requester } from "../support/membership"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()
const page = "/o/acme/settings/security"

async function signedIn(world: World, who: "alice" | "amir" | "bob" | "charlie") {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  world.mailbox.clear()
  return browser
}

const acme = () => db().organization.findUniqueOrThrow({ where: { slug: "acme" } })
const audit = () =>
  db().auditEntry.findMany({ where: { act: { startsWith: "security." } }, orderBy: { at: "asc" } })

describe("the security settings", () => {
  test("[O12] an owner asks for a second factor: kept and written down", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    const saved = await alice.post(page, { ways: "any", requireMfa: "on" })
    expect([saved.status, saved.location]).toEqual([303, page])
    expect(await acme()).toMatchObject({ requireMfa: true, signInMethods: "" })
    const [line, ...others] = await audit()
    expect(others).toEqual([])
    expect(line).toMatchObject({
      act: "security.second_factor_changed",
      actorUserId: world.cast.alice.id,
      organizationId: world.cast.acme.id,
      detail: '{"required":true}',
    })
    expect((await alice.get(page)).body).toMatch(/name="requireMfa"[^>]*checked/)
    await world.settle()
    expect(world.mailbox.messages()).toEqual([])
  })

  test("[O12] the same again writes nothing", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    const same = await alice.post(page, { ways: "any" })
    expect((await alice.open(alice.inside(same.location ?? ""))).body).toContain("Nothing has changed.")
    expect(await audit()).toEqual([])
  })

  test("[O12] an owner allows some ways in only, and takes that back", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    await alice.post(page, { ways: "only", methods: "email" })
    expect((await acme()).signInMethods).toBe("email")
    await alice.post(page, { ways: "any", methods: "email" })
    expect((await acme()).signInMethods).toBe("")
    expect((await audit()).map(line => [line.act, line.detail])).toEqual([
      ["security.sign_in_methods_changed", '{"from":"any","to":"email"}'],
      ["security.sign_in_methods_changed", '{"from":"email","to":"any"}'],
    ])
  })

  test("[O12] at least one way in remains, said at the field, and what was chosen stays", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    const refused = await alice.post(page, { ways: "only", requireMfa: "on" })
    expect(refused.status).toBe(400)
    expect(refused.body).toContain("Allow at least one way in.")
    expect(refused.body).toMatch(/<input[^>]*checked[^>]*value="only"|value="only"[^>]*checked/)
    expect(refused.body).toMatch(/name="requireMfa"[^>]*checked/)
    expect(await acme()).toMatchObject({ requireMfa: false, signInMethods: "" })
    expect((await alice.post(page, { ways: "only", methods: "carrier-pigeon" })).status).toBe(400)
    expect(await audit()).toEqual([])
  })

  test("[O12] nobody shuts themselves out: the way of the session that saves stays allowed", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    await db().session.updateMany({ data: { method: "passkey" } })
    const refused = await alice.post(page, { ways: "only", methods: "email" })
    expect(refused.status).toBe(400)
    expect(refused.body).toContain("You signed in by another way yourself (A passkey).")
    expect((await acme()).signInMethods).toBe("")
    const acting = await member(world.cast.alice, "acme")
    const rules = { allowed: ["email"], requireMfa: false } as const
    const saver = { requester, method: "passkey" }
    expect(await changeSecurityRules(acting, rules, saver)).toEqual({ ok: false, error: "locks_out" })
  })

  test("[O2] it is the owners' to decide: 403 for admin and member, 404 for the stranger", async () => {
    const world = await open()
    for (const [who, status] of [
      ["amir", 403],
      ["bob", 403],
      ["charlie", 404],
    ] as const) {
      const browser = await signedIn(world, who)
      expect((await browser.get(page)).status).toBe(status)
      expect((await browser.post(page, { ways: "any", requireMfa: "on" })).status).toBe(status)
    }
    expect(await acme()).toMatchObject({ requireMfa: false })
    const amir = await signedIn(world, "amir")
    expect((await amir.get("/o/acme/settings")).body).not.toContain(page)
  })
})
