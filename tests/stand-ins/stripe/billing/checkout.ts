import { createCustomer } from "../api/customers"
import { DAY } from "../clock"
import { refused } from "../errors"
import type { SessionFacts } from "../facts"
import type { Ledger } from "../ledger"
import type {
  CustomerObject,
  InvoiceObject,
  PaymentIntentObject,
  SessionObject,
  SubscriptionObject,
} from "../objects"
import { totalsOf } from "./checkout-totals"
import { collect, collectionFailed, settle, startDebit } from "./collecting"
import { redeem } from "./discounts"
import { oneTimeLine } from "./invoice-lines"
import { createInvoice, finalizeInvoice } from "./invoices"
import { addPaymentMethod, createPaymentIntent } from "./payment-objects"
import { failPayment, processPayment, succeedPayment } from "./payments"
import { createSubscription, invoicePeriod } from "./subscriptions"

/** What the buyer typed on the page. */
export interface Buyer {
  email: string
  name: string | null
  businessName: string | null
  country: string | null
  taxId: string | null
  customFields: Record<string, string>
}

export interface Completion {
  way: "card" | "bank_debit"
  /** Stripe's documentation knows both for a debit under way; which one an account sees is a matter of its age. */
  subscriptionStatus: "incomplete" | "active"
}

/** Finishes a session: customer, subscription or payment, invoice, and the events of all of it. */
export function completeSession(ledger: Ledger, session: SessionObject, buyer: Buyer, how: Completion): void {
  if (session.status !== "open") throw refused(`This Checkout Session is ${session.status}.`)
  const facts = ledger.sessionFacts.require(session.id)
  const customer = customerFor(ledger, session, facts, buyer)
  fillIn(ledger, session, facts, buyer)
  const free = session.amount_total === 0
  const method = addPaymentMethod(ledger, how.way === "card" || free ? "card" : "us_bank_account", {
    customer: customer?.id ?? null,
    email: buyer.email,
    name: buyer.name,
    works: true,
  })
  if (customer) ledger.customerFacts.put({ id: customer.id, card: "works", paymentMethod: method.id })
  session.payment_status = free ? "no_payment_required" : how.way === "card" ? "paid" : "unpaid"
  if (session.mode === "subscription") subscribe(ledger, session, facts, customer, method.id, how)
  else payOnce(ledger, session, facts, customer, method.id, how)
  session.status = "complete"
  session.url = null
  ledger.emit("checkout.session.completed", session)
}

function customerFor(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  buyer: Buyer,
): CustomerObject | undefined {
  const existing = ledger.customers.get(session.customer)
  if (existing) {
    ledger.change("customer.updated", existing, row => {
      row.email ??= buyer.email
      if (facts.customerUpdate.name) row.name = buyer.businessName ?? buyer.name ?? row.name ?? null
    })
    return existing
  }
  if (session.mode === "payment" && session.customer_creation !== "always") return undefined
  const name = buyer.businessName ?? buyer.name ?? undefined
  const customer = createCustomer(ledger, { email: buyer.email, name })
  customer.currency = session.currency
  session.customer = customer.id
  return customer
}

function fillIn(ledger: Ledger, session: SessionObject, facts: SessionFacts, buyer: Buyer): void {
  Object.assign(session, totalsOf(ledger, session, facts))
  const empty = { city: null, line1: null, line2: null, postal_code: null, state: null }
  session.customer_details = {
    address: buyer.country ? { ...empty, country: buyer.country } : null,
    business_name: buyer.businessName,
    email: buyer.email,
    individual_name: null,
    name: buyer.name,
    phone: null,
    tax_exempt: "none",
    tax_ids: buyer.taxId ? [{ type: "eu_vat", value: buyer.taxId }] : [],
  }
  if (session.automatic_tax.enabled) session.automatic_tax.status = "complete"
  for (const field of session.custom_fields) {
    const value = buyer.customFields[field.key] ?? null
    if (field.text) field.text.value = value
    if (field.numeric) field.numeric.value = value
    if (field.dropdown) field.dropdown.value = value
  }
}

function discountsOf(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  subscription: string | null,
): string[] {
  const coupon = ledger.coupons.get(facts.coupon)
  if (!coupon) return []
  const on = {
    customer: session.customer,
    subscription,
    session: session.id,
    promotionCode: facts.promotionCode,
  }
  return [redeem(ledger, coupon, on)]
}

