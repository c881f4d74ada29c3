/**
 * The prices of the catalogue, brought in line [B13]. An amount is never edited, because Stripe has none to edit: another
 * amount is a new price, which takes the lookup key over, and the old one is deactivated. Subscriptions stay on the price
 * they began with and go on. Prices named by a setting are the operator's own: they are judged, never touched.
 */
import type Stripe from "stripe"
import type { WantedPrice } from "~/domain/billing/catalogue"
import { lookAtPrices, type SeenPrice } from "~/domain/billing/catalogue-look.server"
import { tidyProducts } from "~/domain/billing/catalogue-products.server"
import { retireOthers } from "~/domain/billing/catalogue-retired.server"
import type { CatalogueRun } from "~/domain/billing/catalogue-run"
import { currency, type PlanId, planIds, planMark } from "~/domain/billing/plans"
import { idOf } from "~/domain/billing/snapshot.server"
import { stripe } from "~/platform/stripe.server"

/** Puts products and prices in order. Returns the prices sold from now on; while only checking, those yet to be made are missing. Throws Stripe's errors. */
export async function tidyPrices(run: CatalogueRun): Promise<Stripe.Price[]> {
  const sold: Stripe.Price[] = []
  const seen = await lookAtPrices()
  for (const plan of planIds) {
    const ofPlan = seen.filter(({ wanted }) => wanted.plan === plan)
    const chosen = ofPlan.filter(({ setting }) => setting)
    for (const one of chosen) judgeChosen(run, one)
    const ours = ofPlan.filter(({ setting }) => !setting)
    sold.push(...(await tidyPlan(run, plan, ours)), ...pricesOf(chosen).filter(price => price.active))
  }
  return sold
}

function judgeChosen(run: CatalogueRun, { wanted, setting, price, fault }: SeenPrice): void {
  const object = `price ${price?.id ?? wanted.lookupKey}`
  const words = fault
    ? `the price that ${setting} names ${fault.words}; the plan costs ${wanted.words}. Correct the setting, or empty it.`
    : `${wanted.words}, named by ${setting}`
  run.say({ what: fault ? "problem" : "same", object, words })
}

async function tidyPlan(run: CatalogueRun, plan: PlanId, seen: SeenPrice[]): Promise<Stripe.Price[]> {
  if (seen.length === 0) return []
  const product = await tidyProducts(run, plan, pricesOf(seen))
  const current: Stripe.Price[] = []
  for (const one of seen) {
    const price = await tidyPrice(run, one, product)
    if (price) current.push(price)
  }
  await retireOthers(run, pricesOf(seen), current)
  return current
}

async function tidyPrice(
  run: CatalogueRun,
  { wanted, price, fault }: SeenPrice,
  product: Stripe.Product | undefined,
): Promise<Stripe.Price | undefined> {
  const object = `price ${wanted.lookupKey}`
  const make = { what: "make", object } as const
  if (!price) return run.act({ ...make, words: wanted.words }, () => makePrice(wanted, product?.id))
  if (fault?.kind === "other") {
    return run.act({ ...make, words: `${wanted.words}, because ${price.id} ${fault.words}` }, async () => {
      // Marked first, so that a run that ends here leaves a price the next one knows to deactivate.
      await markPrice(price, wanted)
      return makePrice(wanted, idOf(price.product))
    })
  }
  if (!fault && price.metadata[planMark] === wanted.plan) {
    run.say({ what: "same", object, words: `${wanted.words}, ${price.id}` })
    return price
  }
  const words = fault ? `${price.id} active again` : `${price.id} marked as the plan’s`
  await run.act({ what: "mend", object, words }, () => markPrice(price, wanted))
  return price
}

function makePrice({ lookupKey, cents, interval, plan }: WantedPrice, product: string | undefined) {
  if (!product) throw new Error(`There is no product to put the price ${lookupKey} on.`)
  return stripe().prices.create({
    product,
    currency,
    unit_amount: cents,
    recurring: { interval },
    tax_behavior: "exclusive",
    lookup_key: lookupKey,
    transfer_lookup_key: true,
    metadata: { [planMark]: plan },
  })
}

function markPrice(price: Stripe.Price, { plan }: WantedPrice): Promise<Stripe.Price> {
  return stripe().prices.update(price.id, { active: true, metadata: { [planMark]: plan } })
}

function pricesOf(seen: readonly SeenPrice[]): Stripe.Price[] {
  return seen.flatMap(({ price }) => (price ? [price] : []))
}
