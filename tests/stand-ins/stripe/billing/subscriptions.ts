import { planOf } from "../api/prices"
import { addIntervals, DAY, periodAround } from "../clock"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import {
  type InvoiceLineObject,
  listOf,
  type PriceObject,
  type SubscriptionItemObject,
  type SubscriptionObject,
} from "../objects"
import { cancelNow } from "./cancelling"
import { collect, finalizeAndCollect } from "./collecting"
import { periodLine, prorationLine } from "./invoice-lines"
import { createInvoice } from "./invoices"

export interface NewSubscription {
  customer: string
  items: Array<{ price: PriceObject; quantity: number; metadata?: Record<string, string> }>
  metadata: Record<string, string>
  description: string | null
  trialEnd: number | null
  missingPaymentMethod: string
  automaticTax: boolean
  paymentMethod: string | null
}

/** Adds a subscription, `trialing` or still `incomplete`, and tells of it. Its first invoice comes next. */
export function createSubscription(ledger: Ledger, given: NewSubscription): SubscriptionObject {
  const id = newId("sub")
  const now = ledger.now(given.customer)
  const trialing = given.trialEnd !== null && given.trialEnd > now
  const anchor = trialing && given.trialEnd !== null ? given.trialEnd : now
  const subscription = ledger.subscriptions.put({
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: given.automaticTax,
      liability: given.automaticTax ? { type: "self" } : null,
    },
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: now,
    currency: given.items[0]?.price.currency ?? "usd",
    customer: given.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: given.paymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: given.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: listOf<SubscriptionItemObject>([], `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: given.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: trialing ? "trialing" : "incomplete",
    test_clock: ledger.customers.get(given.customer)?.test_clock ?? null,
    transfer_data: null,
    trial_end: trialing ? given.trialEnd : null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: given.missingPaymentMethod },
    },
    trial_start: trialing ? now : null,
  })
  for (const { price, quantity, metadata } of given.items) {
    const end = trialing ? anchor : periodAround(anchor, rhythm(price), now).end
    addItem(subscription, price, quantity, { start: now, end }, metadata)
  }
  ledger.subscriptionFacts.put({ id, pendingLines: [], trialWarned: false })
  return subscription
}

/** How often a price is paid. */
export function rhythm(price: PriceObject): { interval: string; interval_count: number } {
  return {
    interval: price.recurring?.interval ?? "month",
    interval_count: price.recurring?.interval_count ?? 1,
  }
}

/** Adds a price to a subscription, without an event. */
export function addItem(
  subscription: SubscriptionObject,
  price: PriceObject,
  quantity: number,
  period: { start: number; end: number },
  metadata: Record<string, string> = {},
): SubscriptionItemObject {
  const item: SubscriptionItemObject = {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: period.start,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata,
    plan: planOf(price),
    price,
    quantity,
    subscription: subscription.id,
    tax_rates: [],
  }
  subscription.items.data.push(item)
  return item
}

/** An invoice for the items' present period, with what waits to be billed. */
export function invoicePeriod(
  ledger: Ledger,
  subscription: SubscriptionObject,
  reason: string,
  extra: InvoiceLineObject[] = [],
) {
  const facts = ledger.subscriptionFacts.require(subscription.id)
  const pending = facts.pendingLines.splice(0).map(row => prorationLine(ledger, subscription, row))
  const free = subscription.status === "trialing"
  const lines = subscription.items.data.map(item => periodLine(ledger, subscription, item, free))
  return createInvoice(ledger, {
    customer: subscription.customer,
    subscription,
    currency: subscription.currency,
    reason,
    lines: [...extra, ...pending, ...lines],
    discounts: subscription.discounts.filter(row => typeof row === "string"),
    metadata: {},
    email: null,
    automaticTax: subscription.automatic_tax.enabled,
  })
}

/** Begins the next period at the end of the last: new dates on the items, and a draft that is sent in an hour. */
export function renew(ledger: Ledger, subscription: SubscriptionObject): void {
  const now = ledger.now(subscription.customer)
  const collects = subscription.status !== "unpaid"
  ledger.change("customer.subscription.updated", subscription, row => {
    for (const item of row.items.data) {
      const { start, end } = periodAround(row.billing_cycle_anchor, rhythm(item.price), now)
      item.current_period_start = start
      item.current_period_end = end
    }
    const invoice = invoicePeriod(ledger, row, "subscription_cycle")
    if (!collects) {
      invoice.auto_advance = false
      invoice.automatically_finalizes_at = null
    }
  })
}

/** What happens when a trial is over: the first paid period, or what the subscription says if there is no card. */
export function endTrial(ledger: Ledger, subscription: SubscriptionObject): void {
  const card = ledger.customerFacts.get(subscription.customer)?.card ?? "none"
  const without = subscription.trial_settings?.end_behavior.missing_payment_method
  if (card === "none" && without === "cancel") {
    cancelNow(ledger, subscription, "payment_failed")
    return
  }
  if (card === "none" && without === "pause") {
    ledger.change("customer.subscription.paused", subscription, row => {
      row.status = "paused"
    })
    return
  }
  ledger.change("customer.subscription.updated", subscription, row => {
    row.status = "active"
    for (const item of row.items.data) {
      item.current_period_start = row.billing_cycle_anchor
      item.current_period_end = addIntervals(row.billing_cycle_anchor, rhythm(item.price), 1)
    }
    invoicePeriod(ledger, row, "subscription_cycle")
  })
}

/** Starts a paused subscription again, with a period that begins now and is paid at once. */
export function resume(ledger: Ledger, subscription: SubscriptionObject): void {
  const now = ledger.now(subscription.customer)
  subscription.billing_cycle_anchor = now
  for (const item of subscription.items.data) {
    item.current_period_start = now
    item.current_period_end = addIntervals(now, rhythm(item.price), 1)
  }
  ledger.change("customer.subscription.resumed", subscription, row => {
    row.status = "active"
  })
  finalizeAndCollect(ledger, invoicePeriod(ledger, subscription, "subscription_update"))
}

/** Pays a first invoice that was left open, as the hosted invoice page does. */
export function retryOpenInvoices(ledger: Ledger, subscription: SubscriptionObject): void {
  const open = ledger.invoices.filter(row => row.status === "open" && row.id === subscription.latest_invoice)
  for (const invoice of open) collect(ledger, invoice)
}

export const TRIAL_WARNING = 3 * DAY
