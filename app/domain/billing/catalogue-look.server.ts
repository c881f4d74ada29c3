/**
 * What stands in the Stripe account of what the catalogue wants [B13]: the price of each plan and interval, and the webhook
 * endpoints of this address. Reads only; the start-up check and `npm run stripe:sync` judge by the same eyes.
 */
import type Stripe from "stripe"
import { otherThan, priceSetting, type WantedPrice, wantedPrices } from "~/domain/billing/catalogue"
import { handledTypes } from "~/domain/billing/event-topics"
import { apiPaths } from "~/lib/api-paths"
import { env } from "~/platform/env.server"
import { isLoopbackUrl } from "~/platform/setting-problems.server"
import { isMissingAtStripe, stripe, stripeApiVersion } from "~/platform/stripe.server"

export type SeenPrice = {
  wanted: WantedPrice
  /** The setting that names this price; without one it is found by lookup key, and ours to mend. */
  setting?: string
  /** Undefined when the account has none. */
  price?: Stripe.Price
  fault?: PriceFault
}

/** Why a price cannot be sold as the catalogue says; the words follow its name. */
export type PriceFault = { kind: "missing" | "inactive" | "other"; words: string }

/** The price of every plan and interval, as the account has it. Throws Stripe's errors. */
export async function lookAtPrices(): Promise<SeenPrice[]> {
  const lookup_keys = wantedPrices.map(wanted => wanted.lookupKey)
  const held = await stripe().prices.list({ lookup_keys, limit: 100 })
  return Promise.all(
    wantedPrices.map(async wanted => {
      const chosen = env().stripe?.prices[wanted.interval][wanted.plan]
      if (!chosen)
        return judge(
          wanted,
          held.data.find(price => price.lookup_key === wanted.lookupKey),
        )
      return { ...judge(wanted, await priceById(chosen)), setting: priceSetting(wanted) }
    }),
  )
}

function judge(wanted: WantedPrice, price: Stripe.Price | undefined): SeenPrice {
  if (!price) return { wanted, fault: { kind: "missing", words: "is not in the account" } }
  const other = otherThan(wanted, price)
  if (other) return { wanted, price, fault: { kind: "other", words: other } }
  return price.active
    ? { wanted, price }
    : { wanted, price, fault: { kind: "inactive", words: "is deactivated" } }
}

async function priceById(id: string): Promise<Stripe.Price | undefined> {
  try {
    return await stripe().prices.retrieve(id)
  } catch (error) {
    if (isMissingAtStripe(error)) return undefined
    throw error
  }
}

export type SeenEndpoints = {
  url: string
  /** The one that speaks our version of the API, switched on or not. */
  current?: Stripe.WebhookEndpoint
  /** Others at the same address that are switched on and speak another version. */
  outdated: Stripe.WebhookEndpoint[]
  /** Further ones that are switched on and speak our version: each event comes twice, once with another secret. */
  spare: Stripe.WebhookEndpoint[]
}

/** Where Stripe is to send its events. */
export function webhookUrl(): string {
  return `${env().appUrl}${apiPaths.stripeWebhook()}`
}

/** Whether Stripe can reach this address at all. */
export function isReachableForStripe(): boolean {
  return !isLoopbackUrl(env().appUrl)
}

/** The webhook endpoints of this address. Throws Stripe's errors. */
export async function lookAtEndpoints(): Promise<SeenEndpoints> {
  const url = webhookUrl()
  const here: Stripe.WebhookEndpoint[] = []
  for await (const endpoint of stripe().webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.url === url) here.push(endpoint)
  }
  const isOn = (endpoint: Stripe.WebhookEndpoint) => endpoint.status === "enabled"
  const [current, ...further] = here
    .filter(endpoint => endpoint.api_version === stripeApiVersion)
    .sort((a, b) => Number(isOn(b)) - Number(isOn(a)) || a.created - b.created || a.id.localeCompare(b.id))
  return {
    url,
    ...(current && { current }),
    outdated: here.filter(endpoint => endpoint.api_version !== stripeApiVersion && isOn(endpoint)),
    spare: further.filter(isOn),
  }
}

/** What is wrong with an endpoint of ours, in words that follow its name; undefined when nothing is. */
export function endpointFault({ status, enabled_events }: Stripe.WebhookEndpoint): string | undefined {
  if (status !== "enabled") return "is switched off"
  const heard = new Set(enabled_events)
  const missing = handledTypes.filter(type => !heard.has(type) && !heard.has("*"))
  if (missing.length > 0) return `does not send ${missing.join(", ")}`
  const needless = enabled_events.filter(type => !handledTypes.some(handled => handled === type))
  return needless.length > 0 ? `sends what is not needed: ${needless.join(", ")}` : undefined
}
