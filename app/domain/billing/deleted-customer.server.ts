import { ignored, type Prepared } from "~/domain/billing/effect.server"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { stripe } from "~/platform/stripe.server"

/** Asks Stripe whether a customer is deleted, and prepares what follows. Throws Stripe's errors. */
export async function prepareDeletion(stripeCustomerId: string): Promise<Prepared> {
  const customer = await stripe().customers.retrieve(stripeCustomerId)
  if (!customer.deleted) return ignored("the customer is there")
  return async tx => {
    const forgotten = await forgetDeletedCustomer(tx, stripeCustomerId)
    if (forgotten === 0) return { state: "ignored", effect: "not a customer of ours" }
    return { state: "done", effect: "customer deleted at Stripe: forgotten", changed: true }
  }
}

/** Forgets a customer that was deleted at Stripe, or the next payment page would be refused. Returns whose it was, 0 or 1. */
export async function forgetDeletedCustomer(client: Client, stripeCustomerId: string): Promise<number> {
  const { count } = await client.organization.updateMany({
    where: { stripeCustomerId },
    data: { stripeCustomerId: null, updatedAt: now() },
  })
  if (count > 0) log.warn({ customer: stripeCustomerId }, "a customer was deleted at stripe")
  return count
}
