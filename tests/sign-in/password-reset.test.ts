import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { type Browser, hiddenField } from "../support/browser"
import { hours, minutes } from "../support/clock"
import { givePassword, goodPassword, otherPassword, typePassword } from "../support/passwords"
import { askForLink, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const world = setUpWorld()

async function forget(w: World, browser: Browser, email: string) {
  const page = await browser.get("/login/forgotten")
  w.clock.advance(minutes(2))
  return browser.post("/login/forgotten", { email, website: "", made: hiddenField(page.body, "made") })
}

/** The address of the page behind the newest reset mail, and its token. */
async function resetLink(w: World, browser: Browser, email: string) {
  await forget(w, browser, email)
  await w.settle()
  const link = browser.inside(w.mailbox.latestTo(email).link ?? "")
  return { link, token: new URL(link, browser.base).searchParams.get("token") ?? "" }
}

const choose = (browser: Browser, link: string, token: string, password = otherPassword) =>
  browser.post(link, { token, password })

test("[S6] a forgotten password is replaced by a mailed link, which signs in", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const browser = w.browser()
  const { link, token } = await resetLink(w, browser, "alice@acme.test")
  expect(link).toMatch(/^\/login\/reset\?token=/)
  const answer = await choose(browser, link, token)
  expect(answer.status).toBe(303)
  expect(await whoIs(browser)).toBe("alice@acme.test")
  expect((await typePassword(w.browser(), "alice@acme.test", goodPassword)).status).toBe(400)
  expect((await typePassword(w.browser(), "alice@acme.test", otherPassword)).status).toBe(303)
})

test("[L1] reading the link spends nothing, however often", async () => {
  const w = await world()
  const browser = w.browser()
  const { link, token } = await resetLink(w, browser, "alice@acme.test")
  for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) {
    const read = await w.browser().get(link, {}, method)
    expect(read.setCookies.filter(cookie => /^(__Host-)?gatehouse=/.test(cookie))).toEqual([])
  }
  expect((await choose(browser, link, token)).status).toBe(303)
})

test("[S4] a reset ends every session, open link and waiting sign-in, and mails a notice", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100", LIMIT_LINKS_PER_ADDRESS_HOUR: "100" })
  await givePassword(w.cast.alice)
  const elsewhere = w.browser()
  await signIn(w, elsewhere, "alice@acme.test")
  const pending = w.browser()
  const open = await mailedLink(w, pending, "alice@acme.test")
  const browser = w.browser()
  const first = await resetLink(w, browser, "alice@acme.test")
  const second = await resetLink(w, browser, "alice@acme.test")
  expect((await choose(browser, second.link, second.token)).status).toBe(303)
  expect(await whoIs(elsewhere)).toBeUndefined()
  expect((await pending.get(open.link)).status).toBe(410)
  expect((await choose(w.browser(), first.link, first.token)).status).toBe(410)
  expect(await whoIs(browser)).toBe("alice@acme.test")
  await w.settle()
  expect(w.mailbox.messages("alice@acme.test").map(mail => mail.subject)).toContain(
    "The password of your account was reset",
  )
})

test("[L6] two people with one link set one password; the loser reads that it was used", async () => {
  const w = await world()
  const { link, token } = await resetLink(w, w.browser(), "alice@acme.test")
  const [one, two] = [w.browser(), w.browser()]
  const answers = await Promise.all([choose(one, link, token), choose(two, link, token, goodPassword)])
  expect(answers.map(answer => answer.status).sort()).toEqual([303, 410])
  expect(answers.find(answer => answer.status === 410)?.body).toContain("used already")
  expect(await db().session.count({ where: { endedAt: null } })).toBe(1)
  expect(await db().securityEvent.count({ where: { kind: "password_reset" } })).toBe(1)
})

test("[L6] a password that is refused leaves the link good, and so does one that comes without a link", async () => {
  const w = await world()
  const browser = w.browser()
  const { link, token } = await resetLink(w, browser, "alice@acme.test")
  for (const password of ["", "short", "password1", "acme.test1"]) {
    const answer = await choose(browser, link, token, password)
    expect(answer.status, password).toBe(400)
    expect(answer.body).toContain('aria-invalid="true"')
  }
  expect((await choose(browser, link, token)).status).toBe(303)
})

test("[L8] a link of another purpose sets no password, and this one does nothing else", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  const browser = w.browser()
  const other = await mailedLink(w, browser, "bob@acme.test")
  expect((await choose(browser, `/login/reset?token=${other.token}`, other.token)).status).toBe(410)
  const { token } = await resetLink(w, browser, "alice@acme.test")
  const misused = await w.browser().post(`/login/link?token=${token}`, { token })
  expect(misused.status).toBe(410)
  expect(await db().password.count()).toBe(0)
})

test("[S9] a reset does not get past a second factor", async () => {
  const w = await world()
  const userId = w.cast.alice.id
  const at = new Date()
  await db().totp.create({ data: { userId, secret: "sealed", createdAt: at, confirmedAt: at } })
  const browser = w.browser()
  const { link, token } = await resetLink(w, browser, "alice@acme.test")
  expect((await choose(browser, link, token)).location).toContain("/login/second-factor")
  expect(await whoIs(browser)).toBeUndefined()
  expect(await db().totp.count()).toBe(1)
})

