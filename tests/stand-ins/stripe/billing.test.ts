import Stripe from "stripe"
import { expect, test } from "vitest"
import { subscribed, world } from "./test-world"

test("[B15] the clock renews a subscription: new period, draft, then a paid invoice", async () => {
  const all = await world()
  const { local, stripe, receiver } = all
  const { subscription } = await subscribed(all)
  const before = subscription.items.data[0]
  await local.advance({ to: (before?.current_period_end ?? 0) + 60 })
  const draft = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] })
  expect(draft).toMatchObject({
    status: "active",
    latest_invoice: { status: "draft", billing_reason: "subscription_cycle" },
  })
  expect(draft.items.data[0]?.current_period_start).toBe(before?.current_period_end)
  await local.advance({ seconds: 3600 })
  const after = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] })
  expect(after).toMatchObject({ status: "active", latest_invoice: { status: "paid", amount_paid: 2900 } })
  await local.settled()
  expect(receiver.types().filter(type => type === "invoice.paid")).toHaveLength(2)
})

test("[B7] a failing card: past due, retries, then cancelled; paying in time restores", async () => {
  const all = await world()
  const { local, stripe, receiver } = all
  const one = await subscribed(all)
  const two = await subscribed(all)
  await local.setCard({ customer: one.customer, works: false })
  await local.setCard({ customer: two.customer, works: false })
  await local.advance({ months: 1, days: 1 })
  const due = await stripe.subscriptions.retrieve(one.subscription.id, { expand: ["latest_invoice"] })
  expect(due).toMatchObject({
    status: "past_due",
    latest_invoice: { status: "open", attempt_count: 1, amount_remaining: 2900 },
  })
  await local.settled()
  expect(receiver.types()).toContain("invoice.payment_failed")

  await local.setCard({ customer: one.customer, works: true })
  await local.advance({ days: 4 })
  expect((await stripe.subscriptions.retrieve(one.subscription.id)).status).toBe("active")
  expect((await stripe.subscriptions.retrieve(two.subscription.id)).status).toBe("past_due")

  await local.advance({ days: 20 })
  const ended = await stripe.subscriptions.retrieve(two.subscription.id)
  expect(ended).toMatchObject({ status: "canceled", cancellation_details: { reason: "payment_failed" } })
  await local.settled()
  expect(receiver.types()).toContain("customer.subscription.deleted")
})

test("[B7] after the last retry a subscription may stay unpaid instead", async () => {
  const all = await world()
  const { local, stripe } = all
  await local.setDunning({ retryDays: [1], afterwards: "unpaid" })
  const { subscription, customer } = await subscribed(all)
  await local.setCard({ customer, works: false })
  await local.advance({ months: 1, days: 5 })
  const unpaid = await stripe.subscriptions.retrieve(subscription.id)
  expect(unpaid.status).toBe("unpaid")
  await local.setCard({ customer, works: true })
  await stripe.invoices.pay(String(unpaid.latest_invoice))
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
})

test("[B7] after the last retry a subscription may stay past due, and owes each further period", async () => {
  const all = await world()
  const { local, stripe } = all
  await local.setDunning({ retryDays: [2, 2], afterwards: "past_due" })
  const { subscription, customer } = await subscribed(all)
  await local.setCard({ customer, works: false })
  await local.advance({ months: 1, days: 10 })
  expect(await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] })).toMatchObject({
    status: "past_due",
    latest_invoice: { attempt_count: 3, next_payment_attempt: null, status: "open" },
  })
  await local.advance({ months: 1 })
  const open = await stripe.invoices.list({ subscription: subscription.id, status: "open" })
  expect(open.data).toHaveLength(2)
  await local.setCard({ customer, works: true })
  await stripe.invoices.pay(open.data[0]?.id ?? "")
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("past_due")
  await stripe.invoices.pay(open.data[1]?.id ?? "")
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
})

test("[B9] ending at the period's end: the API sets the flag, the portal a date; both end there", async () => {
  const all = await world()
  const { local, stripe, receiver } = all
  const api = await subscribed(all)
  const portal = await subscribed(all)
  const flagged = await stripe.subscriptions.update(api.subscription.id, { cancel_at_period_end: true })
  expect(flagged).toMatchObject({
    cancel_at_period_end: true,
    cancel_at: flagged.items.data[0]?.current_period_end,
    status: "active",
  })
  await local.cancel({ subscription: portal.subscription.id, when: "portal" })
  const dated = await stripe.subscriptions.retrieve(portal.subscription.id)
  expect(dated).toMatchObject({
    cancel_at_period_end: false,
    cancel_at: dated.items.data[0]?.current_period_end,
    status: "active",
  })

  await local.cancel({ subscription: portal.subscription.id, when: "undo" })
  expect(await stripe.subscriptions.retrieve(portal.subscription.id)).toMatchObject({
    cancel_at: null,
    canceled_at: null,
  })
  await local.advance({ months: 1, days: 1 })
  expect((await stripe.subscriptions.retrieve(api.subscription.id)).status).toBe("canceled")
  expect((await stripe.subscriptions.retrieve(portal.subscription.id)).status).toBe("active")
  await local.settled()
  expect(receiver.types().filter(type => type === "customer.subscription.deleted")).toHaveLength(1)
  await expect(stripe.subscriptions.cancel(api.subscription.id)).rejects.toMatchObject({
    code: "resource_missing",
  })
  await expect(
    stripe.subscriptions.update(api.subscription.id, { cancel_at_period_end: false }),
  ).rejects.toThrow("canceled subscription")
})

