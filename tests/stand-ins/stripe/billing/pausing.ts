import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { InvoiceObject, SubscriptionObject } from "../objects"
import { finalizeInvoice, voidInvoice } from "./invoices"

export interface CollectionPause {
  behavior: "keep_as_draft" | "mark_uncollectible" | "void"
  resumes_at?: number | undefined
}

/** Stops collecting, or collects again; the status stays. Source: https://docs.stripe.com/billing/subscriptions/pause-payment */
export function applyCollectionPause(
  ledger: Ledger,
  row: SubscriptionObject,
  pause: CollectionPause | null,
): void {
  if (pause?.resumes_at !== undefined && pause.resumes_at <= ledger.now(row.customer))
    throw refused("The `resumes_at` timestamp must be in the future.", "pause_collection[resumes_at]")
  row.pause_collection = pause && { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null }
}

/** What becomes of a fresh invoice while collection is paused. */
export function handlePaused(ledger: Ledger, subscription: SubscriptionObject, invoice: InvoiceObject): void {
  const behavior = subscription.pause_collection?.behavior
  if (behavior === undefined) return
  invoice.auto_advance = false
  invoice.automatically_finalizes_at = null
  if (behavior === "keep_as_draft") return
  finalizeInvoice(ledger, invoice)
  if (behavior === "void") voidInvoice(ledger, invoice)
  else markUncollectible(ledger, invoice)
}

/** Nobody expects this invoice to be paid any more; it still can be. */
export function markUncollectible(ledger: Ledger, invoice: InvoiceObject): InvoiceObject {
  return ledger.change("invoice.marked_uncollectible", invoice, row => {
    row.status = "uncollectible"
    row.auto_advance = false
    row.next_payment_attempt = null
    row.status_transitions.marked_uncollectible_at = ledger.now(row.customer)
  })
}

/** Pauses the subscription itself: no invoices and no new period until it is resumed. */
export function pauseSubscription(
  ledger: Ledger,
  subscription: SubscriptionObject,
  reason: "pause_requested" | "trial_end_without_payment_method",
): SubscriptionObject {
  if (!["active", "past_due", "trialing", "unpaid"].includes(subscription.status))
    throw refused(`A subscription that is ${subscription.status} cannot be paused.`)
  return ledger.change("customer.subscription.paused", subscription, row => {
    row.status = "paused"
    row.status_details = {
      paused: {
        type: "subscription",
        subscription: { type: reason },
        transitioned_at: ledger.now(row.customer),
      },
    }
  })
}
