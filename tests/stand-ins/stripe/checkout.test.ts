import Stripe from "stripe"
import { expect, test } from "vitest"
import { subscribed, world } from "./test-world"

test("[B15] the catalogue has three plans, monthly and yearly, by lookup key", async () => {
  const { stripe } = await world()
  const { data } = await stripe.prices.list({
    lookup_keys: ["gatehouse_professional_monthly", "gatehouse_professional_yearly"],
    expand: ["data.product"],
  })
  expect(data.map(price => [price.lookup_key, price.unit_amount, price.recurring?.interval]).sort()).toEqual([
    ["gatehouse_professional_monthly", 7900, "month"],
    ["gatehouse_professional_yearly", 79000, "year"],
  ])
  expect(
    data.map(price => typeof price.product === "object" && !price.product.deleted && price.product.name),
  ).toEqual(["Gatehouse Professional", "Gatehouse Professional"])
  expect(data[0]?.unit_amount_decimal).toEqual(Stripe.Decimal.from(data[0]?.unit_amount ?? 0))
})

test("[B1] a paid checkout makes customer, subscription and invoice, linked as Stripe links them", async () => {
  const { local, stripe, receiver, openSession, price } = await world()
  const open = await openSession({
    client_reference_id: "org_1",
    metadata: { plan: "starter" },
    subscription_data: { metadata: { org: "1" } },
  })
  expect(open).toMatchObject({
    status: "open",
    payment_status: "unpaid",
    amount_total: 2900,
    customer: null,
    mode: "subscription",
  })
  expect(open.url).toBe(`${local.url}/c/pay/${open.id}`)

  const done = await local.completeCheckout({ session: open.id, name: "Alice Example" })
  expect(done.redirect).toBe(`http://localhost:3000/onboarding/pending?session_id=${open.id}`)
  const session = await stripe.checkout.sessions.retrieve(open.id, {
    expand: ["customer", "subscription.latest_invoice.payments", "line_items.data.price.product"],
  })
  expect(session).toMatchObject({
    status: "complete",
    payment_status: "paid",
    client_reference_id: "org_1",
    metadata: { plan: "starter" },
    customer: { email: "alice@example.com", name: "Alice Example" },
    customer_details: { email: "alice@example.com" },
    subscription: {
      status: "active",
      metadata: { org: "1" },
      billing_mode: { type: "flexible" },
      latest_invoice: { status: "paid", billing_reason: "subscription_create", amount_paid: 2900 },
    },
    line_items: { data: [{ price: { product: { name: "Gatehouse Starter" } } }] },
  })
  const subscription = await stripe.subscriptions.retrieve(String(done.session.subscription))
  const item = subscription.items.data[0]
  expect(item?.price.id).toBe(price("gatehouse_starter_monthly"))
  expect((item?.current_period_end ?? 0) - (item?.current_period_start ?? 0)).toBeGreaterThanOrEqual(
    28 * 86_400,
  )
  const invoice = await stripe.invoices.retrieve(String(subscription.latest_invoice))
  expect(invoice.parent?.subscription_details?.subscription).toBe(subscription.id)
  expect(invoice.number).toMatch(/^[A-Z0-9]{8}-0001$/)

  await local.settled()
  const types = receiver.types()
  for (const type of [
    "customer.created",
    "customer.subscription.created",
    "customer.subscription.updated",
    "invoice.paid",
    "checkout.session.completed",
  ]) {
    expect(types).toContain(type)
  }
  const created = receiver.received
    .map(({ body }) => JSON.parse(body))
    .find(event => event.type === "customer.subscription.created")
  expect(created.data.object.status).toBe("incomplete")
  const last = receiver.received
    .map(({ body }) => JSON.parse(body))
    .filter(event => event.type === "customer.subscription.updated")
    .at(-1)
  expect(last.data).toMatchObject({
    object: { status: "active" },
    previous_attributes: { status: "incomplete" },
  })
})

test("[B8] a bank debit completes unpaid, then arrives", async () => {
  const { local, stripe, receiver, openSession } = await world()
  const { id } = await openSession()
  const { session } = await local.completeCheckout({ session: id, outcome: "bank_debit" })
  expect(session).toMatchObject({ status: "complete", payment_status: "unpaid" })
  const waiting = await stripe.subscriptions.retrieve(String(session.subscription))
  expect(waiting.status).toBe("incomplete")
  await local.advance({ days: 3 })
  expect((await stripe.subscriptions.retrieve(waiting.id)).status).toBe("incomplete")

  await local.settlePayment({ session: id })
  expect((await stripe.checkout.sessions.retrieve(id)).payment_status).toBe("paid")
  expect((await stripe.subscriptions.retrieve(waiting.id)).status).toBe("active")
  await local.settled()
  expect(receiver.types()).toContain("checkout.session.async_payment_succeeded")
})

