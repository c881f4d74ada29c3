import { nameOfMethod } from "~/domain/accounts/sign-in-methods"
import { env } from "~/platform/env.server"
import { microsoftAuthority } from "~/platform/provider-settings.server"

/** Who else may say who somebody is: the providers of OpenID Connect this app knows, in the order they are shown. */
export const providers = ["google", "microsoft", "oidc"] as const

export type Provider = (typeof providers)[number]

/** Narrows a stored value or a part of an address. */
export function isProvider(value: unknown): value is Provider {
  return providers.some(provider => provider === value)
}

/** Whether this installation has a client at this provider: others have no button and no address [S13]. */
export function isOffered(provider: unknown): provider is Provider {
  return isProvider(provider) && env().providers[provider] !== undefined
}

/** Whether an account of this issuer can come in here: its provider may be gone from the settings, or be another one by now. */
export function opensHere({ provider, issuer }: { provider: string; issuer: string }): boolean {
  if (!isOffered(provider)) return false
  const { google, microsoft, oidc } = env().providers
  if (provider === "microsoft") return microsoft !== undefined && issuer.startsWith(`${microsoftAuthority}/`)
  const expected = provider === "google" ? google?.issuer : oidc?.issuer
  return expected !== undefined && sameAddress(issuer, expected)
}

/** A slash at the end of the settings' issuer makes no difference to who it is. */
function sameAddress(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href
}

/** The providers this installation offers, each with the name people know it by. */
export function offeredProviders(): { provider: Provider; name: string }[] {
  return providers.filter(isOffered).map(provider => ({ provider, name: nameOfProvider(provider) }))
}

/** The name of a provider, set up or not. */
export function nameOfProvider(provider: Provider): string {
  return env().providers[provider]?.name ?? nameOfMethod(provider)
}
