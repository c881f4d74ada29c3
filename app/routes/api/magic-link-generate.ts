import { z } from "zod"
import { addressField } from "~/domain/accounts/address-field.server"
import type { Requester } from "~/domain/accounts/requester"
import { resendActivation } from "~/domain/billing/activation-resend.server"
import { askForSignInLink } from "~/domain/sign-in/email-link.server"
import { requestPasswordReset } from "~/domain/sign-in/password-reset.server"
import { endpoint } from "~/http/api/endpoint.server"
import { askedBy, earlierRequest, LinkSent, linkSent, redirectTo } from "~/http/api/link-requests.server"
import { requirePasswordsJson, tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const purposes = ["sign_in", "password_reset", "activation"] as const

const Generate = z
  .object({
    email: addressField,
    purpose: z.enum(purposes, `A link can be for one of: ${purposes.join(", ")}.`).default("sign_in"),
    redirectTo: redirectTo.optional(),
    request: earlierRequest.optional(),
  })
  .refine(({ purpose, redirectTo }) => purpose !== "activation" || redirectTo === undefined, {
    path: ["redirectTo"],
    message: "Activating leads to the set-up of what was bought, and nowhere else.",
  })

type Wish = z.output<typeof Generate>

const generate = endpoint(
  {
    summary: "Have a link mailed",
    details:
      "To sign in, for a new password, or once more the link by which a buyer activates their account. The link goes to the mailbox and is never answered; nor is whether the address is known.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    body: Generate,
    status: 202,
    answer: LinkSent,
    failures: ["passwords_off", "too_many_requests"],
  },
  async ({ requester, body }) => askFor[body.purpose](body, requester),
)

const askFor = { sign_in: askToSignIn, password_reset: askForReset, activation: askToActivate }

async function askToSignIn(wish: Wish, requester: Requester) {
  const { asked, mark } = askedBy(wish, requester)
  const allowed = await askForSignInLink(asked)
  if (!allowed.ok) throw tooManyJson(allowed.error)
  return linkSent(mark)
}

async function askForReset(wish: Wish, requester: Requester) {
  requirePasswordsJson()
  const { email, redirectTo, requestedAt } = askedBy(wish, requester).asked
  const allowed = await requestPasswordReset({ email, redirectTo, ...requester, requestedAt })
  if (!allowed.ok) throw tooManyJson(allowed.error)
  return linkSent()
}

async function askToActivate({ email }: Wish, requester: Requester) {
  const resent = await resendActivation(email, requester)
  if (!resent.ok) throw tooManyJson(resent.error)
  return linkSent()
}

const here = resource(apiPaths.generateLink(), { POST: generate })
export const loader = here.loader
export const action = here.action
