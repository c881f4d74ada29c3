import type Stripe from "stripe"
import { now } from "~/platform/clock.server"
import type { Subscription } from "~/platform/models.server"
import { stripe } from "~/platform/stripe.server"

/** Seconds by which Stripe's clock and ours may differ, and an invoice waits before it is first collected. */
const slack = 24 * 60 * 60

/**
 * Whether what is overdue is another payment than the one whose delay we count: that one was paid while we did not look, and
 * nobody's patience is used up by it [B7]. Asks Stripe only when there is a newer invoice than that, or it is paused or has just
 * ended. Throws Stripe's errors.
 */
export async function isOverdueAnew(
  before: Subscription,
  fetched: Stripe.Subscription,
  options?: Stripe.RequestOptions,
): Promise<boolean> {
  const { status, latest_invoice: latest } = fetched
  if (status === "canceled" || status === "paused") return wasInOrderSince(before, fetched.id, options)
  if (!before.pastDueSince || !["past_due", "unpaid"].includes(status)) return false
  if (!latest || typeof latest === "string") return false
  const counted = before.pastDueSince.getTime() / 1000
  const time = now().getTime() / 1000
  if (latest.created <= counted + slack || latest.created > time + slack) return false
  const open = await stripe().invoices.list({ subscription: fetched.id, status: "open", limit: 100 }, options)
  return open.data.length > 0 && open.data.every(({ created }) => created > counted + slack)
}

/** It was in order again before it was paused or ended: since the second in which we last saw it something was paid, or billed where it was paused. */
async function wasInOrderSince(
  before: Subscription,
  subscription: string,
  options?: Stripe.RequestOptions,
): Promise<boolean> {
  if (!before.pastDueSince || before.status === "canceled") return false
  const seen = Math.floor(before.syncedAt.getTime() / 1000)
  const { data } = await stripe().invoices.list({ subscription, limit: 100 }, options)
  return data.some(({ total, created, billing_reason, status_transitions: { paid_at } }) => {
    // In the very second of the look it was the debt, but for the first invoice: that was paid before anything was overdue.
    const from = billing_reason === "subscription_create" ? seen + 1 : seen
    const paid = total > 0 && paid_at !== null && paid_at >= from
    return paid || (before.status === "paused" && created > seen)
  })
}
