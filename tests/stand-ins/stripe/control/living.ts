import { z } from "zod"
import { cancelNow, periodEnd, planCancellation } from "../billing/cancelling"
import { applyItemChanges, collectChange } from "../billing/changing"
import { createCreditNote } from "../billing/credit-notes"
import { answerDispute, closeDispute, disputeCharge } from "../billing/disputes"
import { runDue } from "../billing/due"
import { makeDefault } from "../billing/payment-methods"
import { addPaymentMethod } from "../billing/payment-objects"
import { refundCharge } from "../billing/payments"
import { advanceTestClock } from "../billing/test-clocks"
import { seedCatalogue } from "../catalogue"
import { addMonths, DAY } from "../clock"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { ChargeObject, InvoiceObject, SubscriptionObject } from "../objects"
import { control } from "./control"

/** Moves the server's clock; what falls due on the way happens at its own time. Answers the new time. */
export function advanceServerClock(ledger: Ledger, to: number): number {
  if (to < ledger.clock.now()) throw refused("The clock only moves forward.")
  runDue(ledger, null, to, time => ledger.clock.moveTo(time))
  return ledger.clock.now()
}

/** Gives a customer another card, which works or is declined, for everything they pay. */
export function setCard(ledger: Ledger, id: string, works: boolean): void {
  const customer = ledger.customers.require(id)
  const owner = { customer: id, email: customer.email, name: customer.name ?? null, works }
  const method = addPaymentMethod(ledger, "card", owner)
  makeDefault(ledger, id, method)
  for (const row of ledger.subscriptions.filter(one => one.customer === id && !one.ended_at)) {
    ledger.change("customer.subscription.updated", row, one => {
      one.default_payment_method = method.id
    })
  }
}

/** Changes the plan as the portal does: the one item gets another price. */
export function changePlan(
  ledger: Ledger,
  subscription: SubscriptionObject,
  priceName: string,
  proration: "create_prorations" | "always_invoice" | "none",
  at = ledger.now(subscription.customer),
): SubscriptionObject {
  const price = ledger.prices.find(row => row.id === priceName || row.lookup_key === priceName)
  const item = subscription.items.data[0]
  if (!price) throw refused(`No such price: '${priceName}'`, "price", "resource_missing")
  if (!item) throw refused("This subscription has no item.")
  let invoice: InvoiceObject | null = null
  ledger.change("customer.subscription.updated", subscription, row => {
    invoice = applyItemChanges(ledger, row, { items: [{ id: item.id, price: price.id }], proration, at })
  })
  collectChange(ledger, invoice)
  return subscription
}

/** Finds a charge by its own id, its payment's, its invoice's, its session's or its customer's newest. */
export function chargeFor(ledger: Ledger, of: string): ChargeObject {
  const session = ledger.sessions.get(of)
  const invoice = ledger.invoices.get(of) ?? ledger.invoices.get(session?.invoice)
  const intent = ledger.paymentIntents.get(
    session?.payment_intent ?? ledger.invoiceFacts.get(invoice?.id)?.paymentIntent ?? of,
  )
  const direct = ledger.charges.get(intent?.latest_charge ?? of)
  const newest = ledger.charges.filter(row => row.customer === of && row.status === "succeeded").at(-1)
  const found = direct ?? newest
  if (!found) throw refused(`Nothing was paid for ${of}.`)
  return found
}

