import type Stripe from "stripe"
import { expect, test } from "vitest"
import { subscribed, world } from "./test-world"

const DAY = 86_400
async function balanceOf(stripe: Stripe, id: string): Promise<number> {
  const customer = await stripe.customers.retrieve(id)
  return customer.deleted ? 0 : customer.balance
}
const amounts = (invoice: Stripe.Invoice) => invoice.lines.data.map(line => line.amount)

test("[B10] a preview and the change with its proration date agree to the cent, whatever the clock did between", async () => {
  const all = await world()
  const { local, stripe, price } = all
  const { subscription } = await subscribed(all)
  await local.advance({ days: 9 })
  const items = [{ id: subscription.items.data[0]?.id ?? "", price: price("gatehouse_professional_monthly") }]
  const how = { items, proration_behavior: "always_invoice" as const, proration_date: await local.time() }
  const preview = await stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: how,
  })
  await local.advance({ seconds: 1_200 })
  const changed = await stripe.subscriptions.update(subscription.id, { ...how, expand: ["latest_invoice"] })
  const invoice = changed.latest_invoice
  if (invoice === null || typeof invoice === "string") throw new Error("The invoice was not expanded.")
  expect(invoice.amount_paid).toBe(preview.amount_due)
  expect(amounts(invoice)).toEqual(amounts(preview))
  expect(preview.amount_due).toBeGreaterThan(3000)
  const now = await local.time()
  for (const proration_date of [now - 40 * DAY, now + 90 * DAY])
    await expect(stripe.subscriptions.update(subscription.id, { items, proration_date })).rejects.toThrow(
      "outside of current subscription period",
    )
})

test("[B10] going down credits the balance, which pays the next invoices and is spent once", async () => {
  const all = await world()
  const { local, stripe, price } = all
  const { subscription, customer } = await subscribed(all, {
    line_items: [{ price: price("gatehouse_enterprise_monthly"), quantity: 1 }],
  })
  await local.changePlan({
    subscription: subscription.id,
    price: "gatehouse_starter_monthly",
    proration: "always_invoice",
  })
  const credit = -(await balanceOf(stripe, customer))
  expect(credit).toBeGreaterThan(16_900)
  expect(credit).toBeLessThanOrEqual(17_000)
  await local.advance({ months: 2, days: 1 })
  const { data } = await stripe.invoices.list({ subscription: subscription.id })
  expect(data.slice(0, 2)).toMatchObject([
    { total: 2900, amount_paid: 0, status: "paid" },
    { total: 2900, amount_paid: 0, status: "paid" },
  ])
  expect(await balanceOf(stripe, customer)).toBe(2 * 2900 - credit)
})

test("[B12] what a discount took off is not given back when the plan changes", async () => {
  const all = await world()
  const { local, stripe, openSession, price } = all
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever" })
  const { id } = await openSession({
    discounts: [{ coupon: coupon.id }],
    line_items: [{ price: price("gatehouse_enterprise_monthly"), quantity: 1 }],
  })
  const { session } = await local.completeCheckout({ session: id })
  const first = await stripe.invoices.retrieve(String(session.invoice))
  expect(first.lines.data[0]?.discount_amounts).toMatchObject([{ amount: 9950 }])
  await local.changePlan({
    subscription: String(session.subscription),
    price: "gatehouse_starter_monthly",
    proration: "always_invoice",
  })
  const [change] = (await stripe.invoices.list({ subscription: String(session.subscription) })).data
  const [credit = 0, charge = 0] = change ? amounts(change) : []
  expect(credit).toBeLessThan(-9900)
  expect(credit).toBeGreaterThanOrEqual(-9950)
  expect(charge).toBeLessThanOrEqual(1450)
  expect(change?.total).toBe(credit + charge)
})

