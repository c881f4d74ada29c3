import type Stripe from "stripe"
import { wantedPrices } from "~/domain/billing/catalogue"
import { intervals, planIds, planMark } from "~/domain/billing/plans"
import { env } from "~/platform/env.server"
import { stripe } from "~/platform/stripe.server"

/**
 * The prices on a product that people pay again and again and that are no plan's: neither marked, nor under one of our lookup
 * keys, nor named by a setting. Such a product is sold for something else, too. Throws Stripe's errors.
 */
export async function strangersOn(product: string): Promise<Stripe.Price[]> {
  const strangers: Stripe.Price[] = []
  for await (const price of stripe().prices.list({ product, active: true, type: "recurring", limit: 100 })) {
    if (!isOurs(price)) strangers.push(price)
  }
  return strangers
}

function isOurs({ id, lookup_key, metadata }: Stripe.Price): boolean {
  const chosen = env().stripe?.prices
  return (
    planIds.some(plan => metadata[planMark] === plan) ||
    wantedPrices.some(({ lookupKey }) => lookupKey === lookup_key) ||
    intervals.some(interval => planIds.some(plan => chosen?.[interval][plan] === id))
  )
}
