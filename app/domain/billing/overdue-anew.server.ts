import type Stripe from "stripe"
import { now } from "~/platform/clock.server"
import type { Subscription } from "~/platform/models.server"
import { stripe } from "~/platform/stripe.server"

/** Seconds by which Stripe's clock and ours may differ, and an invoice waits before it is first collected. */
const slack = 24 * 60 * 60

/**
 * Whether what is overdue is another payment than the one whose delay we count: that one was paid while we did not look, and
 * nobody's patience is used up by it [B7]. Asks Stripe only when there is a newer invoice than that, or it has just ended. Throws
 * Stripe's errors.
 */
export async function isOverdueAnew(before: Subscription, fetched: Stripe.Subscription): Promise<boolean> {
  const { status, latest_invoice: latest } = fetched
  if (status === "canceled") return wasInOrderSince(before, fetched.id)
  if (!before.pastDueSince || !["past_due", "unpaid"].includes(status)) return false
  if (!latest || typeof latest === "string") return false
  const counted = before.pastDueSince.getTime() / 1000
  const time = now().getTime() / 1000
  if (latest.created <= counted + slack || latest.created > time + slack) return false
  const open = await stripe().invoices.list({ subscription: fetched.id, status: "open", limit: 100 })
  return open.data.length > 0 && open.data.every(({ created }) => created > counted + slack)
}

/** It was in order again before it ended: after we last saw it something was paid, or billed where it was paused. */
async function wasInOrderSince(before: Subscription, subscription: string): Promise<boolean> {
  if (!before.pastDueSince || before.status === "canceled") return false
  const seen = before.syncedAt.getTime() / 1000
  const { data } = await stripe().invoices.list({ subscription, limit: 100 })
  return data.some(({ total, created, status_transitions: { paid_at } }) => {
    const paid = total > 0 && paid_at !== null && paid_at > seen
    return paid || (before.status === "paused" && created > seen)
  })
}
