import { setImmediate as turn } from "node:timers/promises"
import { hash } from "@node-rs/argon2"
import { expect, test } from "vitest"
import { checkPassword, tryPassword } from "~/domain/accounts/password.server"
import { verifyPassword } from "~/domain/accounts/password-hashing.server"
import { signInWithPassword } from "~/domain/sign-in/password-sign-in.server"
import { db } from "~/platform/db.server"
import { clearLimits, restoreLimits, saveLimits } from "~/platform/rate-limit.server"
import { hours, minutes } from "../support/clock"
import { givePassword, goodPassword, otherPassword, typePassword } from "../support/passwords"
import { setUpWorld, signIn, whoIs } from "../support/world"

const world = setUpWorld()
const here = { clientAddress: "192.0.2.9", userAgent: "Firefox" }

test("[S6] address and password sign in, with a session that says how, and lead to where one was going", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const browser = w.browser()
  const page = await browser.get("/login/password?redirectTo=%2Fo%2Facme%2Fmembers")
  expect(page.body).toContain('value="/o/acme/members"')
  const answer = await typePassword(browser, " Alice@ACME.test ", goodPassword, "/o/acme/members")
  expect(answer.status).toBe(303)
  expect((await browser.open(answer.location ?? "")).path).toBe("/o/acme/members")
  expect(await whoIs(browser)).toBe("alice@acme.test")
  expect((await db().session.findFirstOrThrow()).method).toBe("password")
  expect((await db().securityEvent.findFirstOrThrow({ where: { kind: "sign_in" } })).detail).toBe("password")
})

test("[S2] signing in ends the session this browser had, whoever's it was", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const bobs = browser.cookies.get("gatehouse") ?? ""
  await typePassword(browser, "alice@acme.test")
  expect(await whoIs(browser)).toBe("alice@acme.test")
  browser.cookies.set("gatehouse", bobs)
  expect(await whoIs(browser)).toBeUndefined()
})

test("[L15] a password leads nowhere outside", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  for (const redirectTo of ["https://evil.test/", "//evil.test", "/\\evil.test"]) {
    const browser = w.browser()
    const answer = await typePassword(browser, "alice@acme.test", goodPassword, redirectTo)
    expect((await browser.open(answer.location ?? "")).path).toBe("/o/acme")
  }
})

test("[L11] wrong, unknown, without a password, shut: one answer for all, and no word of what was typed", async () => {
  const w = await world()
  w.settings({ LIMIT_PASSWORDS_PER_CLIENT: "100" })
  await givePassword(w.cast.alice)
  await givePassword(w.cast.bob)
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  await db().suppression.create({
    data: { email: "charlie@birch.test", reason: "bounce", createdAt: new Date() },
  })
  const tries: [string, string][] = [
    ["alice@acme.test", otherPassword],
    ["nobody@acme.test", otherPassword],
    ["amir@acme.test", otherPassword],
    ["bob@acme.test", otherPassword],
    ["bob@acme.test", goodPassword],
    ["charlie@birch.test", otherPassword],
  ]
  const answers = []
  for (const [email, password] of tries) {
    const browser = w.browser()
    const { status, location, setCookies, body } = await typePassword(browser, email, password)
    expect(body).not.toContain(password)
    expect(body).toContain("do not go together")
    expect(await whoIs(browser)).toBeUndefined()
    const page = body.replaceAll(email, "ADDRESS").replace(/nonce="[^"]*"/g, "").length
    answers.push({ status, location, setCookies, page })
  }
  for (const answer of answers) expect(answer).toEqual({ ...answers[0], page: expect.any(Number) })
  expect(answers[0]).toMatchObject({ status: 400, setCookies: [] })
  const lengths = answers.map(({ page }) => page)
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(20)
})

test("[L11] the same job is stored for everyone, and only the one who was aimed at reads of it", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  await typePassword(w.browser(), "alice@acme.test", otherPassword)
  await typePassword(w.browser(), "nobody@acme.test", otherPassword)
  expect(await db().job.count({ where: { kind: "password.wrong" } })).toBe(2)
  await w.settle()
  const events = await db().securityEvent.findMany({ where: { kind: "password_wrong" } })
  expect(events.map(event => event.userId)).toEqual([w.cast.alice.id])
  expect(w.mailbox.messages()).toEqual([])
})

