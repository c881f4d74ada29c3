import { z } from "zod"
import { apiScopeList } from "~/domain/organizations/api-scopes"
import type { Someone } from "~/http/api/endpoint.server"
import { Person, personOf } from "~/http/api/tokens.server"

export const Profile = z
  .union([
    z.object({ user: Person }),
    z.object({
      key: z.object({ id: z.string(), name: z.string(), scopes: z.array(z.enum(apiScopeList)) }),
      organization: z.object({ id: z.string(), slug: z.string() }),
    }),
  ])
  .meta({ id: "Profile", description: "The person, or the key and its organisation." })

/** Who calls, as the API tells it. */
export function profileOf({ signedIn, key }: Someone): z.input<typeof Profile> {
  if (signedIn) return { user: personOf(signedIn) }
  const { id, name, scopes, organizationId, slug } = key
  return { key: { id, name, scopes: [...scopes] }, organization: { id: organizationId, slug } }
}
