import { expect, test } from "vitest"
import { endPlan } from "~/domain/billing/ending.server"
import { forgetPrices } from "~/domain/billing/prices.server"
import { db } from "~/platform/db.server"
import { member, requester } from "../support/membership"
import { atStripe, openPage, sellPlan } from "../support/plan"
import { setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()

const wish = { plan: "starter", interval: "month", email: "dora@example.test", businessName: "Dora" }

/** Longer than a page of this app takes, also on a busy machine, and shorter than Stripe would be waited for. */
const atOnce = 2_500
/** The page of the plan may ask for the next charge, and does without it. */
const withAGlance = 4_500

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; answer: T }> {
  const began = performance.now()
  const answer = await work()
  return { ms: performance.now() - began, answer }
}

for (const kind of ["hang", "429"] as const) {
  test(`[B6] while Stripe answers with ${kind}, people sign in and every other page comes at once`, async () => {
    const w = await world()
    await sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })
    await w.stripe.fault({ kind, times: null })
    const alice = w.browser()
    const signedIn = await timed(() => signIn(w, alice, "alice@acme.test"))
    expect(signedIn.ms).toBeLessThan(2 * atOnce)
    for (const path of ["/", "/pricing", "/start", "/o/acme", "/o/acme/members", "/o/acme/settings"]) {
      const { ms, answer } = await timed(() => alice.get(path))
      expect([path, answer.status < 400, ms < atOnce]).toEqual([path, true, true])
    }
    const billing = await timed(() => alice.get("/o/acme/billing"))
    expect(billing.answer.status).toBe(200)
    expect(billing.ms).toBeLessThan(withAGlance)
    const olive = w.browser()
    await signIn(w, olive, "olive@gatehouse.test")
    for (const path of ["/admin", "/admin/billing", "/admin/billing/drift"]) {
      const { ms, answer } = await timed(() => olive.get(path))
      expect([path, answer.status, ms < atOnce]).toEqual([path, 200, true])
    }
    await w.stripe.clearFaults()
  }, 60_000)

  test(`[B1] while Stripe answers with ${kind}, checkout says try again, and never makes two sessions`, async () => {
    const w = await world()
    const browser = w.browser()
    await w.stripe.fault({ kind, times: null, after: kind === "hang" })
    const [one, two] = await Promise.all([
      timed(() => browser.post("/checkout?plan=starter", wish)),
      timed(() => browser.post("/checkout?plan=starter", wish)),
    ])
    for (const { ms, answer } of [one, two]) {
      expect(ms).toBeLessThan(12_000)
      expect(answer.status).toBe(503)
      expect(answer.body).toContain("Nothing was charged. Try again")
    }
    await w.stripe.clearFaults()
    const again = await Promise.all([browser.post("/checkout", wish), browser.post("/checkout", wish)])
    expect(again.map(({ status }) => status)).toEqual([303, 303])
    expect(new Set(again.map(({ location }) => location)).size).toBe(1)
    await w.stripe.completeCheckout()
    await expect(w.stripe.completeCheckout()).rejects.toThrow("There is no open Checkout Session.")
    await w.arrive()
    expect(await db().subscription.count()).toBe(1)
  }, 60_000)
}

test("[B6] while Stripe does not tell its prices, the page after a purchase comes and a plan is ended", async () => {
  const w = await world()
  const session = await openPage({ organization: w.cast.birch, owner: w.cast.charlie })
  await w.stripe.completeCheckout({ session })
  const plan = await sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })
  forgetPrices()
  await w.stripe.fault({ kind: "hang", times: null, path: "/v1/prices" })
  const pending = await timed(() => w.browser().get(`/onboarding/pending?session_id=${session}`))
  expect([pending.answer.status, pending.ms < withAGlance]).toEqual([200, true])
  const ended = await timed(async () => endPlan(await member(w.cast.alice, "acme"), requester))
  expect([ended.answer.ok, ended.ms < 2 * withAGlance]).toEqual([true, true])
  const { cancelAt } = await db().subscription.findUniqueOrThrow({ where: { id: plan.id } })
  expect(cancelAt).toEqual(plan.currentPeriodEnd)
  await w.stripe.clearFaults()
}, 60_000)

test("[B6] while Stripe does not tell of payments, whoever ends an overdue plan is not kept waiting", async () => {
  const w = await world()
  const plan = await sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })
  await w.stripe.setCard({ customer: plan.stripeCustomerId, works: false })
  await w.stripe.advance({ months: 1, days: 1 })
  await w.arrive()
  await w.stripe.fault({ kind: "hang", times: null, path: "/v1/invoice_payments" })
  const ended = await timed(async () => endPlan(await member(w.cast.alice, "acme"), requester))
  expect(ended.ms).toBeLessThan(2 * withAGlance)
  await w.stripe.clearFaults()
  expect(await atStripe(w, plan)).toEqual({ status: "past_due", ending: true })
}, 60_000)

test("[B6] while Stripe is slow with the second question, too, somebody who ends a plan waits eleven seconds at most", async () => {
  const w = await world()
  await sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })
  await w.stripe.fault({ kind: "hang", times: null, method: "POST", path: "/v1/subscriptions" })
  await w.stripe.fault({ kind: "hang", times: 1, method: "GET", path: "/v1/subscriptions" })
  const ended = await timed(async () => endPlan(await member(w.cast.alice, "acme"), requester))
  expect(ended.answer).toEqual({ ok: false, error: "unavailable" })
  expect(ended.ms).toBeLessThan(12_500)
  await w.stripe.clearFaults()
}, 60_000)
