import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { days, minutes } from "../support/clock"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { confirm, signIn, whoIs } from "../support/world"

const world = setUpBillingWorld()
const dora = "dora@example.test"

async function bought(w: BillingWorld) {
  const browser = w.browser()
  const purchase = await w.purchase(browser)
  await w.arrive()
  const link = browser.inside(w.mailbox.latestTo(dora).link ?? "")
  return { browser, link, ...purchase }
}

const activate = (w: BillingWorld, link: string, name = "Dora Dix", browser = w.browser()) =>
  confirm(browser, link, { name })

test("[B1] [B2] [B3] from the form to the first page: pay, one mail, name, in", async () => {
  const w = await world()
  const browser = w.browser()
  const { pending } = await w.purchase(browser)
  const page = await browser.get(pending)
  expect(page.body).toContain("Check your mail")
  expect(page.body).toContain(dora)
  const elsewhere = await w.browser().get(pending)
  expect(elsewhere.body).toContain("d•••@e•••.test")
  expect(elsewhere.body).not.toContain(dora)
  await w.arrive()
  expect(w.mailbox.messages().filter(mail => JSON.stringify(mail).includes(dora))).toHaveLength(1)
  const mail = w.mailbox.latestTo(dora)
  expect(mail.subject).toBe("Dora & Daughters is ready")
  const link = browser.inside(mail.link ?? "")
  const form = await browser.get(link)
  expect(form.status).toBe(200)
  expect(form.body).toContain("Welcome to Dora &amp; Daughters")
  const answer = await activate(w, link, "Dora Dix", browser)
  expect(answer.status).toBe(303)
  expect(await whoIs(browser)).toBe(dora)
  expect(answer.location).toContain(encodeURIComponent("/onboarding?org=dora-and-daughters"))
  expect(await db().user.findUnique({ where: { email: dora } })).toMatchObject({
    name: "Dora Dix",
    provenAt: expect.any(Date),
  })
})

test("[B2] the holder of a session id is shown a status and is not signed in", async () => {
  const w = await world()
  const buyer = w.browser()
  const { sessionId, pending } = await w.purchase(buyer)
  for (const [browser, seen] of [
    [buyer, { email: dora, mayCorrect: true }],
    [w.browser(), { email: "d•••@e•••.test" }],
  ] as const) {
    const page = await browser.get(pending)
    const status = await browser.get(`/api/billing/status?session_id=${sessionId}`)
    expect(JSON.parse(status.body)).toEqual({
      status: "active",
      organizationName: "Dora & Daughters",
      planName: "Professional",
      ...seen,
    })
    expect([...page.setCookies, ...status.setCookies].join()).not.toContain("gatehouse=")
    expect(page.body + status.body).not.toMatch(/token=/)
    expect(await whoIs(browser)).toBeUndefined()
  }
})

test("[B3] reading the activation link, however often, spends nothing", async () => {
  const w = await world()
  const { link } = await bought(w)
  for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) {
    const answer = await w.browser().get(link, {}, method)
    expect(answer.setCookies.join()).not.toContain("gatehouse=")
  }
  expect((await activate(w, link)).status).toBe(303)
})

test("[B3] without a name nothing is spent, and the form says so", async () => {
  const w = await world()
  const { link } = await bought(w)
  const refused = await activate(w, link, "   ")
  expect(refused.status).toBe(400)
  expect(refused.body).toContain("Enter your name.")
  expect((await activate(w, link)).status).toBe(303)
})

test("[L6] two activations of one link at once sign in once", async () => {
  const w = await world()
  const { link } = await bought(w)
  const answers = await Promise.all([activate(w, link, "One"), activate(w, link, "Two")])
  expect(answers.map(answer => answer.status).sort()).toEqual([303, 410])
  expect(answers.find(answer => answer.status === 410)?.body).toContain("used already")
  expect(await db().session.count()).toBe(1)
})

test("[L6] someone shut out spends nothing", async () => {
  const w = await world()
  const { link } = await bought(w)
  await db().user.update({ where: { email: dora }, data: { disabledAt: new Date() } })
  expect((await activate(w, link)).body).toContain("account is shut")
  await db().user.update({ where: { email: dora }, data: { disabledAt: null } })
  expect((await activate(w, link)).status).toBe(303)
})

test("[L8] an activation link is worthless at the sign-in page, and a sign-in link here", async () => {
  const w = await world()
  const { link } = await bought(w)
  const token = new URL(link, w.url).searchParams.get("token") ?? ""
  expect((await w.browser().post(`/login/link?token=${token}`, { token })).status).toBe(410)
  expect((await w.browser().get(`/login/link?token=${token}`)).body).toContain("does not work")
  expect((await activate(w, link)).status).toBe(303)
})

