import { z } from "zod"
import { leaveOrganization } from "~/domain/organizations/leave.server"
import { touchRefusals } from "~/domain/organizations/touched-member.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Leave an organisation",
    details:
      "Ends your membership at once, also where the organisation is archived. The API keys you made there end with it, and the invitations you sent that are open are withdrawn. The last owner cannot leave. Your session goes on, and a token that speaks of this organisation is none of its members’ any more.",
    area: "People",
    who: "person",
    params: z.object({ slug: z.string() }),
    failures: ["not_found", "sign_in_method", "second_factor", "last_owner"],
  },
  async ({ request, params, requester }) => {
    const everyone = { whileArchived: "everyone" } as const
    const { membership } = await requireMembership(request, params.slug, undefined, everyone)
    const left = await leaveOrganization(membership, requester)
    if (left.ok) return undefined
    if (left.error === "not_found") throw failureJson("not_found")
    throw failureJson("last_owner", { words: touchRefusals.last_owner })
  },
)

const here = resource(apiPaths.leave(":slug"), { POST: create })
export const loader = here.loader
export const action = here.action
