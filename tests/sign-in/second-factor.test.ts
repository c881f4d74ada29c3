import { expect, test } from "vitest"
import { proofOptions, secondFactorOptions } from "~/domain/accounts/passkey-options.server"
import { openChallenge } from "~/domain/accounts/sign-in-challenges.server"
import { answerWithRecoveryCode, answerWithTotp } from "~/domain/sign-in/second-factor.server"
import { db, transaction } from "~/platform/db.server"
import { Authenticator } from "../support/authenticator"
import type { Browser } from "../support/browser"
import { minutes, seconds } from "../support/clock"
import { givePasskey } from "../support/passkey"
import { withTwoFactor, wrongCode } from "../support/two-factor"
import { confirm, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()
const page = "/login/second-factor"
const requester = { clientAddress: "192.0.2.1", userAgent: "a guesser" }

/** Signs in as far as the first factor goes. */
async function firstHalf(world: World, browser: Browser, email: string, redirectTo?: string) {
  const { link } = await mailedLink(world, browser, email, redirectTo)
  return confirm(browser, link)
}

const answer = (browser: Browser, code: string, by = "totp") => browser.post(page, { by, code })
const events = async (userId: string) =>
  (await db().securityEvent.findMany({ where: { userId }, orderBy: { at: "asc" } })).map(event => event.kind)

test("[S9] a link asks for the second factor and leads on to where one was going", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  const half = await firstHalf(world, bob, "bob@acme.test", "/o/acme/members")
  expect([half.status, half.location]).toEqual([303, page])
  expect(await whoIs(bob)).toBeUndefined()
  expect(await db().session.count()).toBe(0)
  const shown = await bob.get(page)
  expect(shown.body).toContain("b•••@a•••.test")
  const done = await answer(bob, app.code())
  expect(done.status).toBe(303)
  expect((await bob.open(bob.inside(done.location ?? ""))).path).toBe("/o/acme/members")
  expect(await whoIs(bob)).toBe("bob@acme.test")
  expect(await db().session.findMany({ select: { method: true, secondFactor: true } })).toEqual([
    { method: "email", secondFactor: "totp" },
  ])
  expect(bob.cookies.has("gatehouse-challenge")).toBe(false)
})

test("[S8] one code in two parallel sign-ins signs in once", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const browsers = [world.browser(), world.browser(), world.browser()]
  for (const browser of browsers) await firstHalf(world, browser, "bob@acme.test")
  const code = app.code()
  const done = await Promise.all(browsers.map(browser => answer(browser, code)))
  expect(done.filter(visit => visit.status === 303)).toHaveLength(1)
  expect(await db().session.count()).toBe(1)
})

test("[S8] two simultaneous answers to one challenge open one session", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  await firstHalf(world, bob, "bob@acme.test")
  const both = await Promise.all([
    answer(bob, app.code()),
    answer(bob, app.recoveryCodes[0] ?? "", "recovery_code"),
  ])
  expect(both.map(visit => visit.status).sort()).toEqual([303, 410])
  expect(await db().session.count()).toBe(1)
})

test("[S8] five wrong codes end the challenge, the right one included, and nothing else", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  await firstHalf(world, bob, "bob@acme.test", "/o/acme/members")
  for (const left of ["4 more tries", "3 more tries", "2 more tries", "One more try"]) {
    const refused = await answer(bob, wrongCode(app))
    expect([refused.status, refused.body.includes(left)], left).toEqual([400, true])
  }
  const fifth = await answer(bob, wrongCode(app))
  expect([fifth.status, fifth.body.includes("This sign-in is over")]).toEqual([410, true])
  expect((await answer(bob, app.code())).location).toBe("/login")
  expect(await db().session.count()).toBe(0)
  expect((await events(world.cast.bob.id)).filter(kind => kind === "second_factor_wrong")).toHaveLength(5)
  await firstHalf(world, bob, "bob@acme.test")
  expect((await answer(bob, app.code())).status).toBe(303)
})

test("[S8] what looks like no code is no try", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  await firstHalf(world, bob, "bob@acme.test")
  for (const code of ["", "12345", "1234567", "abcdef"])
    expect((await answer(bob, code)).status, code).toBe(400)
  for (const code of ["short", app.code()])
    expect((await answer(bob, code, "recovery_code")).status, code).toBe(400)
  expect((await db().signInChallenge.findFirstOrThrow()).wrongCodes).toBe(0)
})

