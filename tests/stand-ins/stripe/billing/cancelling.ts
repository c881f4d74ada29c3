import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { SubscriptionObject } from "../objects"
import { subscriptionOf } from "./invoices"

/** Ends a subscription at this moment. Its open invoices are no longer collected by themselves. */
export function cancelNow(ledger: Ledger, subscription: SubscriptionObject, reason: string): void {
  const now = ledger.now(subscription.customer)
  subscription.status = "canceled"
  subscription.ended_at = now
  subscription.canceled_at ??= now
  subscription.cancellation_details = {
    comment: subscription.cancellation_details?.comment ?? null,
    feedback: subscription.cancellation_details?.feedback ?? null,
    feedback_option: null,
    reason,
  }
  for (const invoice of ledger.invoices.all()) {
    if (
      (invoice.status === "open" || invoice.status === "draft") &&
      subscriptionOf(ledger, invoice) === subscription
    ) {
      invoice.auto_advance = false
      invoice.next_payment_attempt = null
      invoice.automatically_finalizes_at = null
    }
  }
  ledger.emit("customer.subscription.deleted", subscription)
}

/** The end of what is paid for: the latest of the items' periods, which is where Stripe keeps it. */
export function periodEnd(subscription: SubscriptionObject): number {
  return Math.max(...subscription.items.data.map(item => item.current_period_end))
}

/**
 * Plans the end of a subscription, or takes the plan back.
 * `flag` is what the API's cancel_at_period_end does; `date` what the portal does to subscriptions in flexible
 * billing mode: a `cancel_at`, and cancel_at_period_end stays false.
 */
export function planCancellation(
  ledger: Ledger,
  subscription: SubscriptionObject,
  plan: { flag: boolean } | { date: number | null },
): void {
  refuseEnded(subscription)
  ledger.change("customer.subscription.updated", subscription, row => applyCancellation(ledger, row, plan))
}

/** The same within a larger change that emits its own event. */
export function applyCancellation(
  ledger: Ledger,
  row: SubscriptionObject,
  plan: { flag: boolean } | { date: number | null },
): void {
  const now = ledger.now(row.customer)
  const end = "flag" in plan ? (plan.flag ? periodEnd(row) : null) : plan.date
  if (end !== null && end < now) throw refused("The cancel_at date must be in the future.", "cancel_at")
  row.cancel_at = end
  row.cancel_at_period_end = "flag" in plan && plan.flag
  row.canceled_at = end === null ? null : now
  row.cancellation_details = {
    comment: null,
    feedback: null,
    feedback_option: null,
    reason: end === null ? null : "cancellation_requested",
  }
}

/** Stripe lets an ended subscription change nothing but its metadata and cancellation details. */
export function refuseEnded(subscription: SubscriptionObject): void {
  if (subscription.status !== "canceled" && subscription.status !== "incomplete_expired") return
  throw refused("A canceled subscription can only update its cancellation_details and metadata.")
}
