import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { minutes } from "../support/clock"
import { givePassword, goodPassword, otherPassword, typePassword } from "../support/passwords"
import { mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const world = setUpWorld()
const page = "/account/password"

async function aliceIn(w: World) {
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100", LIMIT_LINKS_PER_ADDRESS_HOUR: "100" })
  const browser = w.browser()
  await signIn(w, browser, "alice@acme.test")
  return browser
}

test("[S6] a first password is set, then changed, then removed", async () => {
  const w = await world()
  const browser = await aliceIn(w)
  expect((await browser.get(page)).body).toContain("You have none yet.")
  expect((await browser.post(page, { intent: "set", password: goodPassword })).status).toBe(303)
  expect((await browser.get(page)).body).toContain("Change your password")
  expect((await typePassword(w.browser(), "alice@acme.test", goodPassword)).status).toBe(303)
  expect((await browser.post(page, { intent: "set", password: otherPassword })).status).toBe(303)
  expect((await typePassword(w.browser(), "alice@acme.test", goodPassword)).status).toBe(400)
  expect((await typePassword(w.browser(), "alice@acme.test", otherPassword)).status).toBe(303)
  expect((await browser.post(page, { intent: "remove" })).status).toBe(303)
  expect((await typePassword(w.browser(), "alice@acme.test", otherPassword)).status).toBe(400)
  expect(await whoIs(browser)).toBe("alice@acme.test")
  await w.settle()
  const told = w.mailbox.messages("alice@acme.test").map(mail => mail.subject)
  expect(told).toEqual(
    expect.arrayContaining([
      "A password was set for your account",
      "The password of your account was changed",
      "The password of your account was removed",
    ]),
  )
})

const acts: Record<string, string>[] = [{ intent: "set", password: otherPassword }, { intent: "remove" }]

test.each(acts)("[S4] $intent ends other sessions and pending links, and keeps this session", async form => {
  const w = await world()
  await givePassword(w.cast.alice)
  const browser = await aliceIn(w)
  const elsewhere = w.browser()
  await typePassword(elsewhere, "alice@acme.test")
  const pending = w.browser()
  const open = await mailedLink(w, pending, "alice@acme.test")
  expect((await browser.post(page, form)).status).toBe(303)
  expect(await whoIs(elsewhere)).toBeUndefined()
  expect((await pending.get(open.link)).status).toBe(410)
  expect(await whoIs(browser)).toBe("alice@acme.test")
})

test("[S5] a while after signing in, fresh proof is asked for first; the password typed before is not lost", async () => {
  const w = await world()
  const browser = await aliceIn(w)
  w.clock.advance(minutes(20))
  const asked = await browser.post(page, { intent: "set", password: goodPassword })
  expect(asked.status).toBe(403)
  expect(asked.body).toContain("Confirm that it is you")
  expect(asked.body).not.toContain(goodPassword)
  expect(await db().password.count()).toBe(0)
})

test("[S6] what may be no password is said at its field", async () => {
  const w = await world()
  const browser = await aliceIn(w)
  for (const [password, words] of [
    ["", "Choose a password."],
    ["short", "at least 8 characters"],
    ["sunshine1", "tried first"],
    ["alicearcher1", "too easy to guess"],
    ["x".repeat(2_001), "at most 256 characters"],
  ] as const) {
    const answer = await browser.post(page, { intent: "set", password })
    expect([answer.status, answer.body.includes(words)], words).toEqual([400, true])
  }
  expect(await db().password.count()).toBe(0)
})

test("[S10] the last way in cannot be removed", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const browser = await aliceIn(w)
  await db().suppression.create({
    data: { email: "alice@acme.test", reason: "bounce", createdAt: new Date() },
  })
  const refused = await browser.post(page, { intent: "remove" })
  expect([refused.status, refused.body.includes("only way into your account")]).toEqual([400, true])
  expect(await db().password.count()).toBe(1)
})

test("[S6] where passwords are required, whoever comes in without one is led to it, and on; none is removed", async () => {
  const w = await world()
  w.settings({ PASSWORDS: "required" })
  const browser = w.browser()
  const { link } = await mailedLink(w, browser, "alice@acme.test", "/o/acme/members")
  const entered = await browser.post(link, {
    token: new URL(link, browser.base).searchParams.get("token") ?? "",
  })
  const led = await browser.open(entered.location ?? "")
  expect(led.path).toBe("/account/password?redirectTo=%2Fo%2Facme%2Fmembers")
  expect(led.body).toContain("Everyone here has a password")
  const set = await browser.post(led.path, {
    intent: "set",
    password: goodPassword,
    redirectTo: "/o/acme/members",
  })
  expect(set.location).toBe("/o/acme/members")
  expect((await browser.open("/start")).path).toBe("/o/acme")
  expect((await browser.get(page)).body).not.toContain("Remove the password")
  expect((await browser.post(page, { intent: "remove" })).status).toBe(400)
  expect(await db().password.count()).toBe(1)
})

test("[S6] a guest is sent to sign in, and nobody sets another's password", async () => {
  const w = await world()
  expect((await w.browser().get(page)).location).toContain("/login")
  expect((await w.browser().post(page, { intent: "set", password: goodPassword })).location).toContain(
    "/login",
  )
  const browser = await aliceIn(w)
  await browser.post(page, { intent: "set", password: goodPassword, userId: w.cast.bob.id })
  expect((await db().password.findFirstOrThrow()).userId).toBe(w.cast.alice.id)
})
