/** API keys as programs see them. */
import { z } from "zod"
import type { ApiKeyView } from "~/domain/organizations/api-key-list.server"
import { apiScopeList } from "~/domain/organizations/api-scopes"

export const ApiKeyAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().meta({ description: "The first characters of the key, to know it by." }),
    scopes: z.array(z.enum(apiScopeList)),
    state: z.enum(["live", "expired", "stopped"]).meta({
      description: "`stopped`: the account of whoever made it is disabled. Revoked keys are not listed.",
    }),
    createdBy: z.object({ id: z.string(), name: z.string(), email: z.string() }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().meta({ description: "To the minute." }),
  })
  .meta({ id: "ApiKey" })

/** A key in these terms. */
export function tellApiKey({ createdBy, ...key }: ApiKeyView): z.input<typeof ApiKeyAnswer> {
  const { userId: id, name, email } = createdBy
  return {
    ...key,
    createdBy: { id, name, email },
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }
}
