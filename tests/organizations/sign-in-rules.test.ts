import { expect, test } from "vitest"
import { secondFactorOptions } from "~/domain/accounts/passkey-options.server"
import { owed } from "~/domain/organizations/sign-in-rules"
import { db } from "~/platform/db.server"
import { Authenticator } from "../support/authenticator"
import { hiddenField } from "../support/browser"
import { givePasskey } from "../support/passkey"
import { authenticatorApp, withTwoFactor } from "../support/two-factor"
import { confirm, mailedLink, setUpWorld, signIn } from "../support/world"

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

test("[S11] a session without a second factor owes one where the organisation asks for it, and nowhere else", () => {
  const rules = { requireMfa: true, signInMethods: [] }
  expect(owed(rules, { method: "email" })).toBe("second_factor")
  expect(owed(rules, { method: "email", twoFactors: true })).toBeUndefined()
  expect(owed({ ...rules, requireMfa: false }, { method: "email" })).toBeUndefined()
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

test("[S11] members are asked for a second factor at their next request, and whoever decides can still decide", async () => {
  const world = await open()
  const [alice, bob] = [world.browser(), world.browser()]
  await signIn(world, alice, "alice@acme.test")
  await signIn(world, bob, "bob@acme.test")
  expect([(await alice.get("/o/acme")).status, (await bob.get("/o/acme")).status]).toEqual([200, 200])
  await db().organization.update({ where: { slug: "acme" }, data: { requireMfa: true } })
  const led = "/account/two-factor?redirectTo=%2Fo%2Facme%2Fmembers%3Fsearch%3Dbob"
  for (const browser of [alice, bob]) {
    expect((await browser.get("/o/acme/members?search=bob")).location).toBe(led)
    const alone = await browser.get(
      "/o/acme/members.data?search=bob&_routes=routes%2Forganizations%2Fmembers",
    )
    expect(alone.body).not.toContain("amir@acme.test")
    expect((await browser.post("/o/acme/leave")).status).toBe(403)
  }
  const page = await bob.get(led)
  expect([page.status, page.body.includes("This is for an organisation of yours")]).toEqual([200, true])
  expect((await alice.get("/o/acme/settings/security")).status).toBe(200)
  expect((await bob.get("/o/acme/settings/security")).location).toMatch(/^\/account\/two-factor/)
  expect((await bob.get("/account/profile")).status).toBe(200)
  const api = await bob.get("/api/onboarding/progress?org=acme")
  expect([api.status, JSON.parse(api.body).error.code]).toEqual([403, "second_factor"])
  expect((await alice.get("/o/acme/audit.csv")).location).toMatch(/^\/account\/two-factor/)
})

test("[S11] whoever sets a second factor up where they are led goes on to where they were going, at once", async () => {
  const world = await open()
  const bob = world.browser()
  await signIn(world, bob, "bob@acme.test")
  await db().organization.update({ where: { slug: "acme" }, data: { requireMfa: true } })
  const led = bob.inside((await bob.get("/o/acme/members")).location ?? "")
  const shown = bob.inside((await bob.post(led, { intent: "begin" })).location ?? "")
  expect(shown).toBe(led)
  const key = /<code[^>]*>((?:[A-Z2-7]{4} ?){8})</.exec((await bob.get(shown)).body)?.[1] ?? ""
  const app = authenticatorApp(key.replaceAll(" ", ""))
  const done = await bob.post(shown, { intent: "confirm", code: app.code() })
  expect(done.body).toContain('href="/o/acme/members"')
  expect((await bob.get("/o/acme/members")).status).toBe(200)
})

test("[S11] whoever comes in with a second factor owes nothing, and one switched off owes it again", async () => {
  const world = await open()
  await db().organization.update({ where: { slug: "acme" }, data: { requireMfa: true } })
  const app = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  const { link } = await mailedLink(world, bob, "bob@acme.test", "/o/acme/members")
  await confirm(bob, link)
  const done = await bob.post("/login/second-factor", { by: "totp", code: app.code() })
  expect((await bob.open(bob.inside(done.location ?? ""))).path).toBe("/o/acme/members")
  await bob.post("/account/two-factor", { intent: "off" })
  expect((await bob.get("/o/acme/members")).location).toMatch(/^\/account\/two-factor/)
})

test("[S11] whoever has a passkey and came in without it shows it once, and goes on", async () => {
  const world = await open()
  const { bob, charlie } = world.cast
  await db().organization.update({ where: { slug: "acme" }, data: { requireMfa: true } })
  const [own, foreign] = [new Authenticator(world.url), new Authenticator(world.url)]
  await givePasskey(bob, own)
  await givePasskey(charlie, foreign)
  const browser = world.browser()
  await signIn(world, browser, "bob@acme.test")
  const led = browser.inside((await browser.get("/o/acme/members")).location ?? "")
  expect((await browser.get(led)).body).toContain("Use my passkey")
  const page = "/account/second-factor?redirectTo=%2Fo%2Facme%2Fmembers"
  const theirs = foreign.get(await secondFactorOptions(charlie.id))
  expect((await browser.post(page, { passkey: JSON.stringify(theirs) })).status).toBe(400)
  expect((await browser.post(page)).status).toBe(400)
  const before = browser.cookies.get("gatehouse")
  const passkey = JSON.stringify(own.get(await secondFactorOptions(bob.id)))
  expect((await browser.post(page, { passkey })).location).toBe("/o/acme/members")
  expect(browser.cookies.get("gatehouse")).not.toBe(before)
  expect((await browser.get("/o/acme/members")).status).toBe(200)
})

test("[S11] the owner is told before, and not locked out on the spot", async () => {
  const world = await open()
  const alice = world.browser()
  await signIn(world, alice, "alice@acme.test")
  const settings = "/o/acme/settings/security"
  expect((await alice.get(settings)).body).toContain("You came in without one yourself")
  await alice.post(settings, { ways: "any", requireMfa: "on" })
  const after = await alice.get(settings)
  expect([after.status, after.body.includes("This page stays open to you")]).toEqual([200, true])
  expect((await alice.post(settings, { ways: "any" })).status).toBe(303)
  expect((await alice.get("/o/acme/members")).status).toBe(200)
})
