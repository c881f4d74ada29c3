import { afterEach, beforeEach, expect, test } from "vitest"
import { startCheckout } from "~/domain/billing/checkout.server"
import { forgetPrices } from "~/domain/billing/prices.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { db } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"
import { type Billing, startBilling } from "../support/stripe"

let billing: Billing
const begin = async (settings: Record<string, string> = {}) => {
  billing = await startBilling(settings)
}
beforeEach(() => begin())
afterEach(() => billing.close())

const requester = { clientAddress: "192.0.2.8", userAgent: "tests" }
const open = async (wish: { email: string; interval?: "month" | "year"; organizationId?: string }) =>
  startCheckout({ plan: "starter", interval: "month", businessName: "Dora & Daughters", requester, ...wish })

async function arrive() {
  for (const event of await billing.news()) await billing.deliver(event)
  await billing.jobs.settle()
}

test("[B12] a promotion code is taken on the payment page, and a free first month provisions too", async () => {
  const { id: coupon } = await stripe().coupons.create({ percent_off: 100, duration: "once" })
  await stripe().promotionCodes.create({ promotion: { type: "coupon", coupon }, code: "WELCOME" })
  await open({ email: "dora@example.test" })
  const { session } = await billing.stripe.completeCheckout({ promotionCode: "WELCOME" })
  expect(session).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" })
  await arrive()
  expect(await db().organization.findFirst({ include: { subscriptions: true } })).toMatchObject({
    name: "Dora & Daughters",
    subscriptions: [{ status: "active", plan: "starter" }],
  })
})

test("[B12] tax and VAT numbers are off until the setting says so", async () => {
  await open({ email: "dora@example.test" })
  const { session } = await billing.stripe.completeCheckout()
  expect(session.automatic_tax.enabled).toBe(false)
  expect(session.tax_id_collection?.enabled ?? false).toBe(false)
})

test("[B12] with automatic tax a business gives its VAT number, and so does a customer Stripe knows", async () => {
  await billing.close()
  await begin({ STRIPE_AUTOMATIC_TAX: "on" })
  const { checkout, subscriptionId } = await billing.buy({ outcome: "paid", email: "dora@example.test" })
  await arrive()
  const organization = await db().organization.findFirstOrThrow()
  const subscription = await stripe().subscriptions.retrieve(subscriptionId)
  expect(subscription.automatic_tax.enabled).toBe(true)
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await arrive()
  const again = await open({ email: checkout.email, organizationId: organization.id })
  expect(again.ok).toBe(true)
  const { session } = await billing.stripe.completeCheckout({ taxId: "DE123456789", country: "DE" })
  expect(session).toMatchObject({
    customer: organization.stripeCustomerId,
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
  })
  expect(session.customer_details?.tax_ids).toEqual([{ type: "eu_vat", value: "DE123456789" }])
})

test("[B12] a year costs ten months, and the subscription is by the year", async () => {
  await open({ email: "dora@example.test", interval: "year" })
  const { session } = await billing.stripe.completeCheckout()
  expect(session.amount_total).toBe(29_000)
  await arrive()
  expect(await db().subscription.findFirst()).toMatchObject({ plan: "starter", interval: "year" })
})

test("[D3] Stripe refusing to open payment pages is told to the operator, until one opens again", async () => {
  const alerts = async () => (await listAlerts()).filter(({ key }) => key === "checkout-refused")
  const { data: prices } = await stripe().prices.list({ lookup_keys: ["gatehouse_starter_monthly"] })
  const [price] = prices
  await stripe().prices.update(price?.id ?? "", { active: false })
  expect(await open({ email: "dora@example.test" })).toMatchObject({ error: { code: "unavailable" } })
  expect(await alerts()).toMatchObject([{ words: expect.stringContaining("It says “") }])
  await stripe().prices.update(price?.id ?? "", { active: true })
  expect(await open({ email: "dora@example.test" })).toMatchObject({ ok: true })
  expect(await alerts()).toEqual([])
  await stripe().prices.update(price?.id ?? "", { lookup_key: "" })
  forgetPrices()
  expect(await open({ email: "emil@example.test" })).toMatchObject({ error: { code: "unavailable" } })
  expect(await alerts()).toMatchObject([
    { words: expect.stringContaining("no price gatehouse_starter_monthly") },
  ])
})

test("[B13] a price that was replaced a moment ago costs one try, not ten minutes", async () => {
  await open({ email: "dora@example.test" })
  const { data: prices } = await stripe().prices.list({ lookup_keys: ["gatehouse_starter_monthly"] })
  const [old] = prices
  const fresh = await stripe().prices.create({
    product: String(old?.product),
    currency: "usd",
    unit_amount: 3100,
    recurring: { interval: "month" },
    lookup_key: "gatehouse_starter_monthly",
    transfer_lookup_key: true,
  })
  await stripe().prices.update(old?.id ?? "", { active: false })
  expect(await open({ email: "emil@example.test" })).toMatchObject({ error: { code: "unavailable" } })
  const opened = await open({ email: "emil@example.test" })
  const session = opened.ok ? opened.value.sessionId : ""
  const { data: lines } = await stripe().checkout.sessions.listLineItems(session)
  expect(lines[0]?.price?.id).toBe(fresh.id)
})
