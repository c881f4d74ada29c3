/**
 * Which of Stripe's prices is which plan [B9]. The STRIPE_*_PRICE_ID settings come first; the rest is found by lookup key and
 * kept for a while. An older price of the same product still is the same plan, so that raising a price strands nobody. Any
 * other price is unknown: asked for once more, then it grants nothing and the operator is told.
 */
import type Stripe from "stripe"
import { type Interval, intervals, isInterval, lookupKey, type PlanId, planIds } from "~/domain/billing/plans"
import { now } from "~/platform/clock.server"
import { env } from "~/platform/env.server"
import { stripe } from "~/platform/stripe.server"

export type Sold = { plan: PlanId; interval: Interval }

type Catalogue = {
  account: string
  fetchedAt: number
  prices: { id: string; productId: string; sold: Sold }[]
}

const minute = 60 * 1000
/** Prices change a few times a year; a new one is found at once, because a miss asks again. */
const catalogueLife = 10 * minute
/** A price that stays unknown must not cost a call at every event. */
const pauseAfterMiss = minute

let kept: Catalogue | undefined

/** The id of the price to sell a plan at. Undefined when the account has none. Throws Stripe's errors. */
export async function priceIdOf(
  plan: PlanId,
  interval: Interval,
  options?: Stripe.RequestOptions,
): Promise<string | undefined> {
  const chosen = env().stripe?.prices[interval][plan]
  if (chosen) return chosen
  const isIt = (price: { sold: Sold }) => price.sold.plan === plan && price.sold.interval === interval
  const known = (await catalogue(catalogueLife, options)).prices.find(isIt)
  return (known ?? (await catalogue(pauseAfterMiss, options)).prices.find(isIt))?.id
}

/** What a price stands for; undefined when nobody knows. Throws Stripe's errors. */
export async function soldAt(price: Stripe.Price): Promise<Sold | undefined> {
  return (
    fromSettings(price.id) ??
    lookUp(await catalogue(catalogueLife), price) ??
    lookUp(await catalogue(pauseAfterMiss), price)
  )
}

/** Forgets what was kept, as a restart would. */
export function forgetPrices(): void {
  kept = undefined
}

function fromSettings(priceId: string): Sold | undefined {
  const chosen = env().stripe?.prices
  for (const interval of intervals) {
    const plan = planIds.find(id => chosen?.[interval][id] === priceId)
    if (plan) return { plan, interval }
  }
  return undefined
}

function lookUp({ prices }: Catalogue, price: Stripe.Price): Sold | undefined {
  const same = prices.find(known => known.id === price.id)
  if (same) return same.sold
  const productId = typeof price.product === "string" ? price.product : price.product.id
  const sibling = prices.find(known => known.productId === productId)
  const interval = price.recurring?.interval
  if (!sibling || !isInterval(interval)) return undefined
  return { plan: sibling.sold.plan, interval }
}

async function catalogue(life: number, options?: Stripe.RequestOptions): Promise<Catalogue> {
  const account = `${env().stripe?.secretKey} ${env().stripe?.apiUrl}`
  const at = now().getTime()
  if (kept && kept.account === account && Math.abs(at - kept.fetchedAt) < life) return kept
  kept = { account, fetchedAt: at, prices: await fetchPrices(options) }
  return kept
}

async function fetchPrices(options?: Stripe.RequestOptions): Promise<Catalogue["prices"]> {
  const wanted = new Map(
    planIds.flatMap(plan =>
      intervals.map(interval => [lookupKey(plan, interval), { plan, interval }] as const),
    ),
  )
  const found = await stripe().prices.list({ lookup_keys: [...wanted.keys()], limit: 100 }, options)
  return found.data.flatMap(price => {
    const sold = price.lookup_key ? wanted.get(price.lookup_key) : undefined
    const productId = typeof price.product === "string" ? price.product : price.product.id
    return sold ? [{ id: price.id, productId, sold }] : []
  })
}
