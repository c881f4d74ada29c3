import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { clearLimits, restoreLimits, saveLimits } from "~/platform/rate-limit.server"
import { seconds } from "../support/clock"
import { givePassword, typePassword } from "../support/passwords"
import { withTwoFactor } from "../support/two-factor"
import { askForLink, confirm, mailedLink, setUpWorld, whoIs } from "../support/world"

const world = setUpWorld()

test("[L16] one request a minute per address, dots and +alias ignored; 429 says when to come back", async () => {
  const w = await world()
  expect((await askForLink(w, w.browser(), "alice@acme.test")).status).toBe(303)
  const again = await askForLink(w, w.browser(), "a.lice+news@acme.test")
  expect(again.status).toBe(429)
  const wait = Number(again.headers.get("Retry-After"))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  expect(again.body).toMatch(/minute|second/)
})

test("[L16] unknown addresses meet the same limits", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited" })
  await askForLink(w, w.browser(), "nobody@acme.test")
  expect((await askForLink(w, w.browser(), "nobody@acme.test")).status).toBe(429)
})

test("[L16] ten requests per client in a quarter of an hour", async () => {
  const w = await world()
  for (let i = 0; i < 10; i++) expect((await askForLink(w, w.browser(), `p${i}@acme.test`)).status).toBe(303)
  expect((await askForLink(w, w.browser(), "p10@acme.test")).status).toBe(429)
})

test("[L16] ten checks of links and codes per client, and right ones do not count", async () => {
  const w = await world()
  const browser = w.browser()
  for (let i = 0; i < 10; i++) await confirm(browser, `/login/link?token=guess${i}`)
  expect((await confirm(browser, "/login/link?token=guess")).status).toBe(429)
  expect((await browser.post("/login/sent", { code: "ABCDEF" })).location).toBe("/login")
})

test("[L16] an office behind one address can sign in all day", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
  for (let i = 0; i < 12; i++) {
    const browser = w.browser()
    const { link } = await mailedLink(w, browser, `p${i}@acme.test`)
    expect((await confirm(browser, link)).status).toBe(303)
  }
})

test("[L16] a second factor that holds gives back no request for a link", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "1" })
  await givePassword(w.cast.bob)
  const app = await withTwoFactor(w.cast.bob.id)
  expect((await askForLink(w, w.browser(), "alice@acme.test")).status).toBe(303)
  const browser = w.browser()
  expect((await typePassword(browser, "bob@acme.test")).location).toBe("/login/second-factor")
  const entered = await browser.post("/login/second-factor", { by: "totp", code: app.code() })
  expect(entered.status).toBe(303)
  expect(await whoIs(browser)).toBe("bob@acme.test")
  expect((await askForLink(w, w.browser(), "amir@acme.test")).status).toBe(429)
})

test("[L16] the counts survive a restart, and the table holds no address", async () => {
  const w = await world()
  await askForLink(w, w.browser(), "alice@acme.test")
  await saveLimits()
  const rows = await db().rateLimit.findMany()
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain("alice")
  clearLimits()
  await restoreLimits()
  expect((await askForLink(w, w.browser(), "alice@acme.test")).status).toBe(429)
})

test("[L16] the mail budget of an hour makes mails wait and tells the operator", async () => {
  const w = await world()
  w.settings({ MAIL_BUDGET_PER_HOUR: "2", LIMIT_LINKS_PER_CLIENT: "100" })
  for (const name of ["alice", "amir", "bob"]) await askForLink(w, w.browser(), `${name}@acme.test`)
  await w.settle()
  expect(w.mailbox.messages()).toHaveLength(2)
  expect(await db().mail.count({ where: { state: "queued" } })).toBe(1)
  expect((await db().setting.findFirstOrThrow({ where: { key: "alert.mail-budget" } })).value).toContain(
    "budget",
  )
})

test("[L21] a filled trap and a too-fast post see the same page, and nothing is sent", async () => {
  const w = await world()
  const page = await w.browser().get("/login")
  const made = /name="made" value="([^"]+)"/.exec(page.body)?.[1] ?? ""
  const fast = await w.browser().post("/login", { email: "alice@acme.test", made })
  w.clock.advance(seconds(5))
  const trapped = await w
    .browser()
    .post("/login", { email: "bob@acme.test", made, website: "http://spam.test" })
  const forged = await w.browser().post("/login", { email: "amir@acme.test", made: "1.x" })
  for (const answer of [fast, trapped, forged]) {
    expect([answer.status, answer.location, answer.setCookies.length]).toEqual([303, "/login/sent", 1])
  }
  await w.settle()
  expect(w.mailbox.messages()).toEqual([])
  expect(await db().job.count()).toBe(0)
})
