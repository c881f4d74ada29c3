import type Stripe from "stripe"
import type { CatalogueRun } from "~/domain/billing/catalogue-run"
import { strangersOn } from "~/domain/billing/catalogue-strangers.server"
import { type PlanId, planMark, plans } from "~/domain/billing/plans"
import { idOf } from "~/domain/billing/snapshot.server"
import { env } from "~/platform/env.server"
import { stripe } from "~/platform/stripe.server"

/**
 * Puts the products of a plan in order: those its prices stand on, and one to put new prices on. What the prices stand on is
 * taken over, so that an account made by hand keeps its ids; else ours has an id of its own, so that two runs at once make
 * one. One that other things are sold on, too, is a person's to put in order. Returns the product for new prices, undefined while only checking and there is none. Throws Stripe's errors.
 */
export async function tidyProducts(
  run: CatalogueRun,
  plan: PlanId,
  prices: readonly Stripe.Price[],
): Promise<Stripe.Product | undefined> {
  const ids = new Set(prices.map(price => idOf(price.product)))
  if (ids.size === 0) ids.add(ownId(plan))
  const { data: found } = await stripe().products.list({ ids: [...ids], limit: 100 })
  // In the order of the prices: the monthly one's product comes first.
  const products = [...ids].flatMap(id => found.filter(product => product.id === id))
  const [first] = products
  if (!first) return makeProduct(run, plan)
  for (const product of products) await mendProduct(run, plan, product)
  return first
}

function ownId(plan: PlanId): string {
  return `gatehouse_${plan}`
}

function wantedProduct(plan: PlanId) {
  const { name, tagline } = plans[plan]
  return { name: `${env().appName} ${name}`, description: tagline, active: true }
}

function makeProduct(run: CatalogueRun, plan: PlanId): Promise<Stripe.Product | undefined> {
  const wanted = wantedProduct(plan)
  return run.act({ what: "make", object: `product ${ownId(plan)}`, words: wanted.name }, () =>
    stripe().products.create({ ...wanted, id: ownId(plan), metadata: { [planMark]: plan } }),
  )
}

async function mendProduct(run: CatalogueRun, plan: PlanId, product: Stripe.Product): Promise<void> {
  const wanted = wantedProduct(plan)
  const object = `product ${product.id}`
  const differences = [
    ...(product.name === wanted.name ? [] : ["name"]),
    ...(product.description === wanted.description ? [] : ["description"]),
    ...(product.active ? [] : ["active again"]),
    ...(product.metadata[planMark] === plan ? [] : ["marked as the plan’s"]),
  ]
  if (differences.length === 0) return run.say({ what: "same", object, words: wanted.name })
  const strangers = await strangersOn(product.id)
  if (strangers.length > 0) {
    const ids = strangers.map(({ id }) => id).join(", ")
    const words = `is left as it is (${differences.join(", ")}), because ${ids} on it belongs to no plan. Give the plan a product of its own, or mark those prices with the metadata ${planMark}: ${plan}.`
    return run.say({ what: "problem", object, words })
  }
  await run.act({ what: "mend", object, words: differences.join(", ") }, () =>
    stripe().products.update(product.id, { ...wanted, metadata: { [planMark]: plan } }),
  )
}
