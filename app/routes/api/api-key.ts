import { z } from "zod"
import { revokeApiKey } from "~/domain/organizations/api-keys.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const revoke = endpoint(
  {
    summary: "Revoke an API key",
    details: "Its next call is refused. Revoking it once more changes nothing.",
    area: "API keys",
    who: "keys.revoke",
    params: z.object({ slug: z.string(), keyId: z.string() }),
    status: 204,
    failures: ["conflict"],
  },
  async ({ membership, params, requester }) => {
    const revoked = await revokeApiKey(membership, params.keyId, requester)
    if (!revoked.ok) throw failureJson(revoked.error === "changed" ? "conflict" : "not_found")
    return undefined
  },
)

const here = resource(apiPaths.apiKey(":slug", ":keyId"), { DELETE: revoke })
export const loader = here.loader
export const action = here.action