test("[B10] a plan change with the item's id replaces the plan, its preview tells the price, without it a second item comes", async () => {
  const all = await world()
  const { stripe, price, local } = all
  const { subscription } = await subscribed(all)
  const item = subscription.items.data[0]?.id ?? ""
  const professional = price("gatehouse_professional_monthly")
  const change = { items: [{ id: item, price: professional }], proration_behavior: "always_invoice" as const }
  const preview = await stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: change,
  })
  expect(preview.lines.data.map(line => Math.sign(line.amount))).toEqual([-1, 1])
  expect(preview.amount_due).toBeGreaterThan(4900)
  expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.price.lookup_key).toBe(
    "gatehouse_starter_monthly",
  )

  const changed = await stripe.subscriptions.update(subscription.id, {
    ...change,
    expand: ["latest_invoice"],
  })
  expect(changed.items.data.map(row => row.price.id)).toEqual([professional])
  expect(changed.latest_invoice).toMatchObject({ status: "paid", billing_reason: "subscription_update" })
  await expect(
    stripe.subscriptions.update(subscription.id, { items: [{ id: "si_none", price: professional }] }),
  ).rejects.toMatchObject({
    param: "items[0][id]",
  })
  const two = await stripe.subscriptions.update(subscription.id, {
    items: [{ price: price("gatehouse_starter_monthly") }],
    proration_behavior: "none",
  })
  expect(two.items.data).toHaveLength(2)
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: two.items.data[1]?.id ?? "", deleted: true }],
  })

  const yearly = await local.changePlan({
    subscription: subscription.id,
    price: "gatehouse_enterprise_yearly",
  })
  const period = yearly.items.data[0]
  expect((period?.current_period_end ?? 0) - (period?.current_period_start ?? 0)).toBeGreaterThan(
    364 * 86_400,
  )
})

test("[B10] error_if_incomplete refuses a declined card only where something is to be paid at once", async () => {
  const all = await world()
  const { stripe, price, local } = all
  const trial = { subscription_data: { trial_period_days: 14 } }
  const change = async (
    key: string,
    proration_behavior: "always_invoice" | "create_prorations" | "none",
    more?: typeof trial,
    asks = false,
  ) => {
    const { subscription, customer } = await subscribed(all, more)
    await local.setCard({ customer, works: asks })
    if (asks) await local.cardAsks({ customer })
    const changed = stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]?.id ?? "", price: price(key) }],
      proration_behavior,
      payment_behavior: "error_if_incomplete",
    })
    return changed.then(
      row => row.items.data[0]?.price.lookup_key,
      (error: unknown) => (error instanceof Stripe.errors.StripeCardError ? error.code : error),
    )
  }
  const dearer = "gatehouse_professional_monthly"
  expect(await change(dearer, "always_invoice")).toBe("card_declined")
  expect(await change("gatehouse_starter_yearly", "create_prorations")).toBe("card_declined")
  const toConfirm = "subscription_payment_intent_requires_action"
  expect(await change(dearer, "always_invoice", undefined, true)).toBe(toConfirm)
  expect(await change(dearer, "always_invoice", trial, true)).toBe(dearer)
  expect(await change(dearer, "create_prorations")).toBe(dearer)
  expect(await change(dearer, "none")).toBe(dearer)
  expect(await change(dearer, "always_invoice", trial)).toBe(dearer)
  expect(await change("gatehouse_starter_yearly", "always_invoice", trial)).toBe("gatehouse_starter_yearly")
})

test("[B15] Stripe's own test clocks move only their customers", async () => {
  const all = await world()
  const { stripe, price, local } = all
  const start = Math.floor(Date.now() / 1000)
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start })
  const frozen = await stripe.customers.create({
    email: "frozen@example.com",
    test_clock: clock.id,
    payment_method: "pm_card_visa",
    invoice_settings: { default_payment_method: "pm_card_visa" },
  })
  const subscription = await stripe.subscriptions.create({
    customer: frozen.id,
    items: [{ price: price("gatehouse_starter_monthly") }],
  })
  expect(subscription.status).toBe("active")
  const other = await subscribed(all)
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: start + 63 * 86_400 })
  expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).status).toBe("ready")
  const count = async (id: string) => (await stripe.invoices.list({ subscription: id })).data.length
  expect(await count(subscription.id)).toBe(3)
  expect(await count(other.subscription.id)).toBe(1)
  expect(Math.abs((await local.time()) - start)).toBeLessThan(30)
})
