import type Stripe from "stripe"
import { expect, test } from "vitest"
import { DAY, onBothStripes } from "./stage"

const periodOf = (row: Stripe.Subscription) => {
  const item = row.items.data[0]
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 }
}

onBothStripes("[B15] a subscription's life", stage => {
  test("[B9] it is paid at once, renews at the end of its item's period, and pays an hour later", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900), { expand: ["latest_invoice"] })
    expect(begun).toMatchObject({
      status: "active",
      billing_mode: { type: "flexible" },
      latest_invoice: { status: "paid", amount_paid: 2900, billing_reason: "subscription_create" },
    })
    const { end } = periodOf(begun)
    await stage.advance(customer, end + 5 * 60)
    const draft = await stripe.subscriptions.retrieve(begun.id, { expand: ["latest_invoice"] })
    expect(draft).toMatchObject({ status: "active", latest_invoice: { status: "draft" } })
    expect(periodOf(draft).start).toBe(end)
    await stage.advance(customer, end + 2 * 3_600)
    const paid = await stripe.subscriptions.retrieve(begun.id, { expand: ["latest_invoice"] })
    expect(paid.latest_invoice).toMatchObject({
      status: "paid",
      billing_reason: "subscription_cycle",
      parent: { subscription_details: { subscription: begun.id } },
    })
  })

  test("[B7] a declined renewal makes it past due; another card and the invoice paid make it active", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900))
    const bad = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: customer.id })
    const use = (default_payment_method: string) =>
      stripe.customers.update(customer.id, { invoice_settings: { default_payment_method } })
    await use(bad.id)
    await stage.advance(customer, periodOf(begun).end + 2 * 3_600)
    const due = await stripe.subscriptions.retrieve(begun.id, { expand: ["latest_invoice"] })
    expect(due).toMatchObject({
      status: "past_due",
      latest_invoice: { status: "open", attempted: true, attempt_count: 1, amount_remaining: 2900 },
    })
    const invoice = due.latest_invoice
    const id = typeof invoice === "string" ? invoice : String(invoice?.id)
    await expect(stripe.invoices.pay(id)).rejects.toMatchObject({ type: "StripeCardError", statusCode: 402 })
    const good = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id })
    await use(good.id)
    expect((await stripe.invoices.pay(id)).status).toBe("paid")
    expect((await stripe.subscriptions.retrieve(begun.id)).status).toBe("active")
  })

  test("[B7] a first payment that is declined leaves it incomplete, and expired after a day", async () => {
    const { stripe } = stage
    const customer = await stage.customer("pm_card_chargeCustomerFail")
    const begun = await stage.subscribe(customer, await stage.price(2900))
    expect(begun.status).toBe("incomplete")
    await stage.advance(customer, begun.created + DAY)
    expect((await stripe.subscriptions.retrieve(begun.id)).status).toBe("incomplete_expired")
  })

  test("[B10] a preview and the change of plan with its proration date come to the same amounts", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900))
    const dearer = await stage.price(7900)
    await stage.advance(customer, begun.created + 11 * DAY)
    const items = [{ id: begun.items.data[0]?.id ?? "", price: dearer.id }]
    const proration_date = await stage.now(customer)
    const how = { items, proration_behavior: "always_invoice" as const, proration_date }
    const preview = await stripe.invoices.createPreview({ subscription: begun.id, subscription_details: how })
    const changed = await stripe.subscriptions.update(begun.id, { ...how, expand: ["latest_invoice"] })
    expect(changed.items.data.map(item => item.price.id)).toEqual([dearer.id])
    const invoice = changed.latest_invoice
    if (invoice === null || typeof invoice === "string") throw new Error("The invoice was not expanded.")
    expect(invoice).toMatchObject({ amount_due: preview.amount_due, status: "paid" })
    const amounts = (row: Stripe.Invoice) => row.lines.data.map(line => line.amount).sort((a, b) => a - b)
    expect(amounts(invoice)).toEqual(amounts(preview))
    expect(periodOf(changed)).toEqual(periodOf(begun))
  })

  test("[B9] an end is planned by flag, taken back, planned again, and comes; then nothing changes any more", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900))
    const { end } = periodOf(begun)
    const plan = (cancel_at_period_end: boolean) =>
      stripe.subscriptions.update(begun.id, { cancel_at_period_end })
    expect(await plan(true)).toMatchObject({ cancel_at: end, status: "active" })
    expect(await plan(false)).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
    await plan(true)
    await stage.advance(customer, end + 3_600)
    expect(await stripe.subscriptions.retrieve(begun.id)).toMatchObject({ status: "canceled", ended_at: end })
    await expect(plan(false)).rejects.toMatchObject({ statusCode: 400 })
  })

  test("[B12] a trial owes nothing, is told of three days before its end, and is paid after it", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900), { trial_period_days: 10 })
    expect(begun.status).toBe("trialing")
    const end = begun.trial_end ?? 0
    const warned = async () => {
      const { data } = await stripe.events.list({ type: "customer.subscription.trial_will_end", limit: 20 })
      return data.some(event => "id" in event.data.object && event.data.object.id === begun.id)
    }
    await stage.advance(customer, end - 4 * DAY)
    expect(await warned()).toBe(false)
    await stage.advance(customer, end - 2 * DAY)
    expect(await warned()).toBe(true)
    await stage.advance(customer, end + 2 * 3_600)
    const after = await stripe.subscriptions.retrieve(begun.id, { expand: ["latest_invoice"] })
    expect(after).toMatchObject({ status: "active", latest_invoice: { status: "paid", amount_paid: 2900 } })
  })

  test("[B7] while collection is paused invoices are void and the status stays", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900))
    const paused = await stripe.subscriptions.update(begun.id, { pause_collection: { behavior: "void" } })
    expect(paused.pause_collection).toMatchObject({ behavior: "void", resumes_at: null })
    await stage.advance(customer, periodOf(begun).end + 2 * 3_600)
    const during = await stripe.subscriptions.retrieve(begun.id, { expand: ["latest_invoice"] })
    expect(during).toMatchObject({ status: "active", latest_invoice: { status: "void" } })
    expect(
      (await stripe.subscriptions.update(begun.id, { pause_collection: "" })).pause_collection,
    ).toBeNull()
  })

  test("[B12] a promotion code takes its share off the first invoice", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const coupon = await stripe.coupons.create({ percent_off: 40, duration: "once" })
    stage.later(() => stripe.coupons.del(coupon.id))
    const code = await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id } })
    const begun = await stage.subscribe(customer, await stage.price(5000), {
      discounts: [{ promotion_code: code.id }],
      expand: ["latest_invoice"],
    })
    expect(begun.latest_invoice).toMatchObject({ subtotal: 5000, total: 3000, amount_paid: 3000 })
  })

  test("[B15] money is given back once, in parts, and never more than was paid", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900), {
      expand: ["latest_invoice.payments"],
    })
    const invoice = begun.latest_invoice
    const payment =
      invoice !== null && typeof invoice !== "string" ? invoice.payments?.data[0]?.payment : undefined
    const payment_intent = String(payment?.payment_intent)
    expect((await stripe.refunds.create({ payment_intent, amount: 900 })).status).toBe("succeeded")
    await expect(stripe.refunds.create({ payment_intent, amount: 2500 })).rejects.toMatchObject({
      statusCode: 400,
    })
    await stripe.refunds.create({ payment_intent })
    await expect(stripe.refunds.create({ payment_intent })).rejects.toMatchObject({
      code: "charge_already_refunded",
    })
  })

  test("[B15] a credit note on a paid invoice says where the money goes, and gives no more than was paid", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900))
    const invoice = String(begun.latest_invoice)
    await expect(stripe.creditNotes.create({ invoice, amount: 500 })).rejects.toMatchObject({
      statusCode: 400,
    })
    const note = await stripe.creditNotes.create({ invoice, amount: 500, credit_amount: 500 })
    expect(note).toMatchObject({ type: "post_payment", post_payment_amount: 500, status: "issued" })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -500 })
    await expect(
      stripe.creditNotes.create({ invoice, amount: 2900, credit_amount: 2900 }),
    ).rejects.toMatchObject({ statusCode: 400 })
  })

  test("[B15] deleting a customer ends what they had", async () => {
    const { stripe } = stage
    const customer = await stage.customer()
    const begun = await stage.subscribe(customer, await stage.price(2900))
    await stripe.customers.del(customer.id)
    expect((await stripe.subscriptions.retrieve(begun.id)).status).toBe("canceled")
  })
})
