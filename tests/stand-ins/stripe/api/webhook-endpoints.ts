import { z } from "zod"
import { createEndpoint } from "../delivery/endpoints"
import { refused } from "../errors"
import { API_VERSION } from "../ledger"
import { page } from "../listing"
import { mergeMetadata } from "../metadata"
import { accepts, acceptsPage, bool, clearable, metadata, text, url } from "../params"
import { route } from "../router"

const fields = { description: clearable(text).optional(), metadata: metadata.optional() }

// Stripe refuses names it does not know; those it does are written so.
const enabledEvents = z
  .array(text.regex(/^(\*|[a-z_0-9]+(\.[a-z_0-9]+)+)$/, { error: "there is no such event" }))
  .min(1)

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
      enabled_events: enabledEvents,
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
      enabled_events: enabledEvents.optional(),
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
