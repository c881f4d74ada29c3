import { addIntervals } from "../clock"
import { cardDeclined, confirmationNeeded } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { InvoiceObject, SubscriptionObject } from "../objects"
import { finalizeAndCollect } from "./collecting"
import { periodLine, prorationLine } from "./invoice-lines"
import { composeInvoice, createInvoice, type NewInvoice } from "./invoices"
import { asksFirst, cardState } from "./payment-methods"
import { changeItems, type ItemChange } from "./plan-change"
import { invoicePeriod, rhythm } from "./subscriptions"

export type Proration = "create_prorations" | "always_invoice" | "none"

export interface Change {
  items: ItemChange[]
  proration: Proration
  at: number
}

/**
 * Changes a subscription's items. The difference waits for the next invoice (create_prorations), is billed
 * at once (always_invoice), or is let go (none). A change of rhythm begins a new period, billed at once.
 */
export function applyItemChanges(
  ledger: Ledger,
  subscription: SubscriptionObject,
  change: Change,
): InvoiceObject | null {
  const { prorations, restarts, shares } = changeItems(ledger, subscription, change.items, {
    prorate: change.proration !== "none",
    at: change.at,
  })
  const facts = ledger.subscriptionFacts.require(subscription.id)
  facts.billedShare = { ...facts.billedShare, ...shares }
  facts.pendingLines.push(...prorations.filter(row => row.amount !== 0))
  if (restarts && subscription.status !== "trialing") {
    restartPeriod(subscription, change.at)
    return invoicePeriod(ledger, subscription, "subscription_update")
  }
  if (change.proration !== "always_invoice" || facts.pendingLines.length === 0) return null
  return createInvoice(ledger, prorationInvoice(ledger, subscription))
}

/** A card that is declined, or that the bank wants confirmed, refuses the whole change, before anything is touched, when something is to be paid for it at once. */
export function refuseIfDeclined(ledger: Ledger, subscription: SubscriptionObject, change: Change): void {
  const works = cardState(ledger, subscription.customer, subscription) === "works"
  const asks = asksFirst(ledger, subscription)
  if (works && !asks) return
  if (dueAtOnce(ledger, subscription, change) > 0) throw works ? confirmationNeeded() : cardDeclined()
}

function dueAtOnce(ledger: Ledger, subscription: SubscriptionObject, change: Change): number {
  const { proration, at } = change
  const { restarts } = changeItems(ledger, structuredClone(subscription), change.items, {
    prorate: proration !== "none",
    at,
  })
  const billed = restarts ? subscription.status !== "trialing" : proration === "always_invoice"
  return billed ? previewInvoice(ledger, subscription, change).amount_due : 0
}

/** Sends and collects the invoice a change made, if it made one. */
export function collectChange(ledger: Ledger, invoice: InvoiceObject | null): void {
  if (invoice) finalizeAndCollect(ledger, invoice)
}

function restartPeriod(subscription: SubscriptionObject, at: number): void {
  subscription.billing_cycle_anchor = at
  for (const item of subscription.items.data) {
    item.current_period_start = at
    item.current_period_end = addIntervals(at, rhythm(item.price), 1)
  }
}

function prorationInvoice(ledger: Ledger, subscription: SubscriptionObject): NewInvoice {
  const facts = ledger.subscriptionFacts.require(subscription.id)
  const lines = facts.pendingLines.splice(0).map(row => prorationLine(ledger, subscription, row))
  return { ...invoiceOf(subscription), reason: "subscription_update", lines }
}

const invoiceOf = (subscription: SubscriptionObject) => ({
  customer: subscription.customer,
  subscription,
  currency: subscription.currency,
  discounts: subscription.discounts.filter(row => typeof row === "string"),
  metadata: {},
  email: null,
  automaticTax: subscription.automatic_tax.enabled,
})

/** What the next invoice would be, with or without a change; nothing is kept. */
export function previewInvoice(
  ledger: Ledger,
  real: SubscriptionObject,
  change: Change | null,
): InvoiceObject {
  const subscription = structuredClone(real)
  const { prorations, restarts } = change
    ? changeItems(ledger, subscription, change.items, { prorate: change.proration !== "none", at: change.at })
    : { prorations: [], restarts: false }
  const waiting = ledger.subscriptionFacts.require(real.id).pendingLines
  const pending = [...waiting, ...prorations].map(row => prorationLine(ledger, subscription, row))
  const onlyNow = change?.proration === "always_invoice" && !restarts
  if (restarts && change) restartPeriod(subscription, change.at)
  else for (const item of subscription.items.data) moveToNextPeriod(item)
  const periods = onlyNow
    ? []
    : subscription.items.data.map(item => periodLine(ledger, subscription, item, false))
  return composeInvoice(ledger, newId("upcoming_in"), {
    ...invoiceOf(subscription),
    reason: onlyNow ? "subscription_update" : "upcoming",
    lines: [...pending, ...periods],
  })
}

function moveToNextPeriod(item: SubscriptionObject["items"]["data"][number]): void {
  item.current_period_start = item.current_period_end
  item.current_period_end = addIntervals(item.current_period_end, rhythm(item.price), 1)
}
