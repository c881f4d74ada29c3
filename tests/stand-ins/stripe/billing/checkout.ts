import { DAY } from "../clock"
import { refused } from "../errors"
import type { SessionFacts } from "../facts"
import type { Ledger } from "../ledger"
import type { CustomerObject, InvoiceObject, SessionObject, SubscriptionObject } from "../objects"
import { totalsOf } from "./checkout-totals"
import { collect, startDebit } from "./collecting"
import { createCustomer } from "./customers"
import { redeemOn } from "./discounts"
import { oneTimeLine } from "./invoice-lines"
import { finalizeInvoice } from "./invoices"
import { payOnce } from "./one-time-payment"
import { addPaymentMethod, createPaymentIntent } from "./payment-objects"
import { failPayment } from "./payments"
import { createSubscription, invoicePeriod } from "./subscriptions"
import { addTaxId, checkedTaxId, kindOf } from "./tax-ids"
import { placeOf } from "./taxes"

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
  const taxType = buyer.taxId === null ? null : kindOf(buyer.taxId)
  if (taxType && session.tax_id_collection?.enabled) checkedTaxId(taxType, buyer.taxId ?? "")
  const customer = customerFor(ledger, session, facts, buyer)
  if (customer && taxType && session.tax_id_collection?.enabled)
    addTaxId(ledger, customer, taxType, buyer.taxId ?? "")
  fillIn(ledger, session, facts, buyer, taxType)
  const free = session.amount_total === 0
  const method = addPaymentMethod(ledger, how.way === "card" || free ? "card" : "us_bank_account", {
    customer: customer?.id ?? null,
    email: buyer.email,
    name: buyer.name,
    works: true,
  })
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
      if (facts.customerUpdate.address && buyer.country) row.address = addressIn(buyer.country)
      if (facts.customerUpdate.name) row.name = buyer.businessName ?? buyer.name ?? row.name ?? null
    })
    return existing
  }
  if (session.mode === "payment" && session.customer_creation !== "always") return undefined
  const name = buyer.businessName ?? buyer.name ?? undefined
  const customer = createCustomer(ledger, { email: buyer.email, name })
  customer.currency = session.currency
  if (buyer.country) customer.address = addressIn(buyer.country)
  session.customer = customer.id
  return customer
}

function addressIn(country: string) {
  return { city: null, country, line1: null, line2: null, postal_code: null, state: null }
}

function fillIn(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  buyer: Buyer,
  taxType: string | null,
): void {
  const known = placeOf(ledger, ledger.customers.get(session.customer))
  const place = { ...known, country: known.country ?? buyer.country }
  Object.assign(session, totalsOf(ledger, session, facts, place))
  session.customer_details = {
    address: buyer.country ? addressIn(buyer.country) : null,
    business_name: buyer.businessName,
    email: buyer.email,
    individual_name: null,
    name: buyer.name,
    phone: null,
    tax_exempt: "none",
    tax_ids: buyer.taxId && taxType ? [{ type: taxType, value: buyer.taxId }] : [],
  }
  if (session.automatic_tax.enabled && place.country) session.automatic_tax.status = "complete"
  for (const field of session.custom_fields) {
    const value = buyer.customFields[field.key] ?? null
    if (field.text) field.text.value = value
    if (field.numeric) field.numeric.value = value
    if (field.dropdown) field.dropdown.value = value
  }
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
  subscription.discounts = redeemOn(ledger, session, facts, subscription.id)
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
