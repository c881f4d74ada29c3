import { seatLimitOf } from "~/domain/billing/seats.server"
import { acceptSignedIn } from "~/domain/onboarding/accept-invitation.server"
import { findMembership } from "~/domain/organizations/memberships.server"
import { InvitationAct } from "~/domain/organizations/schemas"
import { endpoint } from "~/http/api/endpoint.server"
import { acceptFailures, acceptRefused } from "~/http/api/own-invitations.server"
import { resource } from "~/http/api/resource.server"
import { OwnOrganization, ownOrganizationOf } from "~/http/api/tokens.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Accept an invitation",
    details:
      "You become a member at once. The token you have goes on speaking of the organisation it spoke of: `POST /api/auth/switch-org` changes that. Where no seat is left, the answer is 409, its owners are told, and the invitation stays open.",
    area: "Invitations",
    who: "person",
    params: InvitationAct,
    answer: OwnOrganization,
    failures: acceptFailures,
  },
  async ({ signedIn: { userId }, params: { invitationId }, requester }) => {
    const accepted = await acceptSignedIn({ invitationId, userId, requester, seatsOf: seatLimitOf })
    if (!accepted.ok) throw acceptRefused(accepted.error)
    const membership = await findMembership(userId, accepted.value.slug)
    if (!membership) throw failureJson("not_found")
    return ownOrganizationOf(membership)
  },
)

const here = resource(apiPaths.acceptInvitation(":invitationId"), { POST: create })
export const loader = here.loader
export const action = here.action
