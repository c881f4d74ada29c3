import Stripe from "stripe"
import { env } from "~/platform/env.server"

/** The API version the SDK speaks; webhook endpoints are pinned to it too. */
export const stripeApiVersion = Stripe.API_VERSION

/**
 * For calls someone is waiting for: two tries of 4.5 s and the pause between them end within 11 s, so that a page can say
 * "try again" before anyone gives up. Background work uses the client's own, longer patience.
 */
export const whileSomeoneWaits: Stripe.RequestOptions = { timeout: 4_500, maxNetworkRetries: 1 }

/** For one question among several that somebody waits for: three seconds, and no second try. */
export const glance: Stripe.RequestOptions = { timeout: 3_000, maxNetworkRetries: 0 }

let current: { secretKey: string; apiUrl: string | undefined; client: Stripe } | undefined

/** Whether this installation can sell anything. */
export function isStripeSetUp(): boolean {
  return env().stripe !== undefined
}

/** The Stripe client for the configured key. Throws when billing is not set up: ask `isStripeSetUp` first. */
export function stripe(): Stripe {
  const settings = env().stripe
  if (!settings) throw new Error("Stripe is not set up: STRIPE_SECRET_KEY is empty.")
  const { secretKey, apiUrl } = settings
  if (current?.secretKey !== secretKey || current.apiUrl !== apiUrl) {
    current = { secretKey, apiUrl, client: connect(secretKey, apiUrl) }
  }
  return current.client
}

function connect(secretKey: string, apiUrl: string | undefined): Stripe {
  return new Stripe(secretKey, {
    apiVersion: stripeApiVersion,
    timeout: 10_000,
    maxNetworkRetries: 2,
    telemetry: false,
    ...(apiUrl && standIn(new URL(apiUrl))),
  })
}

function standIn(url: URL) {
  const protocol = url.protocol === "https:" ? "https" : "http"
  return { host: url.hostname, port: url.port || (protocol === "https" ? 443 : 80), protocol } as const
}

/** Whether Stripe says that what was asked for is not there, or not any more. Source: https://docs.stripe.com/error-codes#resource-missing */
export function isMissingAtStripe(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing"
}

export type StripeTrouble = {
  /** `unreachable`: no answer, so nobody knows what happened; `busy`: refused before anything happened (429); `failed`: Stripe broke (5xx); `refused`: the request itself is wrong (4xx). */
  kind: "unreachable" | "busy" | "failed" | "refused"
  /** For the log: Stripe's code and message. They name ids, never keys or cards. */
  words: string
  /** Of the answer, if there was one: 401 is a key that is not accepted, 403 one that may not. */
  status?: number
}

/** What went wrong at Stripe's end; undefined for errors that are not Stripe's. Source: https://docs.stripe.com/error-low-level */
export function stripeTrouble(error: unknown): StripeTrouble | undefined {
  if (!(error instanceof Stripe.errors.StripeError)) return undefined
  const words = [error.code, error.message].filter(Boolean).join(": ")
  if (error instanceof Stripe.errors.StripeConnectionError) return { kind: "unreachable", words }
  if (error instanceof Stripe.errors.StripeRateLimitError || error.statusCode === 429)
    return { kind: "busy", words }
  const status = error.statusCode
  if (status === undefined) return { kind: "unreachable", words }
  return { kind: status >= 500 ? "failed" : "refused", words, status }
}
