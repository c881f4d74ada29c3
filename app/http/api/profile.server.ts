import { z } from "zod"
import { apiScopeList } from "~/domain/organizations/api-scopes"
import { organizationNow } from "~/domain/sign-in/organization-now.server"
import type { Someone } from "~/http/api/endpoint.server"
import { OwnOrganization, ownOrganizationOf, Person, personOf } from "~/http/api/tokens.server"

export const Profile = z
  .union([
    z.object({
      user: Person,
      organization: OwnOrganization.nullable().meta({
        description:
          "The one the token speaks of, at this moment. Null where the person does not belong to it any more, it is archived, or asks for another way of signing in or a second factor. The pages’ session speaks of none.",
      }),
    }),
    z.object({
      key: z.object({ id: z.string(), name: z.string(), scopes: z.array(z.enum(apiScopeList)) }),
      organization: z.object({ id: z.string(), slug: z.string() }),
    }),
  ])
  .meta({ id: "Profile", description: "The person, or the key and its organisation." })

/** Who calls, as the API tells it, and where the token speaks of an organisation, what they are there now. */
export function profileOf({ signedIn, key }: Someone, spokenOf: string | null): z.input<typeof Profile> {
  if (signedIn) {
    const membership = organizationNow(signedIn, spokenOf)
    return { user: personOf(signedIn), organization: membership ? ownOrganizationOf(membership) : null }
  }
  const { id, name, scopes, organizationId, slug } = key
  return { key: { id, name, scopes: [...scopes] }, organization: { id: organizationId, slug } }
}
