import { z } from "zod"
import { chosenPassword } from "~/domain/accounts/password-fields"
import { forgiveRequestedLink } from "~/domain/sign-in/check-limit.server"
import { resetPassword } from "~/domain/sign-in/password-reset.server"
import { linkStates, mailedPurposes, viewMailedLink } from "~/domain/sign-in/view-mailed-link.server"
import { endpoint } from "~/http/api/endpoint.server"
import { linkRefusal } from "~/http/api/link-refusal.server"
import { earlierRequest } from "~/http/api/link-requests.server"
import {
  type Answering,
  answerOutcome,
  countCheckJson,
  MailedSignIn,
  signInByLink,
} from "~/http/api/mailed-sign-in.server"
import {
  busyJson,
  linkFailures,
  linkRefused,
  passwordRefused,
  requirePasswordsJson,
} from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { insideOnly } from "~/http/redirects.server"
import { apiPaths } from "~/lib/api-paths"

const MailedLink = z
  .object({
    state: z.enum(linkStates),
    purpose: z.enum(mailedPurposes),
    maskedEmail: z.string().meta({ description: "As `a•••@e•••.com`." }),
    redirectTo: z.string().nullable().meta({ description: "Where it leads, signed in." }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "MailedLink" })

const params = z.object({ token: z.string().meta({ description: "Of the link in the mail." }) })

const read = endpoint(
  {
    summary: "See what a mailed link is worth",
    details: "Reading spends nothing, however often.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    params,
    answer: MailedLink,
    failures: ["link_invalid", "link_purpose"],
  },
  async ({ params: { token } }) => {
    const link = await viewMailedLink(token)
    if (!link) throw await linkRefusal("invalid", token)
    const { state, purpose, maskedEmail, redirectTo, expiresAt } = link
    const inside = insideOnly(redirectTo) ?? null
    return { state, purpose, maskedEmail, redirectTo: inside, expiresAt: expiresAt.toISOString() }
  },
)

const spend = endpoint(
  {
    summary: "Use a mailed link",
    details:
      "One to sign in signs in, as `POST /api/auth/verify` does. One for a new password takes the `password` and then signs in; all that was signed in before is signed out. One that activates an account goes to `POST /api/auth/activate`.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    params,
    body: z
      .object({
        request: earlierRequest.optional(),
        password: chosenPassword.optional().meta({ description: "The new one." }),
      })
      .prefault({}),
    answer: MailedSignIn,
    failures: [...linkFailures, "link_purpose", "passwords_off", "too_many_requests", "busy"],
  },
  async ({ params: { token }, body, ...call }) => {
    const link = await viewMailedLink(token)
    if (!link) {
      await countCheckJson(call)
      throw await linkRefusal("invalid", token)
    }
    if (link.purpose === "activation") throw await linkRefusal("invalid", token)
    if (link.purpose !== "password_reset") return signInByLink({ token, request: body.request }, call)
    requirePasswordsJson()
    if (link.state !== "open") throw linkRefused(link.state)
    return reset(token, body.password, call)
  },
)

async function reset(token: string, password: string | undefined, call: Answering) {
  const { requester } = call
  await countCheckJson(call)
  if (password === undefined)
    throw failureJson("invalid_input", { fields: { password: ["Choose a password."] } })
  const done = await resetPassword({ token, password }, { requester })
  // Only a link that is none was a guess.
  if (done.ok || done.error === "busy" || "password" in done.error)
    await forgiveRequestedLink(requester.clientAddress)
  if (done.ok) return answerOutcome(done.value, call)
  if (done.error === "busy") throw busyJson()
  throw "password" in done.error ? passwordRefused(done.error.password) : linkRefused(done.error.link)
}

const here = resource(apiPaths.verifyLink(":token"), { GET: read, POST: spend })
export const loader = here.loader
export const action = here.action