test("[L7] used, opened again by the same signed-in person, goes on; for others it is used", async () => {
  const w = await world()
  const { link } = await bought(w)
  const browser = w.browser()
  await activate(w, link, "Dora", browser)
  expect((await browser.get(link)).status).toBe(302)
  const stranger = await w.browser().get(link)
  expect(stranger.status).toBe(410)
  expect(stranger.body).toContain("used already")
})

test("[L7] expired: a fresh mail to the same mailbox, once, and it works", async () => {
  const w = await world()
  const { link, browser } = await bought(w)
  w.clock.advance(days(4))
  const page = await browser.get(link)
  expect(page.status).toBe(410)
  expect(page.body).toContain("has expired")
  const handle = /name="handle" value="([^"]+)"/.exec(page.body)?.[1] ?? ""
  expect((await browser.post("/activate/resend", { handle })).body).toContain("Check your mail")
  await w.settle()
  w.clock.advance(minutes(2))
  expect((await browser.post("/activate/resend", { handle })).status).toBe(410)
  await w.settle()
  const fresh = browser.inside(w.mailbox.latestTo(dora).link ?? "")
  expect(fresh).not.toBe(link)
  expect((await activate(w, fresh)).status).toBe(303)
  expect(await db().mail.count({ where: { template: "activation" } })).toBe(2)
})

test("[B3] re-send really sends, and says the same for everybody", async () => {
  const w = await world()
  const { link } = await bought(w)
  w.clock.advance(minutes(5))
  const pages = new Map<string, string>()
  for (const email of [dora, "nobody@example.test", "alice@acme.test"]) {
    const answer = await w.browser().post("/activate/resend", { email })
    expect(answer.status).toBe(200)
    pages.set(email, answer.body.replaceAll(email, "…").replace(/nonce="[^"]*"/g, ""))
  }
  await w.settle()
  expect(await db().mail.count({ where: { template: "activation", recipient: dora } })).toBe(2)
  expect(await db().mail.count({ where: { recipient: { not: dora } } })).toBe(0)
  const fresh = w.browser().inside(w.mailbox.latestTo(dora).link ?? "")
  expect(fresh).not.toBe(link)
  expect((await activate(w, fresh)).status).toBe(303)
  expect(pages.get("nobody@example.test")).toContain("Check your mail")
})

test("[B3] re-send keeps within the limits", async () => {
  const w = await world()
  await bought(w)
  expect((await w.browser().post("/activate/resend", { email: dora })).status).toBe(200)
  const again = await w.browser().post("/activate/resend", { email: "D.ora+x@example.test" })
  expect(again.status).toBe(429)
  expect(Number(again.headers.get("Retry-After"))).toBeGreaterThan(0)
})

test("[B3] an existing user who buys is sent a sign-in link and lands in the set-up", async () => {
  const w = await world()
  const browser = w.browser()
  await w.purchase(browser, { email: "charlie@birch.test", businessName: "Cedar" })
  await w.arrive()
  const mail = w.mailbox.latestTo("charlie@birch.test")
  const link = browser.inside(mail.link ?? "")
  expect(link).toMatch(/^\/login\/link\?token=/)
  const answer = await confirm(browser, link)
  expect(answer.status).toBe(303)
  expect(answer.location).toContain(encodeURIComponent("/onboarding?org=cedar"))
  expect(await whoIs(browser)).toBe("charlie@birch.test")
})

test("[L17] someone signed in as another is told so before activating", async () => {
  const w = await world()
  const browser = w.browser()
  const { link } = await bought(w)
  await signIn(w, browser, "bob@acme.test")
  const page = await browser.get(link)
  const text = page.body.replace(/<[^>]*>/g, "")
  expect(text).toContain("You are signed in here as bob@acme.test. This link is for d•••@e•••.test.")
  expect(page.body).toContain("Stay signed in")
  await activate(w, link, "Dora", browser)
  expect(await whoIs(browser)).toBe(dora)
})

test("[B14] a welcome tells how to come back, once", async () => {
  const w = await world()
  const { link } = await bought(w)
  await activate(w, link)
  await w.settle()
  const mail = w.mailbox.latestTo(dora)
  expect(mail.subject).toBe("Welcome, Dora Dix")
  expect(await db().mail.findMany({ where: { recipient: dora }, orderBy: { id: "asc" } })).toMatchObject([
    { template: "activation", state: "sent" },
    { template: "welcome", state: "sent" },
  ])
})
