import type Stripe from "stripe"
import {
  currency,
  type Interval,
  intervals,
  lookupKey,
  type PlanId,
  planIds,
  plans,
} from "~/domain/billing/plans"
import { formatMoney } from "~/lib/format"

/** A price the account should have, as the table of plans says. */
export type WantedPrice = {
  plan: PlanId
  interval: Interval
  lookupKey: string
  cents: number
  /** For people: `$29.00 a month`. */
  words: string
}

export const wantedPrices: readonly WantedPrice[] = planIds.flatMap(plan =>
  intervals.map(interval => ({
    plan,
    interval,
    lookupKey: lookupKey(plan, interval),
    cents: plans[plan].cents[interval],
    words: amountWords(plans[plan].cents[interval], currency, interval),
  })),
)

/** How a price of Stripe's differs from the one that is wanted, in words; undefined when it sells the same. */
export function otherThan(wanted: WantedPrice, price: Stripe.Price): string | undefined {
  const { recurring, unit_amount, billing_scheme } = price
  const plain = billing_scheme === "per_unit" && unit_amount !== null && recurring?.usage_type === "licensed"
  if (!plain) return "is no plain price by the month or year"
  const same =
    unit_amount === wanted.cents &&
    price.currency === currency &&
    recurring.interval === wanted.interval &&
    recurring.interval_count === 1
  if (same) return undefined
  const every =
    recurring.interval_count === 1 ? recurring.interval : `${recurring.interval_count} ${recurring.interval}s`
  return `says ${amountWords(unit_amount, price.currency, every)}`
}

/** The name of the setting that puts a price of the operator's choice in a plan's place. */
export function priceSetting({ plan, interval }: Pick<WantedPrice, "plan" | "interval">): string {
  return `STRIPE_${plan.toUpperCase()}_${interval === "year" ? "YEARLY_" : ""}PRICE_ID`
}

function amountWords(amount: number, of: string, every: string): string {
  return `${formatMoney(amount, of)} ${every === "month" || every === "year" ? `a ${every}` : `every ${every}`}`
}
