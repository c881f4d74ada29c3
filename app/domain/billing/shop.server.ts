import { env } from "~/platform/env.server"
import { isStripeSetUp } from "~/platform/stripe.server"

/** `no_stripe`: nothing can be paid for; `no_mail`: what was paid for could not be handed over, because the way in is a mail. */
export type Shop = "open" | "no_stripe" | "no_mail"

/** Whether this installation may sell. Development sells without mail, too: its links are printed. */
export function shop(): Shop {
  if (!isStripeSetUp()) return "no_stripe"
  return env().smtp || !env().production ? "open" : "no_mail"
}