test("[B12] tax is added by country, left out with a VAT number, and refused without a head office", async () => {
  const all = await world()
  const { local, stripe, openSession } = all
  await local.setTax({ rates: { DE: 19, FR: 20 } })
  const buy = async (buyer: { country: string; taxId?: string }) => {
    const { id } = await openSession({
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
    })
    const { session } = await local.completeCheckout({ session: id, ...buyer })
    const invoice = await stripe.invoices.retrieve(String(session.invoice))
    return { session, invoice }
  }
  const german = await buy({ country: "DE" })
  expect(german.session).toMatchObject({ amount_total: 3451, total_details: { amount_tax: 551 } })
  expect(german.invoice).toMatchObject({
    amount_paid: 3451,
    total_excluding_tax: 2900,
    total_taxes: [{ amount: 551, taxability_reason: "standard_rated" }],
    automatic_tax: { status: "complete" },
  })
  const business = await buy({ country: "FR", taxId: "FR12345678901" })
  expect(business.invoice).toMatchObject({
    amount_paid: 2900,
    total_taxes: [{ amount: 0, taxability_reason: "reverse_charge" }],
    customer_tax_ids: [{ type: "eu_vat", value: "FR12345678901" }],
  })
  const abroad = await buy({ country: "JP" })
  expect(abroad.invoice.total_taxes).toMatchObject([{ amount: 0, taxability_reason: "not_collecting" }])
  const { data } = await stripe.customers.listTaxIds(String(business.session.customer))
  expect(data).toMatchObject([{ type: "eu_vat", country: "FR" }])
  await expect(buy({ country: "DE", taxId: "DE12" })).rejects.toThrow("Invalid value for eu_vat")
  await expect(
    stripe.customers.createTaxId(String(german.session.customer), { type: "eu_vat", value: "nonsense" }),
  ).rejects.toMatchObject({ code: "tax_id_invalid" })
  await local.setTax({ headOffice: false })
  await expect(openSession({ automatic_tax: { enabled: true } })).rejects.toThrow("head office")
})

test("[B15] a credit note lowers what is owed, or gives back what was paid, and no more", async () => {
  const all = await world()
  const { local, stripe } = all
  const { session, customer, subscription } = await subscribed(all)
  const invoice = String(session.invoice)
  await expect(stripe.creditNotes.create({ invoice, amount: 900 })).rejects.toThrow("must equal")
  const note = await stripe.creditNotes.create({
    invoice,
    amount: 900,
    refund_amount: 500,
    credit_amount: 400,
  })
  expect(note).toMatchObject({ status: "issued", type: "post_payment", post_payment_amount: 900 })
  expect((await stripe.refunds.list()).data).toMatchObject([{ amount: 500 }])
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -400 })
  await expect(stripe.creditNotes.create({ invoice, amount: 2001, refund_amount: 2001 })).rejects.toThrow(
    "paid",
  )

  await local.setCard({ customer, works: false })
  await local.advance({ months: 1, days: 1 })
  const due = await stripe.subscriptions.retrieve(subscription.id)
  const open = String(due.latest_invoice)
  expect(due.status).toBe("past_due")
  const less = await stripe.creditNotes.create({ invoice: open, amount: 1000 })
  expect(await stripe.invoices.retrieve(open)).toMatchObject({ amount_remaining: 1500, status: "open" })
  await stripe.creditNotes.voidCreditNote(less.id)
  await stripe.creditNotes.create({ invoice: open, amount: 2500 })
  expect(await stripe.invoices.retrieve(open)).toMatchObject({ amount_remaining: 0, status: "paid" })
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
})

test("[B15] a dispute takes the money, is answered once, and ends for or against the shop", async () => {
  const all = await world()
  const { local, stripe, receiver } = all
  const { session, subscription } = await subscribed(all)
  const dispute = await local.dispute({ of: session.id })
  await expect(stripe.refunds.create({ charge: String(dispute.charge) })).rejects.toMatchObject({
    code: "charge_disputed",
  })
  const evidence = { product_description: "A plan" }
  expect((await stripe.disputes.update(dispute.id, { evidence, submit: true })).status).toBe("under_review")
  await expect(stripe.disputes.update(dispute.id, { evidence, submit: true })).rejects.toThrow("submitted")
  await local.closeDispute({ dispute: dispute.id, won: true })
  await expect(local.closeDispute({ dispute: dispute.id, won: false })).rejects.toThrow("closed")
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")

  const other = await subscribed(all)
  const question = await local.dispute({ of: other.session.id, inquiry: true })
  expect(question.status).toBe("warning_needs_response")
  expect((await local.closeDispute({ dispute: question.id, won: true })).status).toBe("warning_closed")
  await local.settled()
  expect(receiver.types().filter(type => type.startsWith("charge.dispute"))).toEqual([
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_reinstated",
    "charge.dispute.created",
    "charge.dispute.closed",
  ])
})