function subscribe(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  customer: CustomerObject | undefined,
  method: string,
  how: Completion,
): void {
  if (!customer) throw refused("A subscription needs a customer.")
  const recurring = facts.lineItems.filter(item => item.price.recurring)
  const subscription = createSubscription(ledger, {
    customer: customer.id,
    items: recurring.map(item => ({ price: item.price, quantity: item.quantity ?? 1 })),
    metadata: facts.subscriptionMetadata,
    description: facts.subscriptionDescription,
    trialEnd:
      facts.trialEnd ?? (facts.trialDays === null ? null : ledger.now(customer.id) + facts.trialDays * DAY),
    missingPaymentMethod: facts.missingPaymentMethod,
    automaticTax: session.automatic_tax.enabled,
    paymentMethod: method,
  })
  session.subscription = subscription.id
  subscription.discounts = discountsOf(ledger, session, facts, subscription.id)
  ledger.emit("customer.subscription.created", subscription)
  const extra = facts.lineItems
    .filter(item => !item.price.recurring)
    .map(item => oneTimeLine(ledger, item.price, item.quantity ?? 1, subscription.created))
  let invoice: InvoiceObject | undefined
  ledger.change("customer.subscription.updated", subscription, row => {
    invoice = invoicePeriod(ledger, row, "subscription_create", extra)
  })
  if (!invoice) return
  session.invoice = invoice.id
  finalizeInvoice(ledger, invoice)
  payFirst(ledger, subscription, invoice, method, how)
}

function payFirst(
  ledger: Ledger,
  subscription: SubscriptionObject,
  invoice: InvoiceObject,
  method: string,
  how: Completion,
): void {
  if (how.way === "card" || invoice.amount_due === 0) {
    collect(ledger, invoice)
    return
  }
  startDebit(ledger, invoice, method)
  if (how.subscriptionStatus === "active" && subscription.status === "incomplete") {
    ledger.change("customer.subscription.updated", subscription, row => {
      row.status = "active"
    })
  }
}

function payOnce(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  customer: CustomerObject | undefined,
  method: string,
  how: Completion,
): void {
  const discounts = discountsOf(ledger, session, facts, null)
  const invoice = facts.invoiceCreation ? invoiceForOnce(ledger, session, facts, customer, discounts) : null
  if (session.amount_total !== 0) {
    const intent = createPaymentIntent(ledger, {
      customer: customer?.id ?? null,
      amount: session.amount_total ?? 0,
      currency: session.currency ?? "usd",
      description: null,
      metadata: facts.paymentIntentMetadata,
      kind: how.way === "card" ? "card" : "us_bank_account",
      paymentMethod: method,
      email: session.customer_details?.email ?? null,
    })
    session.payment_intent = intent.id
    if (invoice) ledger.invoiceFacts.require(invoice.id).paymentIntent = intent.id
    if (how.way === "card") succeedPayment(ledger, intent)
    else processPayment(ledger, intent)
  }
  if (invoice && session.payment_status !== "unpaid") settle(ledger, invoice)
}

function invoiceForOnce(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  customer: CustomerObject | undefined,
  discounts: string[],
): InvoiceObject {
  const now = ledger.now(customer?.id)
  const invoice = createInvoice(ledger, {
    customer: customer?.id ?? null,
    subscription: null,
    currency: session.currency ?? "usd",
    reason: "manual",
    lines: facts.lineItems.map(item => oneTimeLine(ledger, item.price, item.quantity ?? 1, now)),
    discounts,
    metadata: facts.invoiceMetadata,
    email: session.customer_details?.email ?? null,
    automaticTax: session.automatic_tax.enabled,
  })
  session.invoice = invoice.id
  finalizeInvoice(ledger, invoice)
  return invoice
}

/** A bank debit arrives or comes back, days after the session was completed. */
export function endDebit(ledger: Ledger, session: SessionObject, arrived: boolean): void {
  if (session.status !== "complete" || session.payment_status !== "unpaid") {
    throw refused("No bank debit is under way for this Checkout Session.")
  }
  const invoice = ledger.invoices.get(session.invoice)
  const intent = intentOf(ledger, session, invoice)
  if (arrived) {
    session.payment_status = "paid"
    succeedPayment(ledger, intent)
    if (invoice) settle(ledger, invoice)
    ledger.emit("checkout.session.async_payment_succeeded", session)
    return
  }
  failPayment(ledger, intent)
  if (invoice) collectionFailed(ledger, invoice)
  const facts = ledger.customerFacts.get(session.customer)
  if (facts) facts.card = "declines"
  ledger.emit("checkout.session.async_payment_failed", session)
}

function intentOf(
  ledger: Ledger,
  session: SessionObject,
  invoice: InvoiceObject | undefined,
): PaymentIntentObject {
  const id = session.payment_intent ?? ledger.invoiceFacts.get(invoice?.id)?.paymentIntent
  return ledger.paymentIntents.require(id ?? "")
}

/** The card was declined on the page; the buyer may try another. */
export function declineOnPage(ledger: Ledger, session: SessionObject, email: string | null): void {
  if (session.status !== "open") throw refused(`This Checkout Session is ${session.status}.`)
  const method = addPaymentMethod(ledger, "card", { customer: null, email, name: null, works: false })
  const intent = createPaymentIntent(ledger, {
    customer: session.customer,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "usd",
    description: null,
    metadata: ledger.sessionFacts.require(session.id).paymentIntentMetadata,
    kind: "card",
    paymentMethod: method.id,
    email,
  })
  failPayment(ledger, intent)
}
