import { afterAll, beforeAll, expect, test } from "vitest"
import { accessOf } from "~/domain/billing/access-of.server"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { readSubscription } from "~/domain/billing/snapshot.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { clearAlert, listAlerts } from "~/domain/mail/alerts.server"
import { db, transaction } from "~/platform/db.server"
import { env, setEnv } from "~/platform/env.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { stripe } from "~/platform/stripe.server"
import { type Billing, type Purchase, startBilling, webhookSecret } from "../support/stripe"

let billing: Billing
beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())

async function handleNews(order: "happened" | "reversed" = "happened") {
  const events = await billing.news()
  for (const event of order === "reversed" ? events.reverse() : events) await billing.deliver(event)
  await billing.jobs.settle()
}

async function subscribed(purchase?: Purchase) {
  const bought = await billing.buy(purchase)
  await handleNews()
  const read = () =>
    db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId: bought.subscriptionId } })
  return { ...bought, read, organizationId: (await read()).organizationId }
}

test("[B5] a late update does not revive a deleted subscription", async () => {
  const { subscriptionId, read } = await subscribed()
  await billing.stripe.changePlan({ subscription: subscriptionId, price: "gatehouse_enterprise_monthly" })
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  const events = (await billing.news()).filter(event => event.type.startsWith("customer.subscription."))
  expect(events.map(event => event.type)).toEqual([
    "customer.subscription.updated",
    "customer.subscription.deleted",
  ])
  for (const event of events.reverse()) {
    await billing.deliver(event)
    await billing.jobs.settle()
    expect(await read()).toMatchObject({ status: "canceled", endedAt: expect.any(Date) })
  }
})

test("[B5] an answer that was overtaken while it was under way is asked for again", async () => {
  const { subscriptionId, read } = await subscribed()
  const before = (await read()).plan
  const slow = await prepareSync(subscriptionId)
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await applyFresh(() => prepareSync(subscriptionId))
  await expect(transaction(slow)).rejects.toThrow("was written while it was being fetched")
  expect(await read()).toMatchObject({ status: "canceled", plan: before })
  let asked = 0
  await applyFresh(async () => {
    asked += 1
    return asked === 1 ? slow : prepareSync(subscriptionId)
  })
  expect(asked).toBe(2)
  expect(await read()).toMatchObject({ status: "canceled" })
})

test("[B5] a purchase handled with an older answer does not hide that the subscription has ended meanwhile", async () => {
  const { sessionId, subscriptionId } = await billing.buy()
  const older = await prepareFulfilment({ sessionId })
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  const newer = await prepareSync(subscriptionId)
  expect(await transaction(older)).toMatchObject({ provisioned: true })
  let asked = 0
  await applyFresh(async () => {
    asked += 1
    return asked === 1 ? newer : prepareSync(subscriptionId)
  })
  expect(
    await db().subscription.findUnique({ where: { stripeSubscriptionId: subscriptionId } }),
  ).toMatchObject({
    status: "canceled",
  })
})

test("[B5] the same news twice changes nothing and writes no second audit line", async () => {
  const { subscriptionId, organizationId } = await subscribed()
  await billing.stripe.changePlan({ subscription: subscriptionId, price: "gatehouse_enterprise_monthly" })
  await handleNews()
  await applyFresh(() => prepareSync(subscriptionId))
  await applyFresh(() => prepareSync(subscriptionId))
  expect(
    await db().auditEntry.count({ where: { organizationId, act: "billing.subscription_changed" } }),
  ).toBe(1)
})

test.each(["happened", "reversed"] as const)(
  "[B5] a renewal that fails tells each owner once (events as %s)",
  async order => {
    const { checkout, read, organizationId } = await subscribed()
    const row = await read()
    await billing.stripe.setCard({ customer: row.stripeCustomerId, works: false })
    await billing.stripe.advance({ days: 32 })
    await handleNews(order)
    await handleNews(order)
    expect(await read()).toMatchObject({ status: "past_due", pastDueSince: expect.any(Date) })
    expect(await accessOf(organizationId)).toMatchObject({ level: "full", banner: { act: "fix_payment" } })
    expect(await db().mail.count({ where: { recipient: checkout.email, template: "payment_failed" } })).toBe(
      1,
    )
  },
)

test("[B9] an end that is planned shows, whether as a date or as a flag, and is taken back", async () => {
  const { subscriptionId, read } = await subscribed()
  for (const when of ["portal", "period_end"] as const) {
    await billing.stripe.cancel({ subscription: subscriptionId, when })
    await handleNews()
    const row = await read()
    expect(row.cancelAt, when).toEqual(row.currentPeriodEnd)
    expect(row.status).toBe("active")
    await billing.stripe.cancel({ subscription: subscriptionId, when: "undo" })
    await handleNews()
    expect((await read()).cancelAt).toBeNull()
  }
})

test("[B9] an account that gives the flag without a date ends with the item's period", async () => {
  const { subscriptionId } = await subscribed()
  const fetched = await stripe().subscriptions.retrieve(subscriptionId)
  const flagged = await readSubscription({ ...fetched, cancel_at: null, cancel_at_period_end: true })
  expect(flagged.cancelAt).toEqual(flagged.currentPeriodEnd)
  expect(
    (await readSubscription({ ...fetched, cancel_at: null, cancel_at_period_end: false })).cancelAt,
  ).toBeNull()
})

