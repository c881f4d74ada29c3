import { z } from "zod"
import { applyCancellation, cancelNow, refuseEnded } from "../billing/cancelling"
import { applyItemChanges, collectChange, previewInvoice, refuseIfDeclined } from "../billing/changing"
import { finalizeAndCollect } from "../billing/collecting"
import { recurringPrice } from "../billing/plan-change"
import { endTrial, resume } from "../billing/renewing"
import { createSubscription, invoicePeriod } from "../billing/subscriptions"
import { DAY } from "../clock"
import { cardDeclined, missing, refused } from "../errors"
import type { Ledger } from "../ledger"
import { is, page, within } from "../listing"
import { mergeMetadata } from "../metadata"
import type { InvoiceObject, SubscriptionObject } from "../objects"
import { accepts, acceptsPage, bool, created, text } from "../params"
import { route } from "../router"
import {
  cancellationDetails,
  createParams,
  PRORATION,
  STATUSES,
  type UpdateParams,
  updateParams,
} from "./subscription-params"

export const subscriptionRoutes = [
  route(
    "GET",
    "/v1/subscriptions",
    acceptsPage({
      created: created.optional(),
      current_period_end: created.optional(),
      current_period_start: created.optional(),
      customer: text.optional(),
      price: text.optional(),
      status: z.enum(STATUSES).optional(),
      test_clock: text.optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.subscriptions.filter(
          row =>
            hasStatus(row, params.status) &&
            is(row.customer, params.customer) &&
            is(row.test_clock, params.test_clock) &&
            within(row.created, params.created) &&
            row.items.data.some(
              one =>
                is(one.price.id, params.price) &&
                within(one.current_period_end, params.current_period_end) &&
                within(one.current_period_start, params.current_period_start),
            ),
        ),
        params,
        "/v1/subscriptions",
      ),
  ),
  route("POST", "/v1/subscriptions", createParams, ({ ledger, params }) => create(ledger, params)),
  route("GET", "/v1/subscriptions/:id", accepts({}), ({ ledger, id }) => ledger.subscriptions.require(id)),
  route("POST", "/v1/subscriptions/:id", updateParams, ({ ledger, params, id }) =>
    update(ledger, ledger.subscriptions.require(id), params),
  ),
  route(
    "DELETE",
    "/v1/subscriptions/:id",
    accepts({
      cancellation_details: cancellationDetails,
      invoice_now: bool.optional(),
      prorate: bool.optional(),
    }),
    ({ ledger, params, id }) => {
      const subscription = ledger.subscriptions.require(id)
      if (subscription.ended_at) throw missing("subscription", id)
      const { comment, feedback } = params.cancellation_details ?? {}
      subscription.cancellation_details = {
        comment: comment ?? null,
        feedback: feedback ?? null,
        feedback_option: null,
        reason: null,
      }
      cancelNow(ledger, subscription, "cancellation_requested")
      return subscription
    },
  ),
  route(
    "POST",
    "/v1/subscriptions/:id/resume",
    accepts({ billing_cycle_anchor: text.optional(), proration_behavior: PRORATION }),
    ({ ledger, id }) => {
      const subscription = ledger.subscriptions.require(id)
      if (subscription.status !== "paused")
        throw refused(`Only a paused subscription can be resumed; this one is ${subscription.status}.`)
      resume(ledger, subscription)
      return subscription
    },
  ),
  route("GET", "/v1/subscription_items", acceptsPage({ subscription: text }), ({ ledger, params }) => {
    const items = ledger.subscriptions.require(params.subscription, "subscription").items.data
    return page([...items].reverse(), params, "/v1/subscription_items")
  }),
]

function hasStatus(row: SubscriptionObject, wanted: string | undefined): boolean {
  if (wanted === "all") return true
  if (wanted === undefined) return row.status !== "canceled"
  if (wanted === "ended") return row.status === "canceled" || row.status === "incomplete_expired"
  return row.status === wanted
}

function create(ledger: Ledger, params: z.output<typeof createParams>): SubscriptionObject {
  const customer = ledger.customers.require(params.customer, "customer")
  const facts = ledger.customerFacts.require(customer.id)
  const now = ledger.now(customer.id)
  const trialDays = params.trial_period_days === undefined ? null : now + params.trial_period_days * DAY
  const trialEnd = typeof params.trial_end === "number" ? params.trial_end : trialDays
  if (params.payment_behavior === "error_if_incomplete" && facts.card !== "works" && trialEnd === null)
    throw cardDeclined()
  const subscription = createSubscription(ledger, {
    customer: customer.id,
    items: params.items.map((one, index) => ({
      price: recurringPrice(ledger, one.price ?? "", `items[${index}][price]`),
      quantity: one.quantity ?? 1,
      metadata: one.metadata ?? {},
    })),
    metadata: params.metadata ?? {},
    description: params.description ?? null,
    trialEnd,
    missingPaymentMethod: params.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
    automaticTax: params.automatic_tax?.enabled ?? false,
    paymentMethod: params.default_payment_method ?? facts.paymentMethod,
  })
  ledger.emit("customer.subscription.created", subscription)
  const invoice = invoicePeriod(ledger, subscription, "subscription_create")
  finalizeAndCollect(ledger, invoice)
  return subscription
}

function update(ledger: Ledger, subscription: SubscriptionObject, params: UpdateParams): SubscriptionObject {
  const { items, cancel_at, cancel_at_period_end } = params
  const onlyNotes = Object.keys(params).every(name =>
    ["metadata", "cancellation_details", "expand"].includes(name),
  )
  if (!onlyNotes) refuseEnded(subscription)
  if (cancel_at && cancel_at_period_end)
    throw refused("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
  const at = params.proration_date ?? ledger.now(subscription.customer)
  const proration = params.proration_behavior ?? "create_prorations"
  if (items && params.payment_behavior === "error_if_incomplete") refuseIfDeclined(ledger, subscription)
  // Tried on a copy first, so that a refusal half-way leaves the subscription as it was.
  if (items) previewInvoice(ledger, subscription, { items, proration, at })
  let invoice: InvoiceObject | null = null
  ledger.change("customer.subscription.updated", subscription, row => {
    if (params.metadata !== undefined) row.metadata = mergeMetadata(row.metadata, params.metadata)
    if (params.description !== undefined) row.description = params.description
    if (params.default_payment_method) row.default_payment_method = params.default_payment_method
    if (cancel_at_period_end !== undefined) applyCancellation(ledger, row, { flag: cancel_at_period_end })
    if (cancel_at !== undefined) applyCancellation(ledger, row, { date: cancelDate(row, cancel_at) })
    if (params.cancellation_details && row.cancellation_details) {
      Object.assign(row.cancellation_details, { ...params.cancellation_details })
    }
    if (typeof params.trial_end === "number") moveTrial(row, params.trial_end)
    if (items) invoice = applyItemChanges(ledger, row, { items, proration, at })
  })
  collectChange(ledger, invoice)
  if (params.trial_end === "now" && subscription.status === "trialing") {
    subscription.billing_cycle_anchor = ledger.now(subscription.customer)
    endTrial(ledger, subscription)
  }
  return subscription
}

function cancelDate(row: SubscriptionObject, given: number | string | null): number | null {
  const ends = row.items.data.map(one => one.current_period_end)
  if (given === "min_period_end") return Math.min(...ends)
  if (given === "max_period_end") return Math.max(...ends)
  return typeof given === "number" ? given : null
}

function moveTrial(row: SubscriptionObject, end: number): void {
  row.status = "trialing"
  row.trial_start ??= row.start_date
  row.trial_end = end
  row.billing_cycle_anchor = end
  for (const one of row.items.data) one.current_period_end = end
}
