import { z } from "zod"
import { chooseOrganization } from "~/domain/accounts/sessions.server"
import { switchOrganization } from "~/domain/organizations/organizations.server"
import { shownUntil } from "~/http/api/bearer.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { Tokens, tokensOf } from "~/http/api/tokens.server"
import { requireMembership } from "~/http/guards.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Choose the organisation that tokens speak of",
    details:
      "The new access token names it as `org`, and so do those that follow in this session. Tokens made before stay as they are. Got by showing a token, it ends when that one does; only a refresh gives a full hour again.",
    area: "Session",
    who: "person",
    body: z.object({ organization: z.string().max(80).meta({ description: "The organisation’s slug." }) }),
    answer: Tokens,
    failures: ["not_found", "archived", "sign_in_method", "second_factor"],
  },
  async ({ request, body, signedIn }) => {
    const { membership } = await requireMembership(request, body.organization, "organization.view")
    await chooseOrganization(signedIn.sessionId, membership.organizationId)
    await switchOrganization(membership)
    return tokensOf(signedIn, membership, shownUntil())
  },
)

const here = resource(apiPaths.switchOrganization(), { POST: create })
export const loader = here.loader
export const action = here.action
