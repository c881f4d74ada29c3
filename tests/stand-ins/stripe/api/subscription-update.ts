import { applyCancellation, refuseEnded } from "../billing/cancelling"
import { applyItemChanges, collectChange, previewInvoice, refuseIfDeclined } from "../billing/changing"
import { applyCollectionPause } from "../billing/pausing"
import { endTrialNow } from "../billing/renewing"
import { DAY } from "../clock"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import { mergeMetadata } from "../metadata"
import type { InvoiceObject, SubscriptionObject } from "../objects"
import { ownMethod } from "./subscription-create"
import { redeemGiven } from "./subscription-discounts"
import type { UpdateParams } from "./subscription-params"

const NOTES = ["metadata", "cancellation_details", "expand"]
// https://docs.stripe.com/api/subscriptions/object#subscription_object-status: all else waits for the first payment.
const WHILE_INCOMPLETE = [
  ...NOTES,
  "default_payment_method",
  "description",
  "off_session",
  "payment_settings",
]

/** Changes a subscription as the API does: one event for all of it, and the invoice of a plan change collected. */
export function updateFromApi(
  ledger: Ledger,
  subscription: SubscriptionObject,
  params: UpdateParams,
): SubscriptionObject {
  check(ledger, subscription, params)
  const { items, cancel_at, cancel_at_period_end } = params
  const at = params.proration_date ?? ledger.now(subscription.customer)
  const proration = params.proration_behavior ?? "create_prorations"
  // Tried on a copy first, so that a refusal half-way leaves the subscription as it was.
  if (items) {
    previewInvoice(ledger, subscription, { items, proration, at })
    if (params.payment_behavior === "error_if_incomplete")
      refuseIfDeclined(ledger, subscription, { items, proration, at })
  }
  let invoice: InvoiceObject | null = null
  ledger.change("customer.subscription.updated", subscription, row => {
    if (params.metadata !== undefined) row.metadata = mergeMetadata(row.metadata, params.metadata)
    if (params.description !== undefined) row.description = params.description
    const method = ownMethod(ledger, params.default_payment_method || undefined, row.customer)
    if (params.default_payment_method !== undefined) row.default_payment_method = method?.id ?? null
    if (params.pause_collection !== undefined) applyCollectionPause(ledger, row, params.pause_collection)
    if (params.discounts !== undefined) row.discounts = redeemGiven(ledger, row, params.discounts ?? [])
    if (params.automatic_tax) row.automatic_tax.enabled = params.automatic_tax.enabled
    if (params.trial_settings) row.trial_settings = trialSettings(params.trial_settings)
    if (cancel_at_period_end !== undefined) applyCancellation(ledger, row, { flag: cancel_at_period_end })
    if (cancel_at !== undefined) applyCancellation(ledger, row, { date: cancelDate(row, cancel_at) })
    if (params.cancellation_details && row.cancellation_details)
      Object.assign(row.cancellation_details, { ...params.cancellation_details })
    if (typeof params.trial_end === "number") moveTrial(ledger, row, params.trial_end)
    if (items) invoice = applyItemChanges(ledger, row, { items, proration, at })
  })
  collectChange(ledger, invoice)
  if (params.trial_end === "now" && subscription.status === "trialing") endTrialNow(ledger, subscription)
  return subscription
}

function check(ledger: Ledger, subscription: SubscriptionObject, params: UpdateParams): void {
  const asked = Object.keys(params)
  if (!asked.every(name => NOTES.includes(name))) refuseEnded(subscription)
  const early = asked.find(name => !WHILE_INCOMPLETE.includes(name))
  if (subscription.status === "incomplete" && early !== undefined)
    throw refused(
      `This subscription is \`incomplete\`: only its metadata and payment method can be updated until the first invoice is paid.`,
      early,
    )
  if (params.cancel_at && params.cancel_at_period_end)
    throw refused("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
  checkProrationDate(ledger, subscription, params.proration_date)
}

/** A proration date lies in the present period. Source: https://docs.stripe.com/billing/subscriptions/prorations */
export function checkProrationDate(
  ledger: Ledger,
  subscription: SubscriptionObject,
  date: number | undefined,
): void {
  if (date === undefined) return
  const periods = subscription.items.data
  const start = Math.min(...periods.map(item => item.current_period_start))
  const end = Math.max(...periods.map(item => item.current_period_end))
  if (date >= start && date <= end && date <= ledger.now(subscription.customer) + DAY) return
  throw refused(
    "Cannot specify proration_date outside of current subscription period",
    "subscription_proration_date",
  )
}

function trialSettings(given: NonNullable<UpdateParams["trial_settings"]>) {
  const { missing_payment_method } = given.end_behavior
  return { end_behavior: { billing_cycle_anchor: null, missing_payment_method } }
}

function cancelDate(row: SubscriptionObject, given: number | string | null): number | null {
  const ends = row.items.data.map(one => one.current_period_end)
  if (given === "min_period_end") return Math.min(...ends)
  if (given === "max_period_end") return Math.max(...ends)
  return typeof given === "number" ? given : null
}

function moveTrial(ledger: Ledger, row: SubscriptionObject, end: number): void {
  if (end <= ledger.now(row.customer))
    throw refused("The `trial_end` date has to be in the future.", "trial_end")
  row.status = "trialing"
  row.trial_start ??= row.start_date
  row.trial_end = end
  row.billing_cycle_anchor = end
  for (const one of row.items.data) one.current_period_end = end
  // A trial that was prolonged is told of anew, three days before its new end.
  ledger.subscriptionFacts.require(row.id).trialWarned = false
}
