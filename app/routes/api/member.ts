import { z } from "zod"
import { changeRole } from "~/domain/organizations/change-role.server"
import { readMember } from "~/domain/organizations/member.server"
import { removeMember } from "~/domain/organizations/remove-member.server"
import { RoleChoice } from "~/domain/organizations/schemas"
import type { TouchRefusal } from "~/domain/organizations/touched-member.server"
import { endpoint } from "~/http/api/endpoint.server"
import { MemberAnswer, tellMember } from "~/http/api/members.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { sayTouchRefusal } from "~/http/touch-refusal.server"
import { apiPaths } from "~/lib/api-paths"

const params = z.object({ slug: z.string(), membershipId: z.string() })

const change = endpoint(
  {
    summary: "Give a member another role",
    details:
      "Neither their role nor the new one may be above your own, and an organisation keeps an owner. The person is told by mail.",
    area: "People",
    who: "members.manage",
    scope: "members:write",
    params,
    body: RoleChoice,
    answer: MemberAnswer,
    failures: ["last_owner", "conflict", "too_many_requests"],
  },
  async ({ membership, params: { membershipId }, body: { role }, requester }) => {
    const changed = await changeRole(membership, { membershipId, role }, requester)
    if (!changed.ok) throw refused(changed.error)
    const member = await readMember(membership, membershipId)
    if (!member) throw failureJson("not_found")
    return tellMember(member)
  },
)

const remove = endpoint(
  {
    summary: "Remove a member",
    details:
      "Their next call or page is refused, and the invitations they sent are withdrawn. Nobody removes themselves: `POST …/leave` is for that.",
    area: "People",
    who: "members.manage",
    scope: "members:write",
    params,
    status: 204,
    failures: ["last_owner", "conflict"],
  },
  async ({ membership, params, requester }) => {
    const removed = await removeMember(membership, params.membershipId, requester)
    if (!removed.ok) throw refused(removed.error)
    return undefined
  },
)

function refused(why: TouchRefusal): Response {
  const { code, ...said } = sayTouchRefusal(why)
  return failureJson(code, said)
}

const here = resource(apiPaths.member(":slug", ":membershipId"), { PATCH: change, DELETE: remove })
export const loader = here.loader
export const action = here.action
