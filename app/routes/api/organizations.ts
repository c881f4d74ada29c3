import { foundOrganization } from "~/domain/onboarding/found-organization.server"
import {
  findMembership,
  findProgramMembership,
  type Membership,
} from "~/domain/organizations/memberships.server"
import { listOwnOrganizations } from "~/domain/organizations/own-organizations.server"
import { NameOrganization } from "~/domain/organizations/schemas"
import { endpoint } from "~/http/api/endpoint.server"
import {
  ListedOrganization,
  Organization,
  tellListed,
  tellOrganization,
} from "~/http/api/organizations.server"
import { PageQuery, pageAnswer, pageOf, placeIn } from "~/http/api/paging.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const read = endpoint(
  {
    summary: "List your organisations",
    details: "The one you joined first comes first. An API key gets the one it was made for.",
    area: "Organisations",
    who: "someone",
    query: PageQuery,
    answer: pageOf(ListedOrganization),
  },
  async ({ signedIn, key, query }) => {
    if (signedIn) return pageAnswer(await listOwnOrganizations(signedIn.userId, placeIn(query)), tellListed)
    const own = await findProgramMembership(key.userId, key.slug)
    return { data: own && !query.cursor ? [tellListed(own)] : [], next: null }
  },
)

const create = endpoint(
  {
    summary: "Found an organisation",
    details: "You become its owner. Its slug is made from the name.",
    area: "Organisations",
    who: "person",
    body: NameOrganization,
    creates: true,
    status: 201,
    answer: Organization,
    failures: ["too_many_requests"],
  },
  async ({ signedIn, body, requester }) => {
    const founded = await foundOrganization({ ...body, ownerId: signedIn.userId, requester })
    if (founded.ok) return tellOrganization(await ownOf(signedIn.userId, founded.value.slug))
    const words = "That is enough new organisations for one day."
    throw failureJson("too_many_requests", { ...founded.error, words })
  },
)

async function ownOf(userId: string, slug: string): Promise<Membership> {
  const membership = await findMembership(userId, slug)
  if (!membership) throw failureJson("not_found")
  return membership
}

const here = resource(apiPaths.organizations(), { GET: read, POST: create })
export const loader = here.loader
export const action = here.action
