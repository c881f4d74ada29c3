/**
 * Who came back from a provider. openid-client checks the answer and its token: issuer (RFC 9207 where the provider sends it),
 * audience, signature, times, nonce and code verifier. Here it is decided whom that names, and whether the provider's word for
 * their address counts.
 */
import {
  authorizationCodeGrant,
  ClientError,
  type Configuration,
  fetchUserInfo,
  type IDToken,
  type UserInfoResponse,
} from "openid-client"
import { type Address, domainOf, parseAddress } from "~/domain/accounts/addresses.server"
import type { Account } from "~/domain/accounts/identities.server"
import type { Provider } from "~/domain/accounts/providers.server"
import { tidyName } from "~/domain/organizations/schemas"
import { configurationOf } from "~/domain/sign-in/sso/discovery.server"
import { isTenantWanted, tenantOf } from "~/domain/sign-in/sso/microsoft-tenants.server"
import { troubleOf } from "~/domain/sign-in/sso/provider-trouble.server"
import { type Begun, callbackAddress } from "~/domain/sign-in/sso/requests.server"
import type { SsoTrouble } from "~/domain/sign-in/sso/trouble"
import { err, ok, type Result } from "~/lib/result"
import { log } from "~/platform/log.server"

export type Arrival = {
  account: Account
  /** The address the provider knows them by, if it is one. */
  address?: Address
  /** The provider's word that the mailbox is theirs counts here. */
  vouched: boolean
  /** Empty when the provider names none. */
  name: string
}

/** The parameters of an answer that mean something to us; what else an address carries is dropped. */
const understood = ["code", "state", "iss", "error", "error_description"]

type Claims = IDToken & Partial<UserInfoResponse>

/** Asks the provider who came with this answer. Fails with what to tell the person. */
export async function whoCame(
  provider: Provider,
  answer: URLSearchParams,
  begun: Begun,
): Promise<Result<Arrival, SsoTrouble>> {
  try {
    const configuration = await configurationOf(provider)
    const claims = await claimsOf(provider, configuration, answer, begun)
    if (provider === "microsoft") return arrivalFromMicrosoft(claims, answer.get("iss"))
    const { iss: issuer, sub: subject } = claims
    const address = addressOf(claims.email)
    const vouched =
      address !== undefined && claims.email_verified === true && speaksFor(provider, claims, address)
    return ok({
      account: { provider, issuer, subject, label: labelOf(claims) },
      address,
      vouched,
      name: nameOf(claims),
    })
  } catch (error) {
    return err(troubleOf(provider, error))
  }
}

async function claimsOf(
  provider: Provider,
  configuration: Configuration,
  answer: URLSearchParams,
  { state, nonce, codeVerifier }: Begun,
): Promise<Claims> {
  const address = new URL(callbackAddress(provider))
  for (const name of understood)
    for (const value of answer.getAll(name)) address.searchParams.append(name, value)
  // Microsoft's one address for many tenants has no issuer to compare with: theirs is compared with the token's.
  if (configuration.serverMetadata().issuer.includes("{tenantid}")) address.searchParams.delete("iss")
  const tokens = await authorizationCodeGrant(configuration, address, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims) throw new ClientError("the provider sent no ID token")
  const { userinfo_endpoint: more } = configuration.serverMetadata()
  if (claims.email !== undefined || !more || provider === "microsoft") return { ...claims }
  return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims }
}

/**
 * Microsoft's accounts are known by tenant and object id; any tenant's administrator may write any address into one, so that its
 * word for an address never counts (https://learn.microsoft.com/entra/identity-platform/claims-validation).
 */
function arrivalFromMicrosoft(claims: Claims, iss: string | null): Result<Arrival, SsoTrouble> {
  const tenant = tenantOf(claims)
  if (!tenant || typeof claims.oid !== "string" || (iss !== null && iss !== claims.iss)) {
    log.warn({ provider: "microsoft", why: "tenant and issuer differ" }, "provider refused")
    return err("refused")
  }
  if (!isTenantWanted(tenant)) return err("tenant")
  const account: Account = {
    provider: "microsoft",
    issuer: claims.iss,
    subject: claims.oid,
    label: labelOf(claims),
  }
  const address = addressOf(claims.email) ?? addressOf(claims.preferred_username)
  return ok({ account, address, vouched: false, name: nameOf(claims) })
}

/**
 * Google verifies an address once and keeps saying so; it speaks for those of its own mailboxes and of domains it hosts
 * (https://developers.google.com/identity/gsi/web/guides/verify-google-id-token). Another provider is the operator's choice.
 */
function speaksFor(provider: Provider, claims: Claims, { canonical }: Address): boolean {
  if (provider !== "google") return true
  return googlesOwn.includes(domainOf(canonical)) || (typeof claims.hd === "string" && claims.hd !== "")
}

const googlesOwn = ["gmail.com", "googlemail.com"]

function addressOf(claim: unknown): Address | undefined {
  const address = typeof claim === "string" ? parseAddress(claim) : undefined
  return address?.ok ? address.value : undefined
}

/** Providers let people write into these: one line, and no longer than a line. */
function labelOf(claims: Claims): string {
  const named = [claims.email, claims.preferred_username, claims.name].find(
    claim => typeof claim === "string" && tidyName(claim) !== "",
  )
  return typeof named === "string" ? tidyName(named).slice(0, 100) : ""
}

function nameOf({ name }: Claims): string {
  return typeof name === "string" ? tidyName(name).slice(0, 80) : ""
}
