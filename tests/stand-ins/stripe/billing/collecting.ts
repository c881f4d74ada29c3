import { DAY } from "../clock"
import { cardDeclined, refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { InvoiceObject, PaymentIntentObject, SubscriptionObject } from "../objects"
import { cancelNow } from "./cancelling"
import { finalizeInvoice, subscriptionOf } from "./invoices"
import { isGood, methodFor } from "./payment-methods"
import { createPaymentIntent, type PaymentKind } from "./payment-objects"
import { failPayment, processPayment, succeedPayment } from "./payments"

/** Finalises a draft and asks the customer's card for the money. */
export function finalizeAndCollect(ledger: Ledger, invoice: InvoiceObject): void {
  finalizeInvoice(ledger, invoice)
  collect(ledger, invoice)
}

/** Asks the customer's card for what an open invoice still wants. */
export function collect(ledger: Ledger, invoice: InvoiceObject): "paid" | "failed" {
  if (invoice.amount_due === 0) return settle(ledger, invoice)
  const method = methodFor(ledger, invoice.customer, subscriptionOf(ledger, invoice))
  const intent = intentFor(ledger, invoice, "card", method?.id ?? null)
  if (method && isGood(ledger, method)) {
    succeedPayment(ledger, intent)
    return settle(ledger, invoice)
  }
  failPayment(ledger, intent)
  return collectionFailed(ledger, invoice)
}

/** Pays an open invoice by hand: from the API, the portal or the invoice page. A declined card is a 402. */
export function payByHand(ledger: Ledger, invoice: InvoiceObject, outOfBand: boolean): InvoiceObject {
  if (invoice.status === "paid") throw refused("Invoice is already paid", undefined, "invoice_already_paid")
  if (invoice.status === "draft") finalizeInvoice(ledger, invoice)
  if (invoice.status !== "open") throw refused(`This invoice is ${invoice.status} and can no longer be paid.`)
  if (outOfBand) settle(ledger, invoice)
  else if (collect(ledger, invoice) === "failed") throw cardDeclined()
  return invoice
}

/** Tries once more what a customer owes, as the portal does when they give it another card. */
export function collectOwed(ledger: Ledger, customer: string): void {
  const owed = ledger.invoices.filter(
    row => row.customer === customer && row.status === "open" && row.attempted,
  )
  for (const invoice of owed) collect(ledger, invoice)
}

/** Starts a bank debit for an open invoice; `settle` or `collectionFailed` ends it days later. */
export function startDebit(
  ledger: Ledger,
  invoice: InvoiceObject,
  paymentMethod: string,
): PaymentIntentObject {
  const intent = intentFor(ledger, invoice, "us_bank_account", paymentMethod)
  processPayment(ledger, intent)
  ledger.invoiceFacts.require(invoice.id).processing = true
  invoice.attempted = true
  invoice.attempt_count += 1
  return intent
}

function intentFor(
  ledger: Ledger,
  invoice: InvoiceObject,
  kind: PaymentKind,
  paymentMethod: string | null,
): PaymentIntentObject {
  const facts = ledger.invoiceFacts.require(invoice.id)
  const earlier = ledger.paymentIntents.get(facts.paymentIntent)
  if (earlier) {
    earlier.payment_method = paymentMethod
    return earlier
  }
  const intent = createPaymentIntent(ledger, {
    customer: invoice.customer,
    amount: invoice.amount_due,
    currency: invoice.currency,
    description:
      invoice.billing_reason === "subscription_create" ? "Subscription creation" : "Subscription update",
    metadata: {},
    kind,
    paymentMethod,
    email: null,
  })
  facts.paymentIntent = intent.id
  ledger.invoicePayments.put({
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: intent.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: "payment_intent", payment_intent: intent.id },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  })
  return intent
}

/** The invoice is paid; a subscription that waited for it is active again. */
export function settle(ledger: Ledger, invoice: InvoiceObject): "paid" {
  const now = ledger.now(invoice.customer)
  const facts = ledger.invoiceFacts.require(invoice.id)
  if (!facts.processing) invoice.attempt_count += 1
  facts.processing = false
  invoice.status = "paid"
  invoice.attempted = true
  invoice.amount_paid = invoice.amount_due
  invoice.amount_remaining = 0
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = now
  const payment = ledger.invoicePayments.find(row => row.invoice === invoice.id)
  if (payment) {
    payment.status = "paid"
    payment.amount_paid = invoice.amount_paid
    payment.status_transitions.paid_at = now
    ledger.emit("invoice_payment.paid", payment)
  }
  ledger.emit("invoice.paid", invoice)
  ledger.emit("invoice.payment_succeeded", invoice)
  const subscription = subscriptionOf(ledger, invoice)
  if (subscription) reviveIfPaid(ledger, subscription)
  return "paid"
}

function reviveIfPaid(ledger: Ledger, subscription: SubscriptionObject): void {
  if (!["incomplete", "past_due", "unpaid"].includes(subscription.status)) return
  const owing = ledger.invoices.find(
    row => row.status === "open" && row.attempted && subscriptionOf(ledger, row) === subscription,
  )
  if (owing) return
  ledger.change("customer.subscription.updated", subscription, row => {
    row.status = "active"
  })
}

/** An attempt failed: the next one is planned, or, after the last, the subscription ends as configured. */
export function collectionFailed(ledger: Ledger, invoice: InvoiceObject): "failed" {
  const facts = ledger.invoiceFacts.require(invoice.id)
  if (!facts.processing) invoice.attempt_count += 1
  facts.processing = false
  invoice.attempted = true
  const subscription = subscriptionOf(ledger, invoice)
  const first = subscription?.status === "incomplete"
  const wait = first ? undefined : ledger.dunning.retryDays[facts.retries]
  facts.retries += 1
  invoice.next_payment_attempt = wait === undefined ? null : ledger.now(invoice.customer) + wait * DAY
  ledger.emit("invoice.payment_failed", invoice)
  if (!subscription || first || subscription.ended_at) return "failed"
  if (wait === undefined) giveUp(ledger, subscription)
  else if (subscription.status === "active" || subscription.status === "trialing") {
    ledger.change("customer.subscription.updated", subscription, row => {
      row.status = "past_due"
    })
  }
  return "failed"
}

function giveUp(ledger: Ledger, subscription: SubscriptionObject): void {
  const { afterwards } = ledger.dunning
  if (afterwards === "canceled") {
    cancelNow(ledger, subscription, "payment_failed")
    return
  }
  ledger.change("customer.subscription.updated", subscription, row => {
    row.status = afterwards
  })
}
