import { listPendingInvitations } from "~/domain/organizations/waiting-invitations.server"
import { endpoint } from "~/http/api/endpoint.server"
import { OwnInvitation, tellOwnInvitation } from "~/http/api/own-invitations.server"
import { PageQuery, pageAnswer, pageOf, placeIn } from "~/http/api/paging.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const read = endpoint(
  {
    summary: "List what you are invited to",
    details:
      "The latest first, for the address you sign in with: those that can still be accepted, to organisations you do not belong to yet. Nothing is listed for an address that was never proven.",
    area: "Invitations",
    who: "person",
    query: PageQuery,
    answer: pageOf(OwnInvitation),
  },
  async ({ signedIn, query }) =>
    pageAnswer(await listPendingInvitations(signedIn.userId, placeIn(query)), tellOwnInvitation),
)

const here = resource(apiPaths.ownInvitations(), { GET: read })
export const loader = here.loader
export const action = here.action