test("[S8] a challenge lives five minutes", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  await firstHalf(world, bob, "bob@acme.test", "/o/acme/members")
  world.clock.advance(minutes(5) + seconds(1))
  expect((await answer(bob, app.code())).status).toBe(410)
  expect(await whoIs(bob)).toBeUndefined()
  await firstHalf(world, bob, "bob@acme.test", "/o/acme/members")
  world.clock.advance(minutes(5) + seconds(1))
  const over = await bob.get(page)
  expect(over.status).toBe(410)
  expect(over.body).toMatch(/href="\/login\?redirectTo=[^"]*members[^"]*"[^>]*>Sign in again/)
})

test("[S8] the page is nobody's without a challenge, and a stranger's challenge is of no use to anyone else", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  await withTwoFactor(world.cast.charlie.id)
  const [bob, charlie, guest] = [world.browser(), world.browser(), world.browser()]
  expect((await guest.get(page)).location).toBe("/login")
  expect((await answer(guest, app.code())).location).toBe("/login")
  await firstHalf(world, bob, "bob@acme.test")
  await firstHalf(world, charlie, "charlie@birch.test")
  expect((await answer(charlie, app.code())).status).toBe(400)
  expect(await db().session.count()).toBe(0)
  await signIn(world, guest, "alice@acme.test")
  expect((await guest.get(page)).location).toBe("/start")
})

test("[S2] the session this browser had stays until the second factor is shown, and ends then", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const browser = world.browser()
  await signIn(world, browser, "alice@acme.test")
  const { link } = await mailedLink(world, world.browser(), "bob@acme.test")
  expect((await confirm(browser, link, { anyway: "yes" })).location).toBe(page)
  expect(await whoIs(browser)).toBe("alice@acme.test")
  const before = browser.cookies.get("gatehouse") ?? ""
  await answer(browser, app.code())
  expect(await whoIs(browser)).toBe("bob@acme.test")
  browser.cookies.set("gatehouse", before)
  expect(await whoIs(browser)).toBeUndefined()
})

test("[S9] a recovery code signs in once, says how many are left, and a mail tells of it", async () => {
  const world = await open()
  const { recoveryCodes } = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  await firstHalf(world, bob, "bob@acme.test", "/account/devices")
  expect((await bob.get(`${page}?by=recovery-code`)).body).toContain("Recovery code")
  const done = await answer(bob, recoveryCodes[0]?.toLowerCase() ?? "", "recovery_code")
  const arrived = await bob.open(bob.inside(done.location ?? ""))
  expect(arrived.body).toContain("9 recovery codes are left.")
  await world.settle()
  expect(world.mailbox.latestTo("bob@acme.test").text).toContain("A recovery code was used (9 left)")
  expect((await db().session.findFirstOrThrow()).secondFactor).toBe("recovery_code")
  await firstHalf(world, world.browser(), "bob@acme.test")
  const again = world.browser()
  await firstHalf(world, again, "bob@acme.test")
  const refused = await answer(again, recoveryCodes[0] ?? "", "recovery_code")
  expect([refused.status, refused.body.includes("has been used already")]).toEqual([400, true])
})

test("[S8] 50 guesses over 20 parallel challenges hit the limit of the account, which outlives them and says until when", async () => {
  const world = await open()
  const { id } = world.cast.bob
  const app = await withTwoFactor(id)
  const challenge = (way: string) => transaction(tx => openChallenge(tx, { userId: id, way }))
  const challenges = await Promise.all(Array.from({ length: 20 }, () => challenge("password")))
  const guesses = Array.from({ length: 50 }, (_, at) => challenges[at % 20] ?? "")
  const wrong = wrongCode(app)
  const answers = await Promise.all(guesses.map(token => answerWithTotp(token, wrong, { requester })))
  const told = answers.map(result => (result.ok ? "in" : result.error.because))
  expect(told.filter(because => because === "wrong")).toHaveLength(10)
  expect(told.filter(because => because === "locked")).toHaveLength(40)

  const fresh = await challenge("password")
  const right = await answerWithTotp(fresh, app.code(), { requester })
  expect(right).toMatchObject({ ok: false, error: { because: "locked" } })
  expect(right.ok || "retryAfterSeconds" in right.error).toBe(true)
  await world.settle()
  const mails = world.mailbox.messages().filter(mail => mail.subject.includes("wrong codes"))
  expect(mails.flatMap(mail => mail.to)).toEqual(["bob@acme.test"])

  // Whoever reads the mailbox is counted apart, and a recovery code cannot be guessed: neither is kept out.
  expect((await answerWithTotp(await challenge("link"), app.code(), { requester })).ok).toBe(true)
  const recovery = app.recoveryCodes[0] ?? ""
  expect((await answerWithRecoveryCode(await challenge("password"), recovery, { requester })).ok).toBe(true)
})

