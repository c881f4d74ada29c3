import { z } from "zod"
import { addressField } from "~/domain/accounts/address-field.server"
import { typedPassword } from "~/domain/accounts/password-fields"
import { askForSignInLink } from "~/domain/sign-in/email-link.server"
import { signInWithPassword } from "~/domain/sign-in/password-sign-in.server"
import { endpoint } from "~/http/api/endpoint.server"
import { askedBy, earlierRequest, LinkSent, linkSent, redirectTo } from "~/http/api/link-requests.server"
import { busyJson, requirePasswordsJson, tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { answerEntry, SignInAnswer } from "~/http/api/tokens.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const Login = z.object({
  email: addressField,
  password: typedPassword.optional(),
  redirectTo: redirectTo.optional(),
  request: earlierRequest.optional(),
})

const login = endpoint(
  {
    summary: "Sign in with an address and a password, or ask for a link",
    details:
      "Without a password a link and a code are mailed, for `POST /api/auth/verify`. Asked again with the earlier `request`, the codes of all mails count.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    body: Login,
    answer: SignInAnswer,
    also: { status: 202, answer: LinkSent },
    failures: ["wrong_credentials", "passwords_off", "too_many_requests", "busy"],
  },
  async ({ request, context, requester, body: { password, ...wish } }) => {
    if (password === undefined) {
      const { asked, mark } = askedBy(wish, requester)
      const allowed = await askForSignInLink(asked)
      if (!allowed.ok) throw tooManyJson(allowed.error)
      return Response.json(linkSent(mark), { status: 202 })
    }
    requirePasswordsJson()
    const signedIn = await signInWithPassword({ email: wish.email.canonical, password }, { requester })
    if (signedIn.ok) return answerEntry(signedIn.value, { request, context })
    if (signedIn.error === "wrong") throw failureJson("wrong_credentials")
    throw signedIn.error === "busy" ? busyJson() : tooManyJson(signedIn.error)
  },
)

const here = resource(apiPaths.login(), { POST: login })
export const loader = here.loader
export const action = here.action
