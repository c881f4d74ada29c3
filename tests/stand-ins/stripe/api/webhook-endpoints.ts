import { z } from "zod"
import { refused } from "../errors"
import { newId, randomText } from "../ids"
import { API_VERSION, type Ledger } from "../ledger"
import { page } from "../listing"
import type { WebhookEndpointObject } from "../objects"
import { accepts, acceptsPage, bool, clearable, metadata, text, url } from "../params"
import { route } from "../router"
import { mergeMetadata } from "./customers"

const fields = { description: clearable(text).optional(), metadata: metadata.optional() }

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

export const webhookEndpointRoutes = [
  route("GET", "/v1/webhook_endpoints", acceptsPage({}), ({ ledger, params }) =>
    page(ledger.webhookEndpoints.all(), params, "/v1/webhook_endpoints"),
  ),
  route(
    "POST",
    "/v1/webhook_endpoints",
    accepts({
      ...fields,
      api_version: text.optional(),
      connect: bool.optional(),
      enabled_events: z.array(text).min(1),
      url,
    }),
    ({ ledger, params }) => {
      if (params.api_version !== undefined && params.api_version !== API_VERSION) {
        throw refused(
          `Invalid API version: ${params.api_version}. The local Stripe speaks ${API_VERSION} only.`,
          "api_version",
        )
      }
      return createEndpoint(ledger, params)
    },
  ),
  route("GET", "/v1/webhook_endpoints/:id", accepts({}), ({ ledger, id }) =>
    ledger.webhookEndpoints.require(id),
  ),
  route(
    "POST",
    "/v1/webhook_endpoints/:id",
    accepts({
      ...fields,
      disabled: bool.optional(),
      enabled_events: z.array(text).min(1).optional(),
      url: url.optional(),
    }),
    ({ ledger, params, id }) => {
      const endpoint = ledger.webhookEndpoints.require(id)
      if (params.url !== undefined) endpoint.url = params.url
      if (params.enabled_events !== undefined) endpoint.enabled_events = params.enabled_events
      if (params.description !== undefined) endpoint.description = params.description
      if (params.disabled !== undefined) endpoint.status = params.disabled ? "disabled" : "enabled"
      if (params.metadata !== undefined) endpoint.metadata = mergeMetadata(endpoint.metadata, params.metadata)
      return endpoint
    },
  ),
  route("DELETE", "/v1/webhook_endpoints/:id", accepts({}), ({ ledger, id }) => {
    ledger.webhookEndpoints.require(id)
    ledger.webhookEndpoints.delete(id)
    ledger.webhookSecrets.delete(id)
    return { id, object: "webhook_endpoint", deleted: true }
  }),
]
