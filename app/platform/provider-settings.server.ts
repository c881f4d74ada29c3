import type { Environment } from "~/platform/environment.server"
import { isLoopbackUrl, type Problem } from "~/platform/setting-problems.server"

type Client = { name: string; clientId: string; clientSecret: string }

export type ProviderSettings = {
  google?: Client & { issuer: string }
  /** `tenant` is common, organizations, consumers, a tenant's id, or a domain of one. `authority` has no path. */
  microsoft?: Client & { authority: string; tenant: string }
  oidc?: Client & { issuer: string }
}

/** The providers of single sign-on that are set up: an absent one is not offered and has no address. */
export function arrangeProviders(e: Environment): ProviderSettings {
  const google = clientOf("Google", e.GOOGLE_CLIENT_ID, e.GOOGLE_CLIENT_SECRET)
  const microsoft = clientOf("Microsoft", e.AZURE_CLIENT_ID, e.AZURE_CLIENT_SECRET)
  const oidc = clientOf(e.OIDC_NAME, e.OIDC_CLIENT_ID, e.OIDC_CLIENT_SECRET)
  return {
    ...(google && { google: { ...google, issuer: e.GOOGLE_ISSUER_URL ?? "https://accounts.google.com" } }),
    ...(microsoft && {
      microsoft: {
        ...microsoft,
        authority: e.AZURE_AUTHORITY_URL ?? microsoftAuthority,
        tenant: e.AZURE_TENANT_ID,
      },
    }),
    ...(oidc && e.OIDC_ISSUER && { oidc: { ...oidc, issuer: e.OIDC_ISSUER } }),
  }
}

/** Whose tokens Microsoft's are, wherever they are asked for (https://learn.microsoft.com/entra/identity-platform). */
export const microsoftAuthority = "https://login.microsoftonline.com"

function clientOf(name: string, clientId?: string, clientSecret?: string): Client | undefined {
  return clientId && clientSecret ? { name, clientId, clientSecret } : undefined
}

/** Providers that are half set up, or whose tokens could come from anywhere. */
export function providerProblems(e: Environment): Problem[] {
  return [
    ...wholes.flatMap(names => missingOf(e, names)),
    ...issuerProblems(e),
    ...standInProblems(e, "GOOGLE_ISSUER_URL"),
    ...standInProblems(e, "AZURE_AUTHORITY_URL"),
    ...tenantProblems(e),
  ]
}

const wholes = [
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
  ["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"],
  ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
] as const

function missingOf(e: Environment, names: (typeof wholes)[number]): Problem[] {
  const given = names.filter(name => e[name])
  if (given.length === 0) return []
  const missing = names.filter(name => !e[name])
  return missing.map(name => ({ name, words: `is missing although ${given[0]} is set.` }))
}

function issuerProblems(e: Environment): Problem[] {
  if (!e.OIDC_ISSUER) return []
  const url = URL.canParse(e.OIDC_ISSUER) ? new URL(e.OIDC_ISSUER) : undefined
  if (!url || url.search || url.hash || url.username) {
    return [{ name: "OIDC_ISSUER", words: "must be an address such as https://id.example.com." }]
  }
  const local = e.NODE_ENV !== "production" && isLoopbackUrl(e.OIDC_ISSUER)
  if (url.protocol === "https:" || (url.protocol === "http:" && local)) return []
  return [{ name: "OIDC_ISSUER", words: "must start with https://." }]
}

function standInProblems(e: Environment, name: "GOOGLE_ISSUER_URL" | "AZURE_AUTHORITY_URL"): Problem[] {
  const value = e[name]
  if (!value) return []
  if (e.NODE_ENV === "production") {
    return [{ name, words: "points at a stand-in for a provider, which production refuses." }]
  }
  return isLoopbackUrl(value) ? [] : [{ name, words: "may only point at this machine." }]
}

/** A tenant's id, a domain of one, or one of Microsoft's three words for many. */
const tenant =
  /^(common|organizations|consumers|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i

function tenantProblems(e: Environment): Problem[] {
  if (tenant.test(e.AZURE_TENANT_ID)) return []
  return [
    {
      name: "AZURE_TENANT_ID",
      words: "must be the id of a tenant, or common, organizations or consumers.",
    },
  ]
}