test("[S7] the first proof of a mailbox may be a reset: what was there before is gone, the new password stays", async () => {
  const w = await world()
  const { id } = w.cast.bob
  await db().user.update({ where: { id }, data: { provenAt: null } })
  await givePassword(w.cast.bob, goodPassword)
  const intruder = w.browser()
  await typePassword(intruder, "bob@acme.test", goodPassword)
  const owner = w.browser()
  const { link, token } = await resetLink(w, owner, "bob@acme.test")
  await choose(owner, link, token)
  expect(await whoIs(intruder)).toBeUndefined()
  expect(await whoIs(owner)).toBe("bob@acme.test")
  expect((await db().user.findUniqueOrThrow({ where: { id } })).provenAt).not.toBeNull()
  expect((await typePassword(w.browser(), "bob@acme.test", otherPassword)).status).toBe(303)
})

test("[L11] known, unknown and disabled addresses get the same answer; the mails differ", async () => {
  const w = await world()
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  const answers = []
  for (const email of ["alice@acme.test", "nobody@acme.test", "bob@acme.test"]) {
    const { status, location, setCookies } = await forget(w, w.browser(), email)
    answers.push({ status, location, setCookies })
  }
  expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toEqual({ status: 303, location: "/login/forgotten?sent=yes", setCookies: [] })
  await w.settle()
  expect(w.mailbox.messages().map(mail => `${mail.to}: ${mail.subject}`)).toEqual([
    "alice@acme.test: Choose a new password for Gatehouse",
    "nobody@acme.test: No Gatehouse account with this address",
  ])
})

test("[L11] whoever was disabled after the mail was sent stays out", async () => {
  const w = await world()
  const browser = w.browser()
  const { link, token } = await resetLink(w, browser, "bob@acme.test")
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  const answer = await choose(browser, link, token)
  expect([answer.status, answer.body.includes("account is shut")]).toEqual([410, true])
  expect(await db().password.count()).toBe(0)
})

test("[L7] an expired link asks for a fresh one, to the same mailbox, once", async () => {
  const w = await world()
  const browser = w.browser()
  const { link, token } = await resetLink(w, browser, "alice@acme.test")
  w.clock.advance(hours(2))
  expect((await choose(browser, link, token)).status).toBe(410)
  const page = await browser.get(link)
  expect([page.status, page.body.includes("has expired")]).toEqual([410, true])
  expect(page.body).not.toContain(`value="${token}"`)
  const handle = hiddenField(page.body, "handle")
  expect((await browser.post("/login/forgotten", { handle })).location).toBe("/login/forgotten?sent=yes")
  expect((await browser.post("/login/forgotten", { handle })).status).toBe(410)
  await w.settle()
  const fresh = browser.inside(w.mailbox.latestTo("alice@acme.test").link ?? "")
  expect(fresh).not.toBe(link)
  expect((await browser.get(fresh)).status).toBe(200)
  expect((await browser.get(link)).body).toContain("A fresh one was sent")
})

test("[L17] someone signed in as another person is told so and chooses", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const { link, token } = await resetLink(w, w.browser(), "alice@acme.test")
  expect((await browser.get(link)).body).toContain("You are signed in here as")
  expect((await choose(browser, link, token)).location).toBe(link)
  expect(await whoIs(browser)).toBe("bob@acme.test")
  await browser.post(link, { token, password: otherPassword, anyway: "yes" })
  expect(await whoIs(browser)).toBe("alice@acme.test")
})

test("[L16] guessing at reset links is counted with the other links", async () => {
  const w = await world()
  const guess = () => choose(w.browser(), "/login/reset?token=guess", "guess")
  for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(410)
  expect((await guess()).status).toBe(429)
})

test("[S6] a reset lifts the bar that wrong guesses put up", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  w.settings({ LIMIT_PASSWORDS_PER_CLIENT: "100" })
  for (let i = 0; i < 11; i++) await typePassword(w.browser(), "alice@acme.test", "a wrong one")
  expect((await typePassword(w.browser(), "alice@acme.test")).status).toBe(429)
  const browser = w.browser()
  const { link, token } = await resetLink(w, browser, "alice@acme.test")
  await choose(browser, link, token)
  expect((await typePassword(w.browser(), "alice@acme.test", otherPassword)).status).toBe(303)
})

test("[S6] resets somebody asks for at another's address keep nobody from signing in by link", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100", LIMIT_LINKS_PER_ADDRESS_HOUR: "2" })
  const stranger = w.browser()
  for (const status of [303, 303, 429]) {
    expect((await forget(w, stranger, "alice@acme.test")).status).toBe(status)
  }
  for (const status of [303, 303, 429]) {
    w.clock.advance(minutes(2))
    expect((await askForLink(w, w.browser(), "alice@acme.test")).status).toBe(status)
  }
})