test("[S6] ten tries per client in a quarter of an hour, and right ones do not count", async () => {
  const w = await world()
  w.settings({ LIMIT_PASSWORDS_PER_ACCOUNT_HOUR: "1000" })
  await givePassword(w.cast.alice)
  for (let i = 0; i < 12; i++) expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(303)
  for (let i = 0; i < 10; i++)
    expect((await typePassword(w.browser(), `p${i}@acme.test`, "wrong one")).status).toBe(400)
  const refused = await typePassword(w.browser(), "alice@acme.test")
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(60)
  w.clock.advance(minutes(16))
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(303)
})

test("[S6] guesses at one account are bounded from wherever they come, and the owner still comes in by mail", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const guess = (n: number, password = "a wrong one") =>
    signInWithPassword(
      { email: "alice@acme.test", password },
      { requester: { ...here, clientAddress: `198.51.${n}.7` } },
    )
  for (let i = 0; i < 10; i++) expect(await guess(i)).toEqual({ ok: false, error: "wrong" })
  expect(await guess(11, goodPassword)).toMatchObject({
    ok: false,
    error: { retryAfterSeconds: expect.any(Number) },
  })
  // The page says so, and where else to go; an address nobody has meets the same.
  const page = await typePassword(w.browser(), "alice@acme.test")
  expect(page.status).toBe(429)
  expect(page.body).toContain("Have a link e-mailed")
  const owner = w.browser()
  await signIn(w, owner, "alice@acme.test")
  expect(await whoIs(owner)).toBe("alice@acme.test")
  w.clock.advance(hours(30))
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(303)
})

test("[L11] an address nobody has meets the same limit", async () => {
  const w = await world()
  w.settings({ LIMIT_PASSWORDS_PER_CLIENT: "100" })
  for (let i = 0; i < 10; i++) expect((await typePassword(w.browser(), "nobody@acme.test")).status).toBe(400)
  expect((await typePassword(w.browser(), "nobody@acme.test")).status).toBe(429)
})

test("[S6] of fifty guesses at once no more are looked at than the limit has; the owner is told, once a day", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const { id: userId, email } = w.cast.alice
  const guess = (n: number) => tryPassword({ email, userId, password: `guess ${n}`, requester: here })
  const fifty = () => Promise.all(Array.from({ length: 50 }, (_, n) => guess(n)))
  const all = await fifty()
  expect(all.filter(one => !one.ok && one.error === "wrong")).toHaveLength(10)
  expect(all.filter(one => !one.ok && typeof one.error === "object")).toHaveLength(40)
  await w.settle()
  const mails = () => w.mailbox.messages("alice@acme.test").map(mail => mail.subject)
  expect(mails()).toEqual([
    "Somebody tried many wrong passwords for your account; it takes no more for a while",
  ])
  w.clock.advance(hours(3))
  expect((await fifty()).filter(one => !one.ok && one.error === "wrong")).toHaveLength(10)
  await w.settle()
  expect(mails()).toHaveLength(1)
  w.clock.advance(hours(24))
  await fifty()
  await w.settle()
  expect(mails()).toHaveLength(2)
})

test("[S6] the count of guesses survives a restart", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  for (let i = 0; i < 10; i++) await typePassword(w.browser(), "alice@acme.test", "a wrong one")
  await saveLimits()
  clearLimits()
  await restoreLimits()
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(429)
})

test("[S9] a password alone does not let in whoever has a second factor", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  await db().totp.create({
    data: {
      userId: w.cast.alice.id,
      secret: "sealed",
      createdAt: new Date(),
      confirmedAt: new Date(),
    },
  })
  const browser = w.browser()
  const answer = await typePassword(browser, "alice@acme.test")
  expect(answer.location).toContain("/login/second-factor")
  expect(await whoIs(browser)).toBeUndefined()
  expect(await db().session.count()).toBe(0)
})