test("[B8] a bank debit that comes back leaves nothing active", async () => {
  const { local, stripe, receiver, openSession } = await world()
  const { id } = await openSession()
  const { session } = await local.completeCheckout({ session: id, outcome: "bank_debit" })
  await local.failPayment({ session: id })
  await expect(local.failPayment({ session: id })).resolves.toBeDefined()
  await local.settled()
  expect(receiver.types()).toContain("checkout.session.async_payment_failed")
  expect((await stripe.checkout.sessions.retrieve(id)).payment_status).toBe("unpaid")
  await local.advance({ days: 1 })
  expect((await stripe.subscriptions.retrieve(String(session.subscription))).status).toBe(
    "incomplete_expired",
  )
})

test("[B15] a declined card leaves the session open, and another card pays it", async () => {
  const { local, stripe, openSession } = await world()
  const { id } = await openSession()
  const { session } = await local.completeCheckout({ session: id, outcome: "declined" })
  expect(session.status).toBe("open")
  await local.completeCheckout({ session: id })
  expect((await stripe.checkout.sessions.retrieve(id)).status).toBe("complete")
})

test("[B15] a session expires by hand, or by itself after its time, and can then not be paid", async () => {
  const { local, stripe, receiver, openSession } = await world()
  const one = await openSession()
  await stripe.checkout.sessions.expire(one.id)
  await expect(local.completeCheckout({ session: one.id })).rejects.toThrow("expired")
  const two = await openSession({ expires_at: Math.floor(Date.now() / 1000) + 3600 })
  await local.advance({ seconds: 3700 })
  expect(await stripe.checkout.sessions.retrieve(two.id)).toMatchObject({ status: "expired", url: null })
  await local.settled()
  expect(receiver.types().filter(type => type === "checkout.session.expired")).toHaveLength(2)
})

test("[B12] a trial is due nothing today and active after the first payment", async () => {
  const { local, stripe, receiver, openSession } = await world()
  const open = await openSession({ subscription_data: { trial_period_days: 14 } })
  expect(open.amount_total).toBe(0)
  const { session } = await local.completeCheckout({ session: open.id })
  expect(session.payment_status).toBe("no_payment_required")
  const id = String(session.subscription)
  expect((await stripe.subscriptions.retrieve(id)).status).toBe("trialing")
  await local.advance({ days: 12 })
  await local.settled()
  expect(receiver.types()).toContain("customer.subscription.trial_will_end")
  await local.advance({ days: 3 })
  const after = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] })
  expect(after).toMatchObject({ status: "active", latest_invoice: { status: "paid", amount_paid: 2900 } })
})

test("[B12] a promotion code takes its part off, once", async () => {
  const { local, stripe, openSession } = await world()
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "once" })
  await stripe.promotionCodes.create({ code: "HALF", promotion: { type: "coupon", coupon: coupon.id } })
  const { id } = await openSession({ allow_promotion_codes: true })
  const { session } = await local.completeCheckout({ session: id, promotionCode: "half" })
  expect(session).toMatchObject({
    amount_subtotal: 2900,
    amount_total: 1450,
    total_details: { amount_discount: 1450 },
  })
  expect((await stripe.invoices.retrieve(String(session.invoice))).amount_paid).toBe(1450)
  await local.advance({ months: 1, days: 1 })
  const { data } = await stripe.invoices.list({ subscription: String(session.subscription) })
  expect(data.map(invoice => invoice.amount_paid)).toEqual([2900, 1450])
})

test("[P2] payment mode sells once, to a guest without a customer", async () => {
  const { local, stripe, receiver, openSession } = await world()
  const open = await openSession({
    mode: "payment",
    line_items: [
      { price_data: { currency: "eur", unit_amount: 1999, product_data: { name: "Handbook" } }, quantity: 2 },
    ],
    payment_intent_data: { metadata: { order: "7" } },
  })
  expect(open).toMatchObject({ amount_total: 3998, currency: "eur" })
  const { session } = await local.completeCheckout({ session: open.id })
  expect(session).toMatchObject({ payment_status: "paid", customer: null, subscription: null })
  const intent = await stripe.paymentIntents.retrieve(String(session.payment_intent), {
    expand: ["latest_charge"],
  })
  expect(intent).toMatchObject({
    status: "succeeded",
    amount_received: 3998,
    metadata: { order: "7" },
    latest_charge: { status: "succeeded" },
  })
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1000 })
  expect(refund.status).toBe("succeeded")
  await local.dispute({ of: open.id })
  await local.settled()
  expect(receiver.types()).toEqual(expect.arrayContaining(["charge.refunded", "charge.dispute.created"]))
})

test("[B15] an existing customer keeps their id and address", async () => {
  const { stripe, ...rest } = await world()
  const known = await stripe.customers.create({ email: "known@example.com", name: "Known" })
  const { customer } = await subscribed(
    { stripe, ...rest },
    { customer: known.id, customer_email: undefined },
  )
  expect(customer).toBe(known.id)
})
