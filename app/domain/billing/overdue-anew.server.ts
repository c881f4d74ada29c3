import type Stripe from "stripe"
import { now } from "~/platform/clock.server"
import type { Subscription } from "~/platform/models.server"
import { stripe } from "~/platform/stripe.server"

/** Seconds by which Stripe's clock and ours may differ, and an invoice waits before it is first collected. */
const slack = 24 * 60 * 60

/**
 * Whether what is overdue is another payment than the one whose delay we count: that one was paid while we did not look, and
 * nobody's patience is used up by it [B7]. Asks Stripe only when there is a newer invoice than that. Throws Stripe's errors.
 */
export async function isOverdueAnew(before: Subscription, fetched: Stripe.Subscription): Promise<boolean> {
  const { status, latest_invoice: latest } = fetched
  if (!before.pastDueSince || !["past_due", "unpaid"].includes(status)) return false
  if (!latest || typeof latest === "string") return false
  const counted = before.pastDueSince.getTime() / 1000
  const time = now().getTime() / 1000
  if (latest.created <= counted + slack || latest.created > time + slack) return false
  const open = await stripe().invoices.list({ subscription: fetched.id, status: "open", limit: 100 })
  return open.data.length > 0 && open.data.every(({ created }) => created > counted + slack)
}
