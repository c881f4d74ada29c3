/**
 * Which of Stripe's prices is which plan [B9]. The STRIPE_*_PRICE_ID settings come first; the rest is found by lookup key and
 * kept for a while. An older price on the product of either still is that plan when it was ours: marked, or paid by one of our
 * subscriptions, so that raising a price strands nobody. Any other price, on whatever product, is unknown: asked for once more,
 * then it grants nothing and the operator is told.
 */
import type Stripe from "stripe"
import {
  type Interval,
  intervals,
  isInterval,
  isPlanId,
  lookupKey,
  type PlanId,
  planIds,
  planMark,
} from "~/domain/billing/plans"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { isMissingAtStripe, stripe, stripeTrouble } from "~/platform/stripe.server"

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

/**
 * What a price stands for; undefined when nobody knows. Throws Stripe's errors. With `options` somebody waits: where Stripe does
 * not tell its prices in time, what it was known for until now stands.
 */
export async function soldAt(
  price: Stripe.Price,
  options?: Stripe.RequestOptions,
): Promise<Sold | undefined> {
  const chosen = fromSettings(price.id)
  if (chosen) return chosen
  try {
    return (
      (await lookUp(await catalogue(catalogueLife, options), price)) ??
      (await lookUp(await catalogue(pauseAfterMiss, options), price))
    )
  } catch (error) {
    const before = options && stripeTrouble(error) ? await soldBefore(price) : undefined
    if (before) return before
    throw error
  }
}

/** What one of our subscriptions pays this very price for. */
async function soldBefore({ id: stripePriceId }: Stripe.Price): Promise<Sold | undefined> {
  const row = await db().subscription.findFirst({ where: { stripePriceId, plan: { in: [...planIds] } } })
  return isPlanId(row?.plan) && isInterval(row.interval)
    ? { plan: row.plan, interval: row.interval }
    : undefined
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

async function lookUp({ prices }: Catalogue, price: Stripe.Price): Promise<Sold | undefined> {
  const same = prices.find(known => known.id === price.id)
  if (same) return same.sold
  const interval = price.recurring?.interval
  if (!isInterval(interval)) return undefined
  const siblings = prices.filter(known => known.productId === productOf(price))
  const plan = await plannedBefore(
    price,
    siblings.map(({ sold }) => sold.plan),
  )
  return plan && { plan, interval }
}

/** Which of the plans on its product a price has been sold as. Anyone may put a price on a product: that alone says nothing. */
async function plannedBefore(price: Stripe.Price, plans: PlanId[]): Promise<PlanId | undefined> {
  if (plans.length === 0) return undefined
  const marked = plans.find(plan => plan === price.metadata[planMark])
  if (marked) return marked
  const row = await db().subscription.findFirst({
    where: { stripePriceId: price.id, plan: { in: plans } },
    select: { plan: true },
  })
  return plans.find(plan => plan === row?.plan)
}

function productOf({ product }: Stripe.Price): string {
  return typeof product === "string" ? product : product.id
}

async function catalogue(life: number, options?: Stripe.RequestOptions): Promise<Catalogue> {
  const { secretKey, apiUrl, prices } = env().stripe ?? {}
  const account = JSON.stringify([secretKey, apiUrl, prices])
  const at = now().getTime()
  if (kept && kept.account === account && Math.abs(at - kept.fetchedAt) < life) return kept
  kept = {
    account,
    fetchedAt: at,
    prices: [...(await fetchPrices(options)), ...(await fetchChosen(options))],
  }
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
    return sold ? [{ id: price.id, productId: productOf(price), sold }] : []
  })
}

/** The prices the settings name: their products are plans', too. One that the account does not have is left out. */
async function fetchChosen(options?: Stripe.RequestOptions): Promise<Catalogue["prices"]> {
  const chosen = env().stripe?.prices
  const named = intervals.flatMap(interval =>
    planIds.flatMap(plan => {
      const id = chosen?.[interval][plan]
      return id ? [{ id, sold: { plan, interval } }] : []
    }),
  )
  const found = named.map(async ({ id, sold }) => {
    try {
      return [{ id, productId: productOf(await stripe().prices.retrieve(id, undefined, options)), sold }]
    } catch (error) {
      if (isMissingAtStripe(error)) return []
      throw error
    }
  })
  return (await Promise.all(found)).flat()
}