export const livingControls = {
  /** Creates the plans' products and prices where they are missing; answers the price ids by lookup key. */
  seedCatalogue: control(z.strictObject({}), ({ ledger }) => seedCatalogue(ledger)),
  /** Moves the server's clock (or a test clock) forward. */
  advance: control(
    z.strictObject({
      seconds: z.number().default(0),
      days: z.number().default(0),
      months: z.number().default(0),
      to: z.number().optional(),
      testClock: z.string().optional(),
    }),
    ({ ledger }, { seconds, days, months, to, testClock }) => {
      const clock = testClock === undefined ? undefined : ledger.testClocks.require(testClock)
      const from = clock?.frozen_time ?? ledger.clock.now()
      const target = to ?? addMonths(from, months) + days * DAY + seconds
      return clock ? advanceTestClock(ledger, clock, target).frozen_time : advanceServerClock(ledger, target)
    },
  ),
  /** The server's time in seconds. */
  time: control(z.strictObject({}), ({ ledger }) => ledger.clock.now()),
  /** Makes a customer's card work or be declined. */
  setCard: control(
    z.strictObject({ customer: z.string(), works: z.boolean() }),
    ({ ledger }, { customer, works }) => setCard(ledger, customer, works),
  ),
  /** Ends a subscription now, plans its end (as the API's flag or as the portal's date), or takes that back. */
  cancel: control(
    z.strictObject({ subscription: z.string(), when: z.enum(["now", "period_end", "portal", "undo"]) }),
    ({ ledger }, { subscription: id, when }) => {
      const subscription = ledger.subscriptions.require(id)
      if (when === "now") cancelNow(ledger, subscription, "cancellation_requested")
      else if (when === "portal") planCancellation(ledger, subscription, { date: periodEnd(subscription) })
      else planCancellation(ledger, subscription, { flag: when === "period_end" })
      return subscription
    },
  ),
  /** Changes the plan; `price` is an id or a lookup key. */
  changePlan: control(
    z.strictObject({
      subscription: z.string(),
      price: z.string(),
      proration: z.enum(["create_prorations", "always_invoice", "none"]).default("create_prorations"),
    }),
    ({ ledger }, { subscription, price, proration }) =>
      changePlan(ledger, ledger.subscriptions.require(subscription), price, proration),
  ),
  /** Gives money back; `of` is a charge, payment, invoice, session or customer. */
  refund: control(
    z.strictObject({ of: z.string(), amount: z.number().optional() }),
    ({ ledger }, { of, amount }) =>
      refundCharge(ledger, chargeFor(ledger, of), { amount, reason: "requested_by_customer" }),
  ),
  /** Gives a credit note; by default the whole of it goes back to the card. */
  creditNote: control(
    z.strictObject({
      invoice: z.string(),
      amount: z.number(),
      refund: z.number().optional(),
      credit: z.number().optional(),
    }),
    ({ ledger }, { invoice, amount, refund, credit = 0 }) =>
      createCreditNote(ledger, {
        invoice,
        amount,
        ...(ledger.invoices.get(invoice)?.status === "paid"
          ? { refund_amount: refund ?? amount - credit, credit_amount: credit }
          : {}),
      }),
  ),
  /** Where the account is registered for tax (a rate in percent by country), and whether it said where it is itself. */
  setTax: control(
    z.strictObject({
      headOffice: z.boolean().default(true),
      rates: z.record(z.string(), z.number()).default({}),
    }),
    ({ ledger }, tax) => {
      ledger.tax = tax
    },
  ),
  /** The customer disputes a payment at their bank. */
  dispute: control(
    z.strictObject({
      of: z.string(),
      reason: z.string().default("fraudulent"),
      inquiry: z.boolean().default(false),
    }),
    ({ ledger }, { of, reason, inquiry }) => disputeCharge(ledger, chargeFor(ledger, of), reason, inquiry),
  ),
  /** The shop answers a dispute; the bank looks at it. */
  answerDispute: control(z.strictObject({ dispute: z.string() }), ({ ledger }, { dispute }) =>
    answerDispute(ledger, ledger.disputes.require(dispute), true),
  ),
  /** The bank decides a dispute. */
  closeDispute: control(
    z.strictObject({ dispute: z.string(), won: z.boolean() }),
    ({ ledger }, { dispute, won }) => closeDispute(ledger, ledger.disputes.require(dispute), won),
  ),
  /** When failed payments are tried again, and what becomes of the subscription after the last try. */
  setDunning: control(
    z.strictObject({
      retryDays: z.array(z.number()),
      afterwards: z.enum(["canceled", "unpaid", "past_due"]),
    }),
    ({ ledger }, dunning) => {
      ledger.dunning = dunning
    },
  ),
}
