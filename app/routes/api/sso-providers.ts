import { z } from "zod"
import { listIdentities } from "~/domain/accounts/identities.server"
import { offeredProviders, opensHere, providers } from "~/domain/accounts/providers.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

const Offered = z
  .object({
    providers: z.array(
      z.object({
        id: z.enum(providers),
        name: z.string(),
        url: z.url().meta({ description: "Where a browser begins. It ends signed in to the pages." }),
      }),
    ),
    connections: z
      .array(
        z.object({
          provider: z.string(),
          label: z.string().meta({ description: "What the provider calls the account." }),
          opens: z.boolean().meta({ description: "Whether one can still come in by it here." }),
          connectedAt: z.iso.datetime(),
          lastUsedAt: z.iso.datetime().nullable(),
        }),
      )
      .optional()
      .meta({ description: "One’s own, for whoever is signed in." }),
  })
  .meta({ id: "Providers" })

const read = endpoint(
  {
    summary: "Accounts elsewhere that sign people in here",
    area: "Providers",
    who: "anyone",
    answer: Offered,
  },
  async ({ signedIn }) => ({
    providers: offeredProviders().map(({ provider: id, name }) => ({
      ...{ id, name },
      url: env().appUrl + paths.signIn.provider(id),
    })),
    ...(signedIn && { connections: (await listIdentities(signedIn.userId)).map(told) }),
  }),
)

type Connection = Awaited<ReturnType<typeof listIdentities>>[number]

function told({ provider, issuer, label, connectedAt, lastUsedAt }: Connection) {
  return {
    provider,
    label,
    opens: opensHere({ provider, issuer }),
    connectedAt: connectedAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }
}

const here = resource(apiPaths.providers(), { GET: read })
export const loader = here.loader
export const action = here.action
