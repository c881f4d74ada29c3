import { newId, randomText } from "../ids"
import { API_VERSION, type Ledger } from "../ledger"
import type { WebhookEndpointObject } from "../objects"

/** Adds an endpoint. Its secret is shown in this answer only, as at Stripe. */
export function createEndpoint(
  ledger: Ledger,
  given: {
    url: string
    enabled_events: string[]
    secret?: string | undefined
    description?: string | null | undefined
  },
): WebhookEndpointObject & { secret: string } {
  const id = newId("we")
  const secret = given.secret ?? `whsec_${randomText(32)}`
  const endpoint = ledger.webhookEndpoints.put({
    id,
    object: "webhook_endpoint",
    api_version: API_VERSION,
    application: null,
    created: ledger.clock.now(),
    description: given.description ?? null,
    enabled_events: given.enabled_events,
    livemode: false,
    metadata: {},
    status: "enabled",
    url: given.url,
  })
  ledger.webhookSecrets.put({ id, secrets: [secret] })
  return { ...endpoint, secret }
}
