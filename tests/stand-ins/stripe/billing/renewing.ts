import { addIntervals, DAY, periodAround } from "../clock"
import type { Ledger } from "../ledger"
import type { InvoiceObject, SubscriptionObject } from "../objects"
import { cancelNow } from "./cancelling"
import { finalizeAndCollect } from "./collecting"
import { handlePaused, pauseSubscription } from "./pausing"
import { cardState } from "./payment-methods"
import { invoicePeriod, rhythm } from "./subscriptions"

/** How long before its end Stripe tells of a trial. */
export const TRIAL_WARNING = 3 * DAY

/** Begins the next period at the end of the last: new dates on the items, and a draft that is sent in an hour. */
export function renew(ledger: Ledger, subscription: SubscriptionObject): void {
  const now = ledger.now(subscription.customer)
  const collects = subscription.status !== "unpaid"
  let invoice: InvoiceObject | undefined
  ledger.change("customer.subscription.updated", subscription, row => {
    for (const item of row.items.data) {
      const { start, end } = periodAround(row.billing_cycle_anchor, rhythm(item.price), now)
      item.current_period_start = start
      item.current_period_end = end
    }
    invoice = invoicePeriod(ledger, row, "subscription_cycle")
    if (!collects) {
      invoice.auto_advance = false
      invoice.automatically_finalizes_at = null
    }
  })
  if (invoice) handlePaused(ledger, subscription, invoice)
}

/** What happens when a trial is over: the first paid period, or what the subscription says if there is no card. */
export function endTrial(ledger: Ledger, subscription: SubscriptionObject): void {
  const card = cardState(ledger, subscription.customer, subscription)
  const without = subscription.trial_settings?.end_behavior.missing_payment_method
  if (card === "none" && without === "cancel") {
    cancelNow(ledger, subscription, "payment_failed")
    return
  }
  if (card === "none" && without === "pause") {
    pauseSubscription(ledger, subscription, "trial_end_without_payment_method")
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

/** Ends a trial at this moment: the first paid period begins now, and is paid at once. */
export function endTrialNow(ledger: Ledger, subscription: SubscriptionObject): void {
  const now = ledger.now(subscription.customer)
  subscription.billing_cycle_anchor = now
  subscription.trial_end = now
  endTrial(ledger, subscription)
  const invoice = ledger.invoices.get(
    typeof subscription.latest_invoice === "string" ? subscription.latest_invoice : null,
  )
  if (invoice?.status === "draft" && subscription.pause_collection === null)
    finalizeAndCollect(ledger, invoice)
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
    row.status_details = undefined
  })
  finalizeAndCollect(ledger, invoicePeriod(ledger, subscription, "subscription_update"))
}
