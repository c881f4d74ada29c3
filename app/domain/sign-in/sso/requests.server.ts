/**
 * The way to a provider and back [S13]. `state` names the request and counts once, within ten minutes, only in the browser that
 * began it and only at the address of the provider it was sent to; `nonce` ties the answer's token to that browser, PKCE the code
 * to this server. The row holds hashes, and the verifier sealed (RFC 9700, 2.1 and 4.7).
 */
import { buildAuthorizationUrl, calculatePKCECodeChallenge, randomPKCECodeVerifier } from "openid-client"
import type { Provider } from "~/domain/accounts/providers.server"
import { configurationOf } from "~/domain/sign-in/sso/discovery.server"
import { paths } from "~/lib/paths"
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { newId } from "~/platform/ids.server"
import { seal, unseal } from "~/platform/sealed.server"

/** Milliseconds someone may take at the provider: a password, a second factor, a form to recover either. */
export const requestLifetime = 10 * 60 * 1000

const verifierPurpose = "sso code verifier"

export type Wish = {
  provider: Provider
  redirectTo?: string
} & ({ intent: "sign_in" } | { intent: "connect"; userId: string })

/** What the callback needs to know of the request that led to it. */
export type Begun = {
  intent: string
  userId: string | null
  redirectTo: string | null
  state: string
  nonce: string
  codeVerifier: string
}

/** Begins a way to a provider in the browser of this token. Returns where it leads; rejects when the provider does not answer. */
export async function beginSso(wish: Wish, browserToken: string): Promise<URL> {
  const configuration = await configurationOf(wish.provider)
  const state = randomToken()
  const nonce = nonceOf(browserToken, state)
  const codeVerifier = randomPKCECodeVerifier()
  await db().ssoRequest.create({
    data: {
      id: newId(),
      provider: wish.provider,
      stateHash: hashToken(state),
      browserHash: hashToken(browserToken),
      nonceHash: hashToken(nonce),
      codeVerifier: seal(verifierPurpose, codeVerifier),
      intent: wish.intent,
      userId: wish.intent === "connect" ? wish.userId : undefined,
      redirectTo: wish.redirectTo,
      createdAt: now(),
      expiresAt: fromNow(requestLifetime),
    },
  })
  return buildAuthorizationUrl(configuration, {
    redirect_uri: callbackAddress(wish.provider),
    scope: "openid email profile",
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
    ...(asksWhich(wish.provider) && { prompt: "select_account" }),
  })
}

/** Takes the request of this `state`, once. Undefined when it is unknown, over, used, of another browser or another provider. */
export async function takeRequest(
  provider: Provider,
  state: string,
  browserToken: string,
): Promise<Begun | undefined> {
  const stateHash = hashToken(state)
  const taken = await db().ssoRequest.updateMany({
    where: {
      stateHash,
      provider,
      browserHash: hashToken(browserToken),
      usedAt: null,
      expiresAt: { gt: now() },
    },
    data: { usedAt: now() },
  })
  if (taken.count === 0) return undefined
  const row = await db().ssoRequest.findUniqueOrThrow({ where: { stateHash } })
  const codeVerifier = unseal(verifierPurpose, row.codeVerifier)
  const nonce = nonceOf(browserToken, state)
  if (!codeVerifier || hashToken(nonce) !== row.nonceHash) return undefined
  const { intent, userId, redirectTo } = row
  return { intent, userId, redirectTo, state, nonce, codeVerifier }
}

/** Where a provider sends people back to: one address each, so that no answer passes for another's (RFC 9700, 4.4.2). */
export function callbackAddress(provider: Provider): string {
  return env().appUrl + paths.signIn.providerCallback(provider)
}

/** Deletes requests that are over. Returns how many. */
export async function purgeSsoRequests(): Promise<number> {
  return (await db().ssoRequest.deleteMany({ where: { expiresAt: { lt: now() } } })).count
}

/** A hash of what only this browser holds (OpenID Connect Core 1.0, 15.5.2). */
function nonceOf(browserToken: string, state: string): string {
  return hashToken(`sso nonce\0${browserToken}\0${state}`)
}

/** Google and Microsoft let people with several accounts choose; without it they take the one at hand. */
function asksWhich(provider: Provider): boolean {
  return provider !== "oidc"
}
