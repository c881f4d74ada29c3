import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { hiddenField } from "../support/browser"
import { minutes } from "../support/clock"
import { confirm, mailedLink, setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"

async function expired(w: World) {
  const browser = w.browser()
  const { link } = await mailedLink(w, w.browser(), email, "/account/devices")
  w.clock.advance(minutes(16))
  const page = await browser.get(link)
  return { browser, link, handle: hiddenField(page.body, "handle") }
}

test("[L7] an expired link's page asks for a fresh one to the same mailbox and destination", async () => {
  const w = await world()
  const { browser, handle } = await expired(w)
  w.mailbox.clear()
  expect((await browser.post("/login/renewal", { handle })).location).toBe("/login/sent")
  await w.settle()
  const mail = w.mailbox.latestTo(email)
  expect(mail.subject).toContain("fresh sign-in link")
  const entered = await confirm(browser, browser.inside(mail.link ?? ""))
  expect(entered.location).toContain(encodeURIComponent("/account/devices"))
  expect(await whoIs(browser)).toBe(email)
})

test("[L7] once per expired link, also when two ask at once", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_ADDRESS_MINUTE: "10" })
  const { browser, link, handle } = await expired(w)
  w.mailbox.clear()
  const other = w.browser()
  const answers = await Promise.all([
    browser.post("/login/renewal", { handle }),
    other.post("/login/renewal", { handle }),
  ])
  expect(answers.map(a => a.status).sort()).toEqual([303, 410])
  await w.settle()
  expect(w.mailbox.messages(email)).toHaveLength(1)
  expect((await w.browser().get(link)).body).toContain("Look for the newest mail")
})

test("[L7] GET changes nothing and a made-up handle mails nobody", async () => {
  const w = await world()
  const { browser, handle } = await expired(w)
  const before = await db().link.findFirstOrThrow()
  await browser.get(`/login/renewal?handle=${handle}`)
  for (const made of ["", "x.y", `${handle.split(".")[0]}.${"a".repeat(43)}`]) {
    expect((await browser.post("/login/renewal", { handle: made })).status).toBe(410)
  }
  await w.settle()
  expect(await db().link.findFirstOrThrow()).toEqual(before)
  expect(w.mailbox.messages(email)).toHaveLength(1)
})

test("[L7] the limits hold for fresh ones", async () => {
  const w = await world()
  const { browser, handle } = await expired(w)
  w.settings({ LIMIT_LINKS_PER_CLIENT: "1", LIMIT_LINKS_PER_ADDRESS_MINUTE: "10" })
  const other = await expired(w)
  expect((await other.browser.post("/login/renewal", { handle: other.handle })).status).toBe(303)
  const refused = await browser.post("/login/renewal", { handle })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect((await db().link.findFirstOrThrow()).renewedAt).toBeNull()
})
