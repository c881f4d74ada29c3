import { periodAround } from "../clock"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import {
  type InvoiceLineObject,
  listOf,
  type PriceObject,
  type SubscriptionItemObject,
  type SubscriptionObject,
} from "../objects"
import { periodLine, prorationLine } from "./invoice-lines"
import { netOf } from "./invoice-sums"
import { createInvoice } from "./invoices"
import { planOf } from "./prices"

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
  const invoice = createInvoice(ledger, {
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
  const shares = lines.map((line, index) => [
    subscription.items.data[index]?.id ?? "",
    line.amount === 0 ? 1 : netOf(line) / line.amount,
  ])
  facts.billedShare = { ...facts.billedShare, ...Object.fromEntries(shares) }
  return invoice
}