test("[B9] the plan follows the subscription's price", async () => {
  const { subscriptionId, read } = await subscribed({ plan: "starter" })
  await billing.stripe.changePlan({ subscription: subscriptionId, price: "gatehouse_enterprise_yearly" })
  await handleNews()
  expect(await read()).toMatchObject({ plan: "enterprise", interval: "year" })
})

test("[B9] an unknown price grants nothing and raises an alert; once it is known, a replay grants", async () => {
  const { subscriptionId, read, organizationId } = await subscribed()
  const product = await stripe().products.create({ name: "Something else" })
  const recurring = { interval: "month" } as const
  const price = await stripe().prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 100,
    recurring,
  })
  await billing.stripe.changePlan({ subscription: subscriptionId, price: price.id })
  await handleNews()
  expect(await read()).toMatchObject({ plan: null, status: "active", stripePriceId: price.id })
  expect(await accessOf(organizationId)).toMatchObject({ level: "none", plan: null })
  expect((await listAlerts()).map(alert => alert.key)).toContain(`unknown-price:${price.id}`)

  await clearAlert(`unknown-price:${price.id}`)
  const { secretKey = "", apiUrl = "" } = env().stripe ?? {}
  setEnv({
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_API_URL: apiUrl,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_STARTER_PRICE_ID: price.id,
  })
  await applyFresh(() => prepareSync(subscriptionId))
  expect(await read()).toMatchObject({ plan: "starter" })
  expect(await accessOf(organizationId)).toMatchObject({ level: "full", plan: "starter" })
  expect(await listAlerts()).toEqual([])
})

const priceOn = (product: string, unit_amount: number, metadata: Record<string, string> = {}) =>
  stripe().prices.create({
    product,
    currency: "usd",
    unit_amount,
    metadata,
    recurring: { interval: "month" },
  })

function settingsWith(more: Record<string, string>) {
  const { secretKey = "", apiUrl = "" } = env().stripe ?? {}
  setEnv({
    ...{ STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl, STRIPE_WEBHOOK_SECRET: webhookSecret },
    ...more,
  })
}

test("[B9] naming a dearer price of the same product leaves those on the old one their plan", async () => {
  clearLimits()
  const product = await stripe().products.create({ name: "Hand made" })
  const [old, fresh, marked] = [
    await priceOn(product.id, 2900),
    await priceOn(product.id, 3900),
    await priceOn(product.id, 1900, { gatehouse_plan: "starter" }),
  ]
  settingsWith({ STRIPE_STARTER_PRICE_ID: old.id })
  const { subscriptionId, read, organizationId } = await subscribed({ plan: "starter" })
  expect(await read()).toMatchObject({ plan: "starter", stripePriceId: old.id })
  settingsWith({ STRIPE_STARTER_PRICE_ID: fresh.id })
  await applyFresh(() => prepareSync(subscriptionId))
  expect(await read()).toMatchObject({ plan: "starter", interval: "month", periodAmount: 2900 })
  expect(await accessOf(organizationId)).toMatchObject({ level: "full", plan: "starter" })
  // Marked by hand it is the plan's, whoever pays it.
  await billing.stripe.changePlan({ subscription: subscriptionId, price: marked.id })
  await handleNews()
  expect(await read()).toMatchObject({ plan: "starter", periodAmount: 1900 })
  settingsWith({})
})

test("[B9] a price that somebody put on a plan's product is not the plan, and neither is one marked for another", async () => {
  clearLimits()
  const { subscriptionId, read, organizationId } = await subscribed({ plan: "professional" })
  const fetched = await stripe().subscriptions.retrieve(subscriptionId)
  const product = String(fetched.items.data[0]?.price.product)
  for (const cheap of [
    await priceOn(product, 100),
    await priceOn(product, 100, { gatehouse_plan: "enterprise" }),
  ]) {
    await billing.stripe.changePlan({ subscription: subscriptionId, price: cheap.id })
    await handleNews()
    await applyFresh(() => prepareSync(subscriptionId))
    expect(await read()).toMatchObject({ plan: null, stripePriceId: cheap.id })
    expect(await accessOf(organizationId)).toMatchObject({ level: "none", plan: null })
    expect((await listAlerts()).map(alert => alert.key)).toContain(`unknown-price:${cheap.id}`)
    await clearAlert(`unknown-price:${cheap.id}`)
  }
})

test("[O10] a subscription found at Stripe is written down in the audit log, once", async () => {
  clearLimits()
  const { subscriptionId, organizationId } = await subscribed({ plan: "starter" })
  await db().subscription.delete({ where: { stripeSubscriptionId: subscriptionId } })
  await applyFresh(() => prepareSync(subscriptionId))
  await applyFresh(() => prepareSync(subscriptionId))
  const lines = await db().auditEntry.findMany({
    where: { organizationId, act: "billing.subscription_added" },
  })
  expect(lines).toMatchObject([{ target: subscriptionId, actorUserId: null }])
  expect(JSON.parse(lines[0]?.detail ?? "")).toEqual({ plan: "starter", status: "active" })
})
