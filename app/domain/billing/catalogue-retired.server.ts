import type Stripe from "stripe"
import type { CatalogueRun } from "~/domain/billing/catalogue-run"
import { planMark } from "~/domain/billing/plans"
import { idOf } from "~/domain/billing/snapshot.server"
import { stripe } from "~/platform/stripe.server"

/**
 * Deactivates what the current prices replaced: prices of ours, known by their mark, that are sold no more. `before` is what
 * held the lookup keys when the run began. Throws Stripe's errors.
 */
export async function retireOthers(
  run: CatalogueRun,
  before: readonly Stripe.Price[],
  current: readonly Stripe.Price[],
): Promise<void> {
  const kept = new Set(current.map(price => price.id))
  for (const product of new Set([...before, ...current].map(price => idOf(price.product)))) {
    const successor = current.find(price => idOf(price.product) === product)
    for await (const price of stripe().prices.list({ product, active: true, limit: 100 })) {
      // What holds a lookup key is in use, or replaced by a setting for now, or, while only checking, told of already.
      if (kept.has(price.id) || !price.metadata[planMark] || price.lookup_key) continue
      const words = "sold no more; subscriptions on it go on"
      await run.act({ what: "retire", object: `price ${price.id}`, words }, () => retire(price, successor))
    }
  }
}

/** Stripe lets no price be deactivated that its product is shown with: the successor takes that place first. */
async function retire(price: Stripe.Price, successor: Stripe.Price | undefined): Promise<void> {
  const product = await stripe().products.retrieve(idOf(price.product))
  const isShown = product.default_price && idOf(product.default_price) === price.id
  if (isShown) await stripe().products.update(product.id, { default_price: successor?.id ?? "" })
  await stripe().prices.update(price.id, { active: false })
}
