import { createPrice } from "./billing/prices"
import { createProduct } from "./billing/products"
import type { Ledger } from "./ledger"

const PLANS = [
  { plan: "starter", name: "Starter", monthly: 2900, description: "For small teams. Up to 50 members." },
  {
    plan: "professional",
    name: "Professional",
    monthly: 7900,
    description: "For growing teams. Up to 200 members.",
  },
  { plan: "enterprise", name: "Enterprise", monthly: 19900, description: "No limit on members." },
]

/** The price ids by lookup key, of Gatehouse's plans. A year costs ten months. Creates what is missing. */
export function seedCatalogue(ledger: Ledger): Record<string, string> {
  const ids: Record<string, string> = {}
  for (const { plan, name, monthly, description } of PLANS) {
    const rhythms = [
      { key: `gatehouse_${plan}_monthly`, interval: "month", amount: monthly },
      { key: `gatehouse_${plan}_yearly`, interval: "year", amount: monthly * 10 },
    ]
    for (const { key, interval, amount } of rhythms) {
      const found = ledger.prices.find(price => price.lookup_key === key)
      if (found) {
        ids[key] = found.id
        continue
      }
      const product =
        ledger.products.find(row => row.metadata.plan === plan) ??
        createProduct(ledger, { name: `${ledger.settings.appName} ${name}`, description, metadata: { plan } })
      const price = createPrice(ledger, {
        product: product.id,
        currency: "usd",
        unit_amount: amount,
        recurring: { interval },
        lookup_key: key,
        metadata: { plan },
      })
      product.default_price ??= price.id
      ids[key] = price.id
    }
  }
  return ids
}
