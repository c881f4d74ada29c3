import { expect, test } from "vitest"
import { subscribed, world } from "./test-world"

test("[B15] a subscription is paid from its own method, else from the customer's, else not made", async () => {
  const { stripe, price } = await world()
  const items = [{ price: price("gatehouse_starter_monthly") }]
  const customer = (await stripe.customers.create({ email: "methods@example.com" })).id
  await expect(stripe.subscriptions.create({ customer, items })).rejects.toThrow("no attached payment source")
  await expect(
    stripe.paymentMethods.attach("pm_card_visa_chargeDeclined", { customer }),
  ).rejects.toMatchObject({
    statusCode: 402,
  })
  const good = await stripe.paymentMethods.attach("pm_card_visa", { customer })
  const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer })
  const own = await stripe.subscriptions.create({ customer, items, default_payment_method: good.id })
  expect(own.status).toBe("active")
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad.id } })
  expect((await stripe.subscriptions.create({ customer, items })).status).toBe("incomplete")
  await expect(
    stripe.subscriptions.create({ customer, items, payment_behavior: "error_if_incomplete" }),
  ).rejects.toMatchObject({ code: "card_declined", statusCode: 402 })
  await stripe.paymentMethods.detach(good.id)
  expect((await stripe.subscriptions.retrieve(own.id)).default_payment_method).toBeNull()
  await expect(stripe.paymentMethods.attach(good.id, { customer })).rejects.toThrow("already been attached")
  await expect(
    stripe.customers.update(customer, { invoice_settings: { default_payment_method: good.id } }),
  ).rejects.toMatchObject({ code: "resource_missing" })
})

test("[B7] an incomplete subscription changes nothing but notes and its way of paying", async () => {
  const { stripe, price } = await world()
  const customer = await stripe.customers.create({
    payment_method: "pm_card_chargeCustomerFail",
    invoice_settings: { default_payment_method: "pm_card_chargeCustomerFail" },
  })
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price("gatehouse_starter_monthly") }],
  })
  await expect(stripe.subscriptions.update(id, { cancel_at_period_end: true })).rejects.toThrow("incomplete")
  expect((await stripe.subscriptions.update(id, { metadata: { a: "b" } })).metadata).toEqual({ a: "b" })
})

test("[B7] paused collection keeps the status and never asks for money, until it resumes by itself", async () => {
  const all = await world()
  const { local, stripe } = all
  const { subscription } = await subscribed(all)
  const id = subscription.id
  const end = subscription.items.data[0]?.current_period_end ?? 0
  await expect(
    stripe.subscriptions.update(id, {
      pause_collection: { behavior: "void", resumes_at: end - 90 * 86_400 },
    }),
  ).rejects.toThrow("resumes_at")
  await stripe.subscriptions.update(id, {
    pause_collection: { behavior: "void", resumes_at: end + 5 * 86_400 },
  })
  await local.advance({ to: end + 2 * 86_400 })
  const during = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] })
  expect(during).toMatchObject({ status: "active", latest_invoice: { status: "void" } })
  await local.advance({ to: end + 6 * 86_400 })
  expect((await stripe.subscriptions.retrieve(id)).pause_collection).toBeNull()
  await local.advance({ months: 1, days: 1 })
  const after = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] })
  expect(after.latest_invoice).toMatchObject({ status: "paid" })
})

test("[B7] a paused subscription makes no invoices; resumed, it begins a period and pays it", async () => {
  const all = await world()
  const { local, stripe, receiver } = all
  const { subscription } = await subscribed(all)
  const paused = await stripe.subscriptions.pause(subscription.id)
  expect(paused).toMatchObject({
    status: "paused",
    status_details: { paused: { subscription: { type: "pause_requested" } } },
  })
  await local.advance({ months: 3 })
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
  const resumed = await stripe.subscriptions.resume(subscription.id)
  expect(resumed.status).toBe("active")
  expect((await stripe.invoices.list({ subscription: subscription.id })).data).toMatchObject([
    { status: "paid", amount_paid: 2900 },
    { status: "paid" },
  ])
  await local.settled()
  expect(receiver.types()).toEqual(
    expect.arrayContaining(["customer.subscription.paused", "customer.subscription.resumed"]),
  )
})

test("[B12] a trial without a card pauses or ends as it was told, and is told of three days before", async () => {
  const { local, stripe, price, receiver } = await world()
  const trial = async (missing_payment_method: "pause" | "cancel") => {
    const customer = await stripe.customers.create({})
    return stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price("gatehouse_starter_monthly") }],
      trial_period_days: 10,
      trial_settings: { end_behavior: { missing_payment_method } },
    })
  }
  const pauses = await trial("pause")
  const ends = await trial("cancel")
  const prolonged = await trial("cancel")
  const warnings = async () => {
    await local.settled()
    return receiver.types().filter(type => type === "customer.subscription.trial_will_end").length
  }
  await local.advance({ days: 6 })
  expect(await warnings()).toBe(0)
  await local.advance({ days: 1, seconds: 60 })
  expect(await warnings()).toBe(3)
  await stripe.subscriptions.update(prolonged.id, { trial_end: (prolonged.trial_end ?? 0) + 10 * 86_400 })
  await local.advance({ days: 4 })
  expect((await stripe.subscriptions.retrieve(pauses.id)).status).toBe("paused")
  expect((await stripe.subscriptions.retrieve(ends.id)).status).toBe("canceled")
  expect((await stripe.subscriptions.retrieve(prolonged.id)).status).toBe("trialing")
  await local.advance({ days: 7 })
  expect(await warnings()).toBe(4)
})

test("[B12] promotion codes refuse the wrong customer, old customers and small orders; a subscription takes one by API", async () => {
  const all = await world()
  const { local, stripe, openSession } = all
  const { customer, subscription } = await subscribed(all)
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: "forever" })
  const promotion = { type: "coupon" as const, coupon: coupon.id }
  await stripe.promotionCodes.create({
    code: "FIRST",
    promotion,
    restrictions: { first_time_transaction: true },
  })
  await stripe.promotionCodes.create({
    code: "LARGE",
    promotion,
    restrictions: { minimum_amount: 5000, minimum_amount_currency: "usd" },
  })
  await stripe.promotionCodes.create({ code: "THEIRS", promotion, customer })
  const wanted = { customer, customer_email: undefined, allow_promotion_codes: true }
  const use = async (promotionCode: string, more = {}) => {
    const { id } = await openSession({ allow_promotion_codes: true, ...more })
    return local.completeCheckout({ session: id, promotionCode })
  }
  await expect(use("FIRST", wanted)).rejects.toThrow("prior transactions")
  await expect(use("LARGE")).rejects.toThrow("minimum amount")
  await expect(use("THEIRS")).rejects.toThrow("by this customer")
  expect((await use("FIRST")).session.amount_total).toBe(2175)

  const discounted = await stripe.subscriptions.update(subscription.id, {
    discounts: [{ coupon: coupon.id }],
  })
  expect(discounted.discounts).toHaveLength(1)
  await local.advance({ months: 1, days: 1 })
  const next = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] })
  expect(next.latest_invoice).toMatchObject({ amount_paid: 2175 })
  expect((await stripe.subscriptions.update(subscription.id, { discounts: "" })).discounts).toEqual([])
})
