import { shop } from "~/domain/billing/shop.server"
import type { StripeState } from "~/domain/billing/stripe-state"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"

/** How billing is set up, for the operator. */
export function stripeState(): StripeState {
  const { stripe, stripeWebhookSecrets } = env()
  return { mode: modeOf(stripe), webhookOpen: stripeWebhookSecrets.length > 0, shop: shop() }
}

/** Says at the start what would otherwise show only when a purchase hangs. */
export function warnOfHalfSetUpStripe(): void {
  const { mode, webhookOpen, shop } = stripeState()
  if (mode !== "off" && !webhookOpen) {
    log.warn({ mode }, "STRIPE_WEBHOOK_SECRET is empty: Stripe's events are refused until it is set")
  }
  if (shop === "no_mail") log.warn({ mode }, "plans are not sold until mail is set up")
}

function modeOf(stripe: ReturnType<typeof env>["stripe"]): StripeState["mode"] {
  if (!stripe) return "off"
  if (stripe.apiUrl) return "stand_in"
  return stripe.livemode ? "live" : "test"
}
