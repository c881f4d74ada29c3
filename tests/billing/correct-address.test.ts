import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import type { Browser } from "../support/browser"
import { buildUser } from "../support/cast"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn, whoIs } from "../support/world"

const world = setUpBillingWorld()
const wrong = "dora@exmaple.test"
const right = "dora@example.test"
const offer = "Wrong address? Correct it"

/** Dora has paid with a typing mistake in her address; the mail went to a stranger. */
async function mistyped(w: BillingWorld) {
  const dora = w.browser()
  const { pending } = await w.purchase(dora, { email: wrong, businessName: "Dora" })
  await w.arrive()
  const mistaken = w.mailbox.latestTo(wrong).link ?? ""
  const correct = (email = right, browser: Browser = dora) => browser.post(pending, { email })
  return { dora, pending, mistaken, correct }
}

const owners = async () =>
  (
    await db().membership.findMany({
      where: { organization: { name: "Dora" } },
      include: { user: true },
    })
  ).map(({ role, user }) => `${user.email} ${role}`)

test("[B3] the address is shown in full to the browser that bought, and masked to everyone else", async () => {
  const w = await world()
  const { dora, pending } = await mistyped(w)
  const own = await dora.get(pending)
  expect(own.body).toContain(wrong)
  expect(own.body).toContain(offer)
  const other = await w.browser().get(pending)
  expect(other.body).not.toContain(wrong)
  expect(other.body).not.toContain(offer)
  const alice = w.browser()
  await alice.post("/checkout", { plan: "starter", email: "eve@example.test", businessName: "Eve" })
  expect((await alice.get(pending)).body).not.toContain(wrong)
})

test("[B3] corrected, the new mailbox gets in and the old one does not", async () => {
  const w = await world()
  const { dora, pending, mistaken, correct } = await mistyped(w)
  expect((await correct()).location).toBe(pending)
  await w.settle()
  expect(await owners()).toEqual([`${right} owner`])
  expect((await dora.get(pending)).body).toContain(right)
  const stranger = w.browser()
  const old = stranger.inside(mistaken)
  expect((await stranger.get(old)).status).toBe(410)
  const token = new URL(mistaken).searchParams.get("token") ?? ""
  expect((await stranger.post("/activate", { token, name: "Stranger" })).status).toBe(410)
  expect(await whoIs(stranger)).toBeUndefined()
  await stranger.post("/activate/resend", { email: wrong })
  await w.settle()
  expect(await db().mail.count({ where: { recipient: wrong } })).toBe(1)

  const link = new URL(w.mailbox.latestTo(right).link ?? "")
  const entered = await dora.post("/activate", { token: link.searchParams.get("token") ?? "", name: "Dora" })
  expect(entered.location).toContain(encodeURIComponent("/onboarding?org=dora"))
  expect(await whoIs(dora)).toBe(right)
  const line = await db().auditEntry.findFirstOrThrow({ where: { act: "billing.buyer_address_corrected" } })
  expect(line.detail).not.toContain(wrong)
  const { stripeCustomerId } = await db().organization.findFirstOrThrow({ where: { name: "Dora" } })
  expect((await w.stripe.calls()).map(call => call.path)).toContain(`/v1/customers/${stripeCustomerId}`)
})

test("[B3] somebody who signs in with the old address later finds nothing of the purchase", async () => {
  const w = await world()
  const { correct } = await mistyped(w)
  await correct()
  await w.settle()
  const stranger = w.browser()
  await signIn(w, stranger, wrong)
  expect((await stranger.get("/o/dora")).status).toBe(404)
})

test("[B3] an address somebody has already makes them the owner, and looks the same to the buyer", async () => {
  const w = await world()
  const known = await buildUser(db(), { email: "known@example.test", name: "Known" })
  const { correct, dora, pending } = await mistyped(w)
  const answer = await correct(known.email)
  expect(answer.location).toBe(pending)
  await w.settle()
  expect(await owners()).toEqual([`${known.email} owner`])
  expect(await db().user.findUnique({ where: { email: wrong } })).toBeNull()
  expect(w.mailbox.latestTo(known.email).subject).toContain("Dora")
  expect(await whoIs(dora)).toBeUndefined()
  const page = await dora.get(pending)
  expect(page.body).toContain("Check your mail")
})

test("[B3] nobody else can correct it, nor anybody once the account is active", async () => {
  const w = await world()
  const { dora, pending, mistaken, correct } = await mistyped(w)
  expect((await correct("eve@example.test", w.browser())).status).toBe(409)
  const eve = w.browser()
  const { pending: hers } = await w.purchase(eve, { email: "eve@example.test", businessName: "Eve" })
  expect(hers).not.toBe(pending)
  expect((await correct("eve@example.test", eve)).status).toBe(409)
  const token = new URL(mistaken).searchParams.get("token") ?? ""
  expect((await w.browser().post("/activate", { token, name: "Somebody" })).status).toBe(303)
  expect((await correct()).status).toBe(409)
  expect((await dora.get(pending)).body).not.toContain(offer)
  expect(await owners()).toEqual([`${wrong} owner`])
})

test("[B3] a person who was there before the purchase keeps their address", async () => {
  const w = await world()
  await buildUser(db(), { email: wrong, proven: false })
  const { dora, pending, correct } = await mistyped(w)
  expect((await dora.get(pending)).body).not.toContain(offer)
  expect((await correct()).status).toBe(409)
  expect(await owners()).toEqual([`${wrong} owner`])
})

test("[B3] while a debit is on its way the address can be corrected, too", async () => {
  const w = await world()
  const dora = w.browser()
  await dora.post("/checkout", { plan: "starter", email: wrong, businessName: "Dora" })
  const { session, redirect } = await w.stripe.completeCheckout({ outcome: "bank_debit" })
  await w.arrive()
  const pending = dora.inside(redirect ?? "")
  const page = await dora.get(pending)
  expect(page.body).toContain(offer)
  expect(page.body).toMatch(/http-equiv="refresh" content="60"/i)
  await dora.post(pending, { email: right })
  await w.settle()
  expect(w.mailbox.latestTo(right).subject).toContain("on its way")
  await w.stripe.settlePayment({ session: session.id })
  await w.arrive()
  expect(await owners()).toEqual([`${right} owner`])
  expect(await db().user.findUnique({ where: { email: wrong } })).toBeNull()
})

test("[B3] five corrections an hour, and no address that is none", async () => {
  const w = await world()
  const { correct } = await mistyped(w)
  expect((await correct("nobody")).status).toBe(400)
  for (let i = 0; i < 5; i += 1) expect((await correct(`dora${i}@example.test`)).status).toBe(303)
  const sixth = await correct()
  expect(sixth.status).toBe(429)
  expect(Number(sixth.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect(await owners()).toEqual(["dora4@example.test owner"])
})

test("[B3] a mail that was not sent before the correction is not sent at all", async () => {
  const w = await world()
  const dora = w.browser()
  const { pending } = await w.purchase(dora, { email: wrong, businessName: "Dora" })
  expect((await dora.get(pending)).body).toContain(offer)
  await dora.post(pending, { email: right })
  await w.arrive()
  expect((await db().mail.findMany({ where: { recipient: wrong } })).map(mail => mail.state)).toEqual([
    "expired",
  ])
  expect(w.mailbox.latestTo(right).link).toContain("/activate")
})
