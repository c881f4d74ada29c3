import { z } from "zod"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { resendInvitation } from "~/domain/organizations/invite.server"
import { endpoint } from "~/http/api/endpoint.server"
import { InviteOutcome, outcomeRefused, tellOutcome } from "~/http/api/invitations.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const send = endpoint(
  {
    summary: "Send an invitation again",
    details:
      "The same invitation, with a fresh term and link. Within a minute of the last mail none is sent (`just_sent`).",
    area: "Invitations",
    who: "invitations.manage",
    scope: "invitations:write",
    params: z.object({ slug: z.string(), invitationId: z.string() }),
    status: 202,
    answer: InviteOutcome,
    failures: ["no_seat", "already_member", "conflict", "too_many_requests"],
  },
  async ({ membership, params, requester }) => {
    const seats = await seatLimitOf(membership.organizationId)
    const sent = await resendInvitation(membership, params.invitationId, { seats, requester })
    if (!sent.ok) throw failureJson("not_found")
    const refused = outcomeRefused(sent.value.outcome)
    if (refused) throw refused
    return tellOutcome(sent.value)
  },
)

const here = resource(apiPaths.resendInvitation(":slug", ":invitationId"), { POST: send })
export const loader = here.loader
export const action = here.action
