import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client"
import type { Provider } from "~/domain/accounts/providers.server"
import { tidyName } from "~/domain/organizations/schemas"
import type { SsoTrouble } from "~/domain/sign-in/sso/trouble"
import { log } from "~/platform/log.server"

/** openid-client's codes for a provider that is late, or that answers with a failure of its own. */
const away = ["OAUTH_TIMEOUT", "OAUTH_RESPONSE_IS_NOT_CONFORM"]

/** What a token endpoint says when our client or its secret is not the one it knows (RFC 6749, 5.2). */
const ours = ["invalid_client", "unauthorized_client"]

/**
 * What to tell the person of a failure on the way to a provider or back. What the provider itself says of it was written by
 * whoever made the address: it goes to the log, in one short line, and no further.
 */
export function troubleOf(provider: Provider, error: unknown): SsoTrouble {
  if (error instanceof AuthorizationResponseError) {
    if (error.error === "access_denied") return "declined"
    return note(provider, "refused", error.error, error.error_description)
  }
  if (error instanceof ResponseBodyError) {
    const trouble = ours.includes(error.error) ? "set_up" : "refused"
    return note(provider, trouble, error.error, error.error_description)
  }
  // A client that shows its secret by HTTP Basic is refused by a challenge (RFC 6749, 5.2).
  if (error instanceof WWWAuthenticateChallengeError) return note(provider, "set_up", error.message)
  if (error instanceof ClientError && !away.includes(error.code ?? "")) {
    return note(provider, "refused", error.message, causeOf(error))
  }
  if (error instanceof ClientError || error instanceof TypeError) {
    return note(provider, "unreachable", error.message, causeOf(error))
  }
  throw error
}

function note(provider: Provider, trouble: SsoTrouble, why: string, said?: string): SsoTrouble {
  log.warn({ provider, trouble, why: oneLine(why), said: said && oneLine(said) }, "provider refused")
  return trouble
}

function causeOf({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}

function oneLine(text: string): string {
  return tidyName(text).slice(0, 200)
}