test("[S6] a password that became another one while it was checked lets nobody in", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const fresh = await hash("another one altogether")
  const others = Array.from({ length: 8 }, () => verifyPassword(undefined, "x"))
  const attempt = { requester: here }
  const entering = signInWithPassword({ email: "alice@acme.test", password: goodPassword }, attempt)
  // It has been read by now, and waits behind the others for its turn.
  await others[0]
  await db().password.update({ where: { userId: w.cast.alice.id }, data: { hash: fresh } })
  expect(await entering).toEqual({ ok: false, error: "wrong" })
  expect(await db().session.count()).toBe(0)
})

test("[S6] a hash of older parameters is made anew once its password is typed", async () => {
  const w = await world()
  const old = await hash(goodPassword, { memoryCost: 4_096, timeCost: 3, parallelism: 1 })
  await db().password.create({
    data: { userId: w.cast.alice.id, hash: old, changedAt: new Date(0) },
  })
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(303)
  const kept = await db().password.findUniqueOrThrow({ where: { userId: w.cast.alice.id } })
  expect(kept.hash).toContain("m=19456,t=2,p=1")
  expect(kept.changedAt).toEqual(new Date(0))
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(303)
})

test("[S5] someone signed in proves with their password who they are", async () => {
  const w = await world()
  const { alice, bob } = w.cast
  await givePassword(alice)
  expect(await checkPassword(alice.id, goodPassword, here)).toEqual({ ok: true, value: undefined })
  expect(await checkPassword(alice.id, otherPassword, here)).toEqual({ ok: false, error: "wrong" })
  expect(await checkPassword(bob.id, otherPassword, here)).toEqual({ ok: false, error: "none" })
  for (let i = 0; i < 9; i++) await checkPassword(alice.id, otherPassword, here)
  expect(await checkPassword(alice.id, goodPassword, here)).toEqual({
    ok: false,
    error: { retryAfterSeconds: 3600 },
  })
})

test("[S6] while a hundred people sign in, other pages answer before they are done", async () => {
  const w = await world()
  w.settings({ LIMIT_PASSWORDS_PER_CLIENT: "1000", LIMIT_PASSWORDS_PER_ACCOUNT_HOUR: "1000" })
  await givePassword(w.cast.alice)
  let done = 0
  const signIns = Array.from({ length: 100 }, async () => {
    const answer = await typePassword(w.browser(), "alice@acme.test")
    done += 1
    return answer.status
  })
  // They are in the queue once the first of them has been looked at.
  await verifyPassword(undefined, "x")
  const guest = w.browser()
  for (let i = 0; i < 10; i++) expect((await guest.get("/pricing")).status).toBe(200)
  expect((await guest.get("/healthz")).status).toBe(200)
  expect(done).toBeLessThan(100)
  const statuses = await Promise.all(signIns)
  expect(statuses.filter(status => status !== 303 && status !== 503)).toEqual([])
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(303)
})

test("[S6] who would wait too long for their password to be looked at is told so at once, and no guess is counted", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  let full = true
  // Whoever is done queues again at once: there is never a place for anybody who comes from outside.
  const crowd = Array.from({ length: 80 }, async () => {
    while (full) if (!(await verifyPassword(undefined, "x")).ok) await turn()
  })
  expect((await typePassword(w.browser(), "alice@acme.test", otherPassword)).status).toBe(503)
  full = false
  await Promise.all(crowd)
  expect(await db().securityEvent.count({ where: { kind: "password_wrong" } })).toBe(0)
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(303)
})

test("[S6] where passwords are off, none of their pages exist and none of them works", async () => {
  const w = await world()
  w.settings({ PASSWORDS: "off" })
  await givePassword(w.cast.alice)
  const browser = w.browser()
  expect((await browser.get("/login")).body).not.toMatch(/password instead|\/register/)
  for (const path of ["/login/password", "/login/forgotten", "/login/reset?token=x", "/register"]) {
    expect((await browser.get(path)).status, path).toBe(404)
    expect(
      (await browser.post(path, { email: "alice@acme.test", password: goodPassword })).status,
      path,
    ).toBe(404)
  }
  await signIn(w, browser, "alice@acme.test")
  expect((await browser.get("/account/password")).status).toBe(404)
})
