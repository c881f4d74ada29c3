import { z } from "zod"
import { findMembership } from "~/domain/organizations/memberships.server"
import { renameOrganization } from "~/domain/organizations/organizations.server"
import { NameOrganization } from "~/domain/organizations/schemas"
import { endpoint } from "~/http/api/endpoint.server"
import { Organization, tellOrganization } from "~/http/api/organizations.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const params = z.object({ slug: z.string() })

const read = endpoint(
  {
    summary: "Read an organisation",
    details:
      "An address it had before leads its members to the one it has now, here and in all that lies below: with 302, or 307 where something is sent.",
    area: "Organisations",
    who: "organization.view",
    scope: "organization:read",
    params,
    answer: Organization,
  },
  async ({ membership }) => tellOrganization(membership),
)

const change = endpoint(
  {
    summary: "Change the name of an organisation",
    details: "Its slug stays.",
    area: "Organisations",
    who: "organization.set_up",
    scope: "organization:write",
    params,
    body: NameOrganization,
    answer: Organization,
    failures: ["conflict"],
  },
  async ({ membership, body, requester }) => {
    const renamed = await renameOrganization(membership, body.name, requester)
    if (!renamed.ok) throw failureJson("conflict")
    const { userId, organization } = membership
    return tellOrganization((await findMembership(userId, organization.slug)) ?? membership)
  },
)

const here = resource(apiPaths.organization(":slug"), { GET: read, PATCH: change })
export const loader = here.loader
export const action = here.action