test("[S8] the wrong code that ends its challenge counts at the account like any other", async () => {
  const world = await open()
  const { id } = world.cast.bob
  const app = await withTwoFactor(id)
  const lastTry = async (code: string) => {
    const token = await transaction(tx => openChallenge(tx, { userId: id, way: "password" }))
    await db().signInChallenge.updateMany({ where: { endedAt: null }, data: { wrongCodes: 4 } })
    const answered = await answerWithTotp(token, code, { requester })
    return answered.ok ? "in" : answered.error.because
  }
  const told: string[] = []
  for (let guess = 0; guess < 12; guess++) told.push(await lastTry(wrongCode(app)))
  expect(told).toEqual([...Array.from({ length: 10 }, () => "ended"), "locked", "locked"])
  expect(await lastTry(app.code())).toBe("locked")
})

test("[S8] who waits may come in again when the limit has passed", async () => {
  const world = await open()
  const { id } = world.cast.bob
  const app = await withTwoFactor(id)
  const challenge = () => transaction(tx => openChallenge(tx, { userId: id, way: "password" }))
  for (let guess = 0; guess < 11; guess++)
    await answerWithTotp(await challenge(), wrongCode(app), { requester })
  world.clock.advance(minutes(16))
  expect((await answerWithTotp(await challenge(), app.code(), { requester })).ok).toBe(true)
})

test("[S8] right codes cost nothing: a busy person never meets the limit", async () => {
  const world = await open()
  const { id } = world.cast.bob
  const app = await withTwoFactor(id)
  for (let time = 0; time < 15; time++) {
    world.clock.advance(seconds(30))
    const token = await transaction(tx => openChallenge(tx, { userId: id, way: "link" }))
    expect((await answerWithTotp(token, app.code(), { requester })).ok, `time ${time}`).toBe(true)
  }
})

test("[S9] a passkey answers a challenge, once; another person's does not, nor one asked for elsewhere", async () => {
  const world = await open()
  const { bob, charlie } = world.cast
  await withTwoFactor(bob.id)
  const [own, foreign] = [new Authenticator(world.url), new Authenticator(world.url)]
  await givePasskey(bob, own)
  await givePasskey(charlie, foreign)
  const browser = world.browser()
  await firstHalf(world, browser, "bob@acme.test", "/account/devices")
  expect((await browser.get(page)).body).toContain('name="passkey"')
  const options = await secondFactorOptions(bob.id)
  const wrong = [
    own.get(await proofOptions(bob.id)),
    own.get(options, { userVerified: false }),
    foreign.get(await secondFactorOptions(charlie.id)),
  ]
  for (const answered of wrong) {
    const refused = await browser.post(page, { by: "passkey", passkey: JSON.stringify(answered) })
    expect([refused.status, refused.body.includes("more tr")]).toEqual([400, true])
  }
  expect((await browser.post(page, { by: "passkey" })).status).toBe(400)
  const passkey = JSON.stringify(own.get(options))
  const done = await browser.post(page, { by: "passkey", passkey })
  expect([done.status, done.location?.includes("devices")]).toEqual([303, true])
  const live = await db().session.findFirstOrThrow({ where: { userId: bob.id, endedAt: null } })
  expect([live.method, live.secondFactor]).toEqual(["email", "passkey"])
  const again = world.browser()
  await firstHalf(world, again, "bob@acme.test")
  expect((await again.post(page, { by: "passkey", passkey })).body).toContain("sent twice")
})

test("[S9] who is shut out between the two steps does not come in", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const bob = world.browser()
  await firstHalf(world, bob, "bob@acme.test")
  await db().user.update({ where: { id: world.cast.bob.id }, data: { disabledAt: new Date() } })
  const refused = await answer(bob, app.code())
  expect([refused.status, refused.body.includes("This account is shut")]).toEqual([400, true])
  expect(await db().session.count()).toBe(0)
})

test("[S8] a sign-in that is done ends the person's other waiting ones", async () => {
  const world = await open()
  const app = await withTwoFactor(world.cast.bob.id)
  const [here, there] = [world.browser(), world.browser()]
  await firstHalf(world, here, "bob@acme.test")
  await firstHalf(world, there, "bob@acme.test")
  expect((await answer(here, app.code())).status).toBe(303)
  world.clock.advance(seconds(30))
  expect((await answer(there, app.code())).status).toBe(410)
})
