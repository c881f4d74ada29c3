import { z } from "zod"
import { listApiKeys } from "~/domain/organizations/api-key-list.server"
import { ApiKeyName, ApiKeyScopes } from "~/domain/organizations/api-key-schemas"
import { type ApiKeyRefusal, apiKeyRefusals, createApiKey } from "~/domain/organizations/api-keys.server"
import { endpoint } from "~/http/api/endpoint.server"
import { ApiKeyAnswer, tellApiKey } from "~/http/api/keys.server"
import { PageQuery, pageAnswer, pageOf, placeIn } from "~/http/api/paging.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const params = z.object({ slug: z.string() })

const read = endpoint(
  {
    summary: "List the API keys of an organisation",
    details: "The newest first, without those that were revoked. No key itself is ever told again.",
    area: "API keys",
    who: "keys.revoke",
    params,
    query: PageQuery,
    answer: pageOf(ApiKeyAnswer),
  },
  async ({ membership, query }) => pageAnswer(await listApiKeys(membership, placeIn(query)), tellApiKey),
)

const create = endpoint(
  {
    summary: "Make an API key",
    details:
      "The answer holds the `key`, this once: told again for an `Idempotency-Key` it leaves the key out. If the first answer was lost, revoke the key and make another. It acts with your role, an admin’s at most, within its scopes, and ends when you leave the organisation.",
    area: "API keys",
    who: "keys.manage",
    freshProof: true,
    params,
    body: z.object({
      name: ApiKeyName,
      scopes: ApiKeyScopes,
      expiresAt: z.iso
        .datetime({ offset: true, error: "Send a time such as 2027-01-31T12:00:00Z." })
        .transform(text => new Date(text))
        .nullable()
        .default(null)
        .meta({ description: "When it ends by itself, within ten years; never, without one." }),
    }),
    creates: { toldOnce: "key" },
    status: 201,
    answer: ApiKeyAnswer.extend({
      key: z.string().optional().meta({
        description:
          "For `Authorization: Bearer`. Keep it where secrets are kept. Absent when the answer is told again.",
      }),
    }).meta({ id: "NewApiKey" }),
    failures: ["limit_reached", "conflict"],
  },
  async ({ membership, body, requester }) => {
    const made = await createApiKey(membership, body, requester)
    if (!made.ok) throw refused(made.error)
    return { ...tellApiKey(made.value.apiKey), key: made.value.key }
  },
)

/** The field that does not fit, where it is one. */
const fieldOf: Partial<Record<ApiKeyRefusal, string>> = {
  no_scope: "scopes",
  scope_not_yours: "scopes",
  past: "expiresAt",
  too_far: "expiresAt",
}

function refused(why: ApiKeyRefusal): Response {
  const field = fieldOf[why]
  const words = apiKeyRefusals[why]
  return field
    ? failureJson("invalid_input", { fields: { [field]: [words] } })
    : failureJson(why === "too_many" ? "limit_reached" : "conflict", { words })
}

const here = resource(apiPaths.apiKeys(":slug"), { GET: read, POST: create })
export const loader = here.loader
export const action = here.action
