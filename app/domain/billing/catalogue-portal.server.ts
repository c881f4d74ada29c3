/**
 * The customer portal, as the catalogue wants it [B13]: cards, invoices, billing address and VAT number, switching between
 * the plans, ending at the end of the period. It is a configuration of our own, known by its mark, so that what is set up for
 * others in the same account stays.
 */
import type Stripe from "stripe"
import type { CatalogueRun } from "~/domain/billing/catalogue-run"
import { portalMark, portalMarkValue } from "~/domain/billing/portal-configuration.server"
import { idOf } from "~/domain/billing/snapshot.server"
import { env } from "~/platform/env.server"
import { stripe } from "~/platform/stripe.server"

type Product = { product: string; prices: string[] }

/** Makes or mends the configuration. Throws Stripe's errors. */
export async function tidyPortal(run: CatalogueRun, sold: readonly Stripe.Price[]): Promise<void> {
  const products = productsOf(sold)
  const configuration = await ours()
  const name = `${env().appName} billing`
  const object = `portal configuration ${configuration?.id ?? name}`
  const wanted = { name, features: wantedFeatures(products) }
  if (!configuration) {
    const metadata = { [portalMark]: portalMarkValue }
    const words = "cards, invoices, plans, ending at the end of the period"
    await run.act({ what: "make", object, words }, () =>
      stripe().billingPortal.configurations.create({ ...wanted, metadata }),
    )
    return
  }
  const differences = differencesOf(configuration, wanted.features, products)
  if (differences.length === 0) return run.say({ what: "same", object, words: name })
  await run.act({ what: "mend", object, words: differences.join(", ") }, () =>
    stripe().billingPortal.configurations.update(configuration.id, { ...wanted, active: true }),
  )
}

function wantedFeatures(products: Product[]) {
  return {
    // The billing address of mails is set on our own pages, so that the two cannot differ.
    customer_update: { enabled: true, allowed_updates: ["address", "name", "tax_id"] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: "at_period_end", proration_behavior: "none" },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price"],
      proration_behavior: "always_invoice",
      trial_update_behavior: "continue_trial",
      products,
    },
  } satisfies Stripe.BillingPortal.ConfigurationCreateParams.Features
}

/** The active one, else one that somebody switched off. Products come only when asked for. */
async function ours(): Promise<Stripe.BillingPortal.Configuration | undefined> {
  const found: Stripe.BillingPortal.Configuration[] = []
  const expand = ["data.features.subscription_update.products"]
  for await (const one of stripe().billingPortal.configurations.list({ limit: 100, expand })) {
    if (one.metadata?.[portalMark] === portalMarkValue) found.push(one)
  }
  return found.sort((a, b) => Number(b.active) - Number(a.active) || a.created - b.created)[0]
}

function differencesOf(
  { active, features }: Stripe.BillingPortal.Configuration,
  { subscription_update, ...others }: ReturnType<typeof wantedFeatures>,
  products: Product[],
): string[] {
  const { products: _, ...update } = subscription_update
  const wanted: [string, Record<string, unknown>, object][] = [
    ["billing address and VAT number", others.customer_update, features.customer_update],
    ["invoices", others.invoice_history, features.invoice_history],
    ["cards", others.payment_method_update, features.payment_method_update],
    ["ending", others.subscription_cancel, features.subscription_cancel],
    ["changing the plan", update, features.subscription_update],
  ]
  const shown = features.subscription_update.products ?? []
  return [
    ...(active ? [] : ["active again"]),
    ...wanted.filter(([, want, have]) => !covers(have, want)).map(([words]) => words),
    ...(listed(shown) === listed(products) ? [] : ["the plans to choose from"]),
  ]
}

/** Whether an object has every value that is wanted of it, whatever the order of lists. */
function covers(have: object, want: Record<string, unknown>): boolean {
  const values = new Map<string, unknown>(Object.entries(have))
  return Object.entries(want).every(([key, value]) => plain(values.get(key)) === plain(value))
}

function plain(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.map(String).sort() : (value ?? null))
}

function productsOf(sold: readonly Stripe.Price[]): Product[] {
  const ids = [...new Set(sold.map(price => idOf(price.product)))]
  return ids.map(product => ({
    product,
    prices: sold.filter(price => idOf(price.product) === product).map(price => price.id),
  }))
}

function listed(products: readonly Product[]): string {
  return JSON.stringify(products.map(({ product, prices }) => [product, [...prices].sort()]).sort())
}
