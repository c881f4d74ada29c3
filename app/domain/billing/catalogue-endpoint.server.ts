/**
 * The webhook endpoint of this address [B13]: switched on, with exactly the events that are handled, in the version of the
 * API that the SDK speaks. A version cannot be changed on an endpoint, so another version is another endpoint: the new one
 * is made before the old ones are switched off, and what is sent meanwhile arrives twice at worst, which changes nothing.
 */
import type Stripe from "stripe"
import { endpointFault, isReachableForStripe, lookAtEndpoints } from "~/domain/billing/catalogue-look.server"
import type { CatalogueRun } from "~/domain/billing/catalogue-run"
import { handledTypes } from "~/domain/billing/event-topics"
import { env } from "~/platform/env.server"
import { stripe, stripeApiVersion } from "~/platform/stripe.server"

/** The signing secret of an endpoint that was just made: Stripe's API shows it this once. */
export type NewSecret = { secret: string; replaces: boolean }

/** Makes or mends the endpoint. `tellSecret` hears the secret of a new one before anything else can fail. Throws Stripe's errors. */
export async function tidyEndpoint(
  run: CatalogueRun,
  tellSecret: (secret: NewSecret) => void,
): Promise<void> {
  if (!isReachableForStripe()) {
    const words = `APP_URL is ${env().appUrl}, which Stripe cannot reach. Run this again with the public address.`
    return run.say({ what: "skipped", object: "webhook endpoint", words })
  }
  const { url, current, outdated, spare } = await lookAtEndpoints()
  const secret = current ? undefined : await makeEndpoint(run, url)
  if (secret) tellSecret({ secret, replaces: outdated.length > 0 })
  if (current) await mendEndpoint(run, current)
  for (const old of outdated) {
    const words = `speaks ${old.api_version ?? "the account’s own version of the API"}`
    await run.act({ what: "retire", object: nameOf(old), words }, () =>
      stripe().webhookEndpoints.update(old.id, { disabled: true }),
    )
  }
  for (const other of spare) {
    const words =
      "sends everything a second time. Switch it off in the dashboard, unless its secret is the one in use."
    run.say({ what: "note", object: nameOf(other), words })
  }
}

async function makeEndpoint(run: CatalogueRun, url: string): Promise<string | undefined> {
  const words = `${handledTypes.length} kinds of event, version ${stripeApiVersion}`
  const made = await run.act({ what: "make", object: `webhook endpoint ${url}`, words }, () =>
    stripe().webhookEndpoints.create({
      url,
      api_version: stripeApiVersion,
      enabled_events: [...handledTypes],
      description: `${env().appName}, kept by stripe:sync`,
    }),
  )
  return made?.secret
}

async function mendEndpoint(run: CatalogueRun, endpoint: Stripe.WebhookEndpoint): Promise<void> {
  const object = nameOf(endpoint)
  const fault = endpointFault(endpoint)
  if (fault) {
    await run.act({ what: "mend", object, words: fault }, () =>
      stripe().webhookEndpoints.update(endpoint.id, { disabled: false, enabled_events: [...handledTypes] }),
    )
  } else run.say({ what: "same", object, words: endpoint.url })
  if (env().stripeWebhookSecrets.length > 0) return
  const words = "STRIPE_WEBHOOK_SECRET is empty here. The dashboard shows the secret of this endpoint."
  run.say({ what: "note", object, words })
}

function nameOf({ id }: Stripe.WebhookEndpoint): string {
  return `webhook endpoint ${id}`
}
