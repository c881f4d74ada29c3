/**
 * What a provider says of itself (OpenID Connect Discovery 1.0), asked for once an hour. Its issuer must be the one of the
 * settings; Microsoft's, which serves many tenants by one address, is compared tenant by tenant when somebody comes.
 */
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from "openid-client"
import type { Provider } from "~/domain/accounts/providers.server"
import { providerFetch } from "~/domain/sign-in/sso/provider-fetch.server"
import { now } from "~/platform/clock.server"
import { env } from "~/platform/env.server"
import { microsoftAuthority } from "~/platform/provider-settings.server"

/** Seconds any one answer of a provider may take. */
const timeout = 5

/** Milliseconds what a provider says of itself is believed; its keys are fetched anew by themselves when it signs with others. */
const believed = 60 * 60 * 1000

type Place = { server: string; clientId: string; clientSecret: string; standIn?: string }

const known = new Map<string, { configuration: Promise<Configuration>; until: number }>()

/** The provider as openid-client knows it. Rejects when it does not answer within five seconds, or answers as somebody else. */
export function configurationOf(provider: Provider): Promise<Configuration> {
  const place = placeOf(provider)
  const key = JSON.stringify(place)
  const before = known.get(key)
  if (before && before.until > now().getTime()) return before.configuration
  const configuration = discover(place)
  known.set(key, { configuration, until: now().getTime() + believed })
  // Only what was answered is kept: the next person asks again.
  configuration.catch(() => known.delete(key))
  return configuration
}

async function discover({ server, clientId, clientSecret, standIn }: Place): Promise<Configuration> {
  // The settings allow that on this machine only, and never in production.
  const insecure = (standIn ?? server).startsWith("http:")
  const configuration = await discovery(new URL(server), clientId, clientSecret, clientAuth(clientSecret), {
    timeout,
    execute: [enableNonRepudiationChecks, ...(insecure ? [allowInsecureRequests] : [])],
    [customFetch]: providerFetch(standIn ? { from: microsoftAuthority, to: standIn } : undefined),
  })
  const { authorization_endpoint: page } = configuration.serverMetadata()
  const protocol = page && URL.canParse(page) ? new URL(page).protocol : ""
  if (protocol !== "https:" && !(insecure && protocol === "http:")) {
    throw new TypeError("The provider names no page to sign in at, or not by https.")
  }
  return configuration
}

function placeOf(provider: Provider): Place {
  const { google, microsoft, oidc } = env().providers
  if (provider === "microsoft" && microsoft) {
    const { authority, tenant, clientId, clientSecret } = microsoft
    const standIn = authority === microsoftAuthority ? undefined : authority
    return { server: `${microsoftAuthority}/${tenant}/v2.0`, clientId, clientSecret, standIn }
  }
  const other = provider === "google" ? google : oidc
  if (!other) throw new Error(`${provider} is not set up`)
  return { server: other.issuer, clientId: other.clientId, clientSecret: other.clientSecret }
}

/** `client_secret_basic` is what a client is registered with when nothing is said (OpenID Connect Dynamic Client Registration 1.0, 2). */
function clientAuth(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (server, client, body, headers) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"]
    const way = ways.includes("client_secret_basic") ? basic : post
    return way(server, client, body, headers)
  }
}
