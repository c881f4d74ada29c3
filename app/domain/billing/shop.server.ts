import type { Shop } from "~/domain/billing/stripe-state"
import { env } from "~/platform/env.server"
import { isStripeSetUp } from "~/platform/stripe.server"

/** Whether this installation may sell. Development sells without mail, too: its links are printed. */
export function shop(): Shop {
  if (!isStripeSetUp()) return "no_stripe"
  return env().smtp || !env().production ? "open" : "no_mail"
}
