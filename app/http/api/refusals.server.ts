/** The failures that endpoints for signing in have in common. Use as `throw tooManyJson(…)`. */

import { flawWords, type PasswordFlaw } from "~/domain/accounts/password-rules"
import type { CodeFailure } from "~/domain/sign-in/codes.server"
import type { LinkFailure } from "~/domain/sign-in/link-error.server"
import type { TooMany } from "~/domain/sign-in/link-limits.server"
import { type FailureCode, failureJson } from "~/http/failures.server"
import { env } from "~/platform/env.server"

const linkCodes = {
  invalid: "link_invalid",
  expired: "link_expired",
  used: "link_used",
  elsewhere: "link_elsewhere",
  disabled: "account_disabled",
} as const satisfies Record<LinkFailure, FailureCode>

/** What a link can be refused with, for the document. */
export const linkFailures = Object.values(linkCodes)

/** A link that was refused. */
export function linkRefused(why: LinkFailure): Response {
  return failureJson(linkCodes[why])
}

/**
 * A code that was refused. Before a mail is sent there is no code, and to some addresses none ever is: whoever only asked must
 * not learn which it was [L11], nor by counting tries or minutes.
 */
export function codeRefused(why: CodeFailure): Response {
  if (why === "disabled" || why === "used") return linkRefused(why)
  return failureJson("code_wrong", {
    words:
      "This code does not work here. Look at the newest mail. After six wrong codes, only its link, or a new mail, does.",
  })
}

/** A limit that is spent, with when to come back. */
export function tooManyJson({ retryAfterSeconds }: TooMany): Response {
  return failureJson("too_many_requests", { retryAfterSeconds })
}

/** Too many people wait for their password to be looked at. */
export function busyJson(): Response {
  return failureJson("busy", { retryAfterSeconds: 5 })
}

/** A password that may not become one. */
export function passwordRefused(flaw: PasswordFlaw): Response {
  return failureJson("invalid_input", { fields: { password: [flawWords[flaw]] } })
}

/** Ends the request where this installation has no passwords. */
export function requirePasswordsJson(): void {
  if (env().passwords === "off") throw failureJson("passwords_off")
}
