import { expect, test, vi } from "vitest"
import { owed } from "~/domain/organizations/sign-in-rules"
import { db } from "~/platform/db.server"
import { hiddenField } from "../support/browser"
import { confirm, setUpWorld, signIn } from "../support/world"

const { secondFactors } = vi.hoisted(() => ({ secondFactors: [] as string[] }))
vi.mock("~/domain/accounts/second-factors", () => ({ secondFactors }))

const open = setUpWorld()

async function allowOnly(signInMethods: string) {
  await db().organization.update({ where: { slug: "acme" }, data: { signInMethods } })
}

async function cameInBy(userId: string, method: string) {
  await db().session.updateMany({ where: { userId }, data: { method } })
}

test("[O12] a session owes nothing to an organisation without rules, and fits or does not fit its ways in", () => {
  const free = { requireMfa: false, signInMethods: [] }
  expect(owed(free, { method: "anything" })).toBeUndefined()
  const strict = { requireMfa: false, signInMethods: ["email", "passkey"] }
  expect(owed(strict, { method: "passkey" })).toBeUndefined()
  expect(owed(strict, { method: "password" })).toBe("method_not_allowed")
})

test("[S11] a second factor is owed only where people can enrol one", () => {
  const rules = { requireMfa: true, signInMethods: [] }
  expect(owed(rules, { method: "email" })).toBeUndefined()
  secondFactors.push("totp")
  try {
    expect(owed(rules, { method: "email" })).toBe("second_factor")
    expect(owed(rules, { method: "email", twoFactors: true })).toBeUndefined()
    expect(owed({ ...rules, requireMfa: false }, { method: "email" })).toBeUndefined()
  } finally {
    secondFactors.length = 0
  }
})

test("[O12] a sign-in by mail is remembered as such, by link and by code", async () => {
  const world = await open()
  const browser = world.browser()
  await signIn(world, browser, "alice@acme.test")
  expect(await db().session.findMany({ select: { method: true } })).toEqual([{ method: "email" }])
})

test("[O12] a way in that is not allowed ends at the next request, of that organisation only, and says which is", async () => {
  const world = await open()
  const alice = world.browser()
  await signIn(world, alice, "alice@acme.test")
  await cameInBy(world.cast.alice.id, "passkey")
  await db().membership.create({
    data: {
      id: "m1",
      userId: world.cast.alice.id,
      organizationId: world.cast.birch.id,
      role: "member",
      createdAt: new Date(),
      lastUsedAt: new Date(),
    },
  })
  expect((await alice.get("/o/acme/members")).status).toBe(200)
  await allowOnly("email")

  const refused = await alice.get("/o/acme/members?search=bob")
  expect(refused.status).toBe(403)
  expect(refused.body).toContain("A link or code by e-mail")
  expect(refused.body).not.toContain("amir@acme.test")
  const alone = await alice.get("/o/acme/members.data?_routes=routes%2Forganizations%2Fmembers")
  expect(alone.status).toBe(403)
  expect((await alice.post("/o/acme/settings", { name: "Taken" })).status).toBe(403)
  const api = await alice.get("/api/onboarding/progress?org=acme")
  expect([api.status, JSON.parse(api.body).error.code]).toEqual([403, "sign_in_method"])
  expect((await alice.get("/o/birch/members")).status).toBe(200)
  expect((await alice.get("/account/profile")).status).toBe(200)
})

test("[O12] the refusal leads to the sign-in page, and from there back to where one was going", async () => {
  const world = await open()
  const alice = world.browser()
  await signIn(world, alice, "alice@acme.test")
  await cameInBy(world.cast.alice.id, "passkey")
  await allowOnly("email")
  const { body } = await alice.get("/o/acme/members")
  const again = /href="(\/login\?[^"]+)"[^>]*>Sign in again/.exec(body)?.[1]?.replaceAll("&amp;", "&") ?? ""
  const page = await alice.get(again)
  expect(page.status).toBe(200)
  expect(hiddenField(page.body, "redirectTo")).toBe("/o/acme/members")
  world.clock.advance(120_000)
  const made = hiddenField(page.body, "made")
  await alice.post(again, { email: "alice@acme.test", website: "", made, redirectTo: "/o/acme/members" })
  await world.settle()
  const entered = await confirm(alice, alice.inside(world.mailbox.latestTo("alice@acme.test").link ?? ""))
  const arrived = await alice.open(alice.inside(entered.location ?? ""))
  expect([arrived.status, arrived.path]).toEqual([200, "/o/acme/members"])
})

test("[S11] once there is a second factor to enrol, members are asked for it, and whoever decides can still decide", async () => {
  const world = await open()
  const [alice, bob] = [world.browser(), world.browser()]
  await signIn(world, alice, "alice@acme.test")
  await signIn(world, bob, "bob@acme.test")
  await db().organization.update({ where: { slug: "acme" }, data: { requireMfa: true } })
  expect([(await alice.get("/o/acme")).status, (await bob.get("/o/acme")).status]).toEqual([200, 200])
  secondFactors.push("totp")
  try {
    expect((await bob.get("/o/acme")).status).toBe(403)
    expect((await alice.get("/o/acme")).body).toContain("asks its members for a second factor")
    expect((await alice.get("/o/acme/settings/security")).status).toBe(200)
    expect((await bob.get("/o/acme/settings/security")).status).toBe(403)
    const api = await bob.get("/api/onboarding/progress?org=acme")
    expect([api.status, JSON.parse(api.body).error.code]).toEqual([403, "second_factor"])
  } finally {
    secondFactors.length = 0
  }
})
