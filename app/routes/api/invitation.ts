import { z } from "zod"
import { revokeInvitation } from "~/domain/organizations/invitations.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const withdraw = endpoint(
  {
    summary: "Withdraw an invitation",
    details: "Its links stop working. One that is accepted or withdrawn already is not found.",
    area: "Invitations",
    who: "invitations.manage",
    scope: "invitations:write",
    params: z.object({ slug: z.string(), invitationId: z.string() }),
    status: 204,
    failures: ["conflict"],
  },
  async ({ membership, params, requester }) => {
    const revoked = await revokeInvitation(membership, params.invitationId, requester)
    if (!revoked.ok) throw failureJson(revoked.error === "changed" ? "conflict" : "not_found")
    return undefined
  },
)

const here = resource(apiPaths.invitation(":slug", ":invitationId"), { DELETE: withdraw })
export const loader = here.loader
export const action = here.action
