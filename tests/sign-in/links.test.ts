import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { minutes } from "../support/clock"
import { askForLink, confirm, mailedLink, setUpWorld, signIn, whoIs } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"

test("[L1] reading a link spends nothing and sets no session cookie, however often", async () => {
  const w = await world()
  const browser = w.browser()
  const scanner = w.browser("SafeLinks/1.0")
  const { link } = await mailedLink(w, browser, email)
  for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) {
    const seen = await scanner.get(link, {}, method)
    expect(seen.status, method).toBeLessThan(300)
    expect(seen.setCookies, method).toEqual([])
  }
  expect((await confirm(browser, link)).status).toBe(303)
  expect(await whoIs(browser)).toBe(email)
})

test("[L2] elsewhere the page shows a button that names the masked address and when and where it was asked for", async () => {
  const w = await world()
  const { link } = await mailedLink(w, w.browser(), email)
  const elsewhere = await w.browser().get(link)
  expect(elsewhere.body).toContain("Sign in as a•••@a•••.test")
  expect(elsewhere.body).not.toContain(email)
  expect(elsewhere.body).toContain("Firefox on Linux")
  expect(elsewhere.body).toMatch(/network[^<]*(<!-- -->)?127\.0\.0\.x/)
})

test("[L6] two clicks at once on one link sign in once", async () => {
  const w = await world()
  const [one, two] = [w.browser(), w.browser()]
  const { link } = await mailedLink(w, one, email)
  const answers = await Promise.all([confirm(one, link), confirm(two, link)])
  expect(answers.map(a => a.status).sort()).toEqual([303, 410])
  const loser = answers.find(a => a.status === 410)
  expect(loser?.body).toContain("used already")
  expect(await db().session.count()).toBe(1)
})

test("[L7] invalid, expired and used are three pages with a way on", async () => {
  const w = await world()
  const browser = w.browser()
  const invalid = await browser.get("/login/link?token=nonsense")
  expect(invalid.body).toContain("does not work")
  const first = await mailedLink(w, browser, email)
  await confirm(browser, first.link)
  const used = await w.browser().get(first.link)
  expect(used.body).toContain("used already")
  const second = await mailedLink(w, w.browser(), email)
  w.clock.advance(minutes(16))
  const expired = await w.browser().get(second.link)
  expect(expired.body).toContain("has expired")
  expect(expired.body).not.toContain(second.token)
  for (const page of [invalid, used, expired]) {
    expect(page.status).toBe(410)
    expect(page.body).toMatch(/Ask for a new link|Send a fresh link/)
  }
})

test("[L7] a used link, opened again by the same signed-in person, goes on to where it led", async () => {
  const w = await world()
  const browser = w.browser()
  const { link } = await mailedLink(w, browser, email, "/account/devices")
  await confirm(browser, link)
  const again = await browser.open(link)
  expect(again.path).toBe("/account/devices")
})

test("[L8] a link of one purpose is worthless at another's address", async () => {
  const w = await world()
  const browser = w.browser()
  const { token } = await mailedLink(w, browser, email)
  for (const path of ["/activate", "/invitation", "/setup"]) {
    const answer = await browser.get(`${path}?token=${token}`)
    expect([404, 410], path).toContain(answer.status)
  }
  expect((await db().link.findFirstOrThrow()).usedAt).toBeNull()
})

test("[L14] links start with APP_URL whatever the headers say", async () => {
  const w = await world()
  const browser = w.browser()
  const page = await browser.get("/login")
  w.clock.advance(5000)
  const made = /name="made" value="([^"]+)"/.exec(page.body)?.[1] ?? ""
  await browser.post(
    "/login",
    { email, made },
    { "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https" },
  )
  await w.settle()
  expect(w.mailbox.latestTo(email).link).toMatch(new RegExp(`^${w.url}/login/link\\?token=[\\w-]{43}$`))
  expect(w.mailbox.latestTo(email).raw.toString()).not.toContain("evil.test")
})

test("[L17] someone signed in as another person is told so and chooses", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const { link } = await mailedLink(w, w.browser(), email)
  const page = await browser.get(link)
  expect(page.body).toContain("You are signed in here as")
  expect(page.body).toContain("bob@acme.test")
  expect((await confirm(browser, link)).status).toBe(302)
  expect(await whoIs(browser)).toBe("bob@acme.test")
  expect((await confirm(browser, link, { anyway: "yes" })).status).toBe(303)
  expect(await whoIs(browser)).toBe(email)
})

test("[S2] the session id changes at sign-in and the old one is dead", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, email)
  const old = browser.cookies.get("gatehouse") ?? ""
  const { link } = await mailedLink(w, w.browser(), email)
  await confirm(browser, link)
  expect(browser.cookies.get("gatehouse")).not.toBe(old)
  browser.cookies.set("gatehouse", old)
  expect(await whoIs(browser)).toBeUndefined()
})

test("[M1] the mail goes out after the answer, and the outbox row holds no token", async () => {
  const w = await world()
  const browser = w.browser()
  const asked = await askForLink(w, browser, email)
  expect(asked.location).toBe("/login/sent")
  expect(w.mailbox.messages()).toEqual([])
  await w.settle()
  const mail = w.mailbox.latestTo(email)
  const token = new URL(mail.link ?? "").searchParams.get("token") ?? ""
  const everything = JSON.stringify([
    await db().mail.findMany(),
    await db().job.findMany(),
    await db().link.findMany(),
  ])
  expect(everything).not.toContain(token)
  expect(everything).not.toContain(mail.code)
})
