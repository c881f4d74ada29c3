import { z } from "zod"
import { seatLimitOf } from "~/domain/billing/seats.server"
import { listInvitations } from "~/domain/organizations/invitations.server"
import { type InviteRefusal, invite, inviteRefusals } from "~/domain/organizations/invite.server"
import { InviteByList } from "~/domain/organizations/schemas"
import { endpoint } from "~/http/api/endpoint.server"
import {
  InvitationAnswer,
  InviteOutcome,
  outcomeRefused,
  tellInvitation,
  tellOutcome,
} from "~/http/api/invitations.server"
import { tellOnlyOne } from "~/http/api/only-one.server"
import { PageQuery, pageAnswer, pageOf, placeIn } from "~/http/api/paging.server"
import { resource } from "~/http/api/resource.server"
import { type FailureCode, failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const params = z.object({ slug: z.string() })

const read = endpoint(
  {
    summary: "List the invitations that wait for an answer",
    details: "The latest first, expired ones among them.",
    area: "Invitations",
    who: "invitations.view",
    scope: "invitations:read",
    params,
    query: PageQuery,
    answer: pageOf(InvitationAnswer),
  },
  async ({ membership, query }) =>
    pageAnswer(await listInvitations(membership, placeIn(query)), tellInvitation),
)

const InviteOutcomes = z.object({ data: z.array(InviteOutcome) }).meta({ id: "InviteOutcomes" })

/** What makes an invitation, or sends one: without any of these nothing came of the call. */
const mailed: readonly string[] = ["invited", "sent_again", "role_changed"]

const create = endpoint(
  {
    summary: "Invite people",
    details:
      "Each gets a mail with a link of their own, and each is settled by itself: see the outcome of each address. Inviting an address once more sends its invitation anew. When the limit of an hour holds all of them back, the answer is 429; when no mail is on its way for another reason, it is 200. The link is in the mail only; where mail is not set up, the page of the invitation shows one.",
    area: "Invitations",
    who: "invitations.manage",
    scope: "invitations:write",
    params,
    body: InviteByList.meta(tellOnlyOne(["email", "emails"], { email: "dana@example.com", role: "member" })),
    creates: true,
    status: 201,
    answer: InviteOutcomes,
    also: { status: 200, answer: InviteOutcomes },
    failures: ["conflict", "too_many_requests"],
  },
  async ({ membership, body: { email, emails = [], role }, requester }) => {
    const seats = await seatLimitOf(membership.organizationId)
    const addresses = email === undefined ? emails : [email]
    const invited = await invite(membership, { addresses, role }, { seats, requester })
    if (!invited.ok) throw failureJson(codes[invited.error], { words: inviteRefusals[invited.error] })
    for (const outcome of ["stopped", "too_many"] as const)
      if (invited.value.every(line => line.outcome === outcome)) throw outcomeRefused(outcome)
    const answer = { data: invited.value.map(tellOutcome) }
    return invited.value.some(({ outcome }) => mailed.includes(outcome)) ? answer : Response.json(answer)
  },
)

const codes: Record<InviteRefusal, FailureCode> = {
  role_not_yours: "forbidden",
  archived: "archived",
  changed: "conflict",
  too_long: "invalid_input",
}

const here = resource(apiPaths.invitations(":slug"), { GET: read, POST: create })
export const loader = here.loader
export const action = here.action
