import { z } from "zod"
import { listMembers } from "~/domain/organizations/members.server"
import { roles } from "~/domain/organizations/roles"
import { endpoint } from "~/http/api/endpoint.server"
import { MemberAnswer, tellMember } from "~/http/api/members.server"
import { PageQuery, pageAnswer, pageOf, placeIn } from "~/http/api/paging.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const read = endpoint(
  {
    summary: "List the people of an organisation",
    details: "The longest there first.",
    area: "People",
    who: "organization.view",
    scope: "members:read",
    params: z.object({ slug: z.string() }),
    query: PageQuery.extend({
      q: z.string().max(100).default("").meta({ description: "Part of a name or an address." }),
      role: z.enum(roles).optional(),
    }),
    answer: pageOf(MemberAnswer),
  },
  async ({ membership, query }) => {
    const { q: search, role } = query
    return pageAnswer(await listMembers(membership, { search, role }, placeIn(query)), tellMember)
  },
)

const here = resource(apiPaths.members(":slug"), { GET: read })
export const loader = here.loader
export const action = here.action
