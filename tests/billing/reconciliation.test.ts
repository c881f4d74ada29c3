import { afterEach, beforeEach, expect, test } from "vitest"
import { lastComparison } from "~/domain/billing/comparison-report.server"
import { reconcile } from "~/domain/billing/reconciliation.server"
import { db } from "~/platform/db.server"
import { minutes, type TestClock, testClock } from "../support/clock"
import { type Billing, startBilling } from "../support/stripe"

let billing: Billing
let clock: TestClock
beforeEach(async () => {
  clock = testClock()
  billing = await startBilling()
})
afterEach(async () => {
  await billing.close()
  clock.restore()
})

async function bought() {
  const purchase = await billing.buy()
  for (const event of await billing.news()) await billing.deliver(event)
  await billing.jobs.settle()
  return purchase
}

/** Nobody has told of what happened before, and nobody will. */
async function untold() {
  await billing.stripe.advance({ seconds: minutes(11) / 1000 })
  clock.advance(minutes(11))
}

const row = (stripeSubscriptionId: string) =>
  db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId } })

test("[B6] the comparison finds a cancellation no event told of, repairs it, says so, and changes nothing the second time", async () => {
  const { subscriptionId } = await bought()
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await untold()
  const first = await reconcile()
  expect(first?.repaired.map(one => one.id)).toEqual([subscriptionId])
  expect((await row(subscriptionId)).status).toBe("canceled")
  expect(await db().setting.count({ where: { key: "alert.stripe-drift" } })).toBe(1)
  const before = await row(subscriptionId)
  const second = await reconcile()
  expect(second).toMatchObject({ compared: 1, repaired: [], failed: [] })
  expect({ ...(await row(subscriptionId)), syncedAt: 0 }).toEqual({ ...before, syncedAt: 0 })
})

test("[B6] a row edited by hand becomes what Stripe says", async () => {
  const { subscriptionId } = await bought()
  await db().subscription.updateMany({
    data: { plan: "enterprise", status: "past_due", cancelAt: new Date() },
  })
  await reconcile()
  expect(await row(subscriptionId)).toMatchObject({ plan: "professional", status: "active", cancelAt: null })
})

test("[B6] a purchase of which every event was lost is provisioned by the comparison, with one mail", async () => {
  const { checkout } = await billing.buy()
  await reconcile()
  await reconcile()
  expect(await db().checkout.findUniqueOrThrow({ where: { id: checkout.id } })).toMatchObject({
    state: "provisioned",
  })
  expect(await db().organization.count()).toBe(1)
  expect(await db().mail.count({ where: { template: "activation" } })).toBe(1)
})

test("[B6] one that Stripe no longer knows is reported and does not stop the rest", async () => {
  const { subscriptionId } = await bought()
  const known = await row(subscriptionId)
  await db().subscription.create({ data: { ...known, id: "000", stripeSubscriptionId: "sub_gone" } })
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await untold()
  const report = await reconcile()
  expect(report?.failed.map(one => one.id)).toEqual(["sub_gone"])
  expect(report?.repaired.map(one => one.id)).toEqual([subscriptionId])
})

test("[B6] while Stripe is away nothing changes and nothing is reported", async () => {
  const { subscriptionId } = await bought()
  const before = await row(subscriptionId)
  await billing.stripe.fault({ kind: "reset", times: null })
  expect(await reconcile()).toBeUndefined()
  expect(await row(subscriptionId)).toEqual(before)
  expect(await lastComparison()).toBeUndefined()
})
