import { z } from "zod"
import { addressField } from "~/domain/accounts/address-field.server"
import { chosenPassword } from "~/domain/accounts/password-fields"
import { PersonName } from "~/domain/organizations/schemas"
import { register } from "~/domain/sign-in/registration.server"
import { endpoint } from "~/http/api/endpoint.server"
import { askedBy, earlierRequest, LinkSent, linkSent, redirectTo } from "~/http/api/link-requests.server"
import { busyJson, passwordRefused, requirePasswordsJson, tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const Register = z.object({
  email: addressField,
  name: PersonName,
  password: chosenPassword,
  redirectTo: redirectTo.optional(),
  request: earlierRequest.optional(),
})

const create = endpoint(
  {
    summary: "Register with a name, an address and a password",
    details:
      "A link and a code are mailed, for `POST /api/auth/verify`. Name and password count once the mailbox is proven with this `request`, and only for somebody who is new here.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    body: Register,
    status: 202,
    answer: LinkSent,
    failures: ["passwords_off", "too_many_requests", "busy"],
  },
  async ({ requester, body }) => {
    requirePasswordsJson()
    const { asked, mark } = askedBy(body, requester)
    const registered = await register(body, asked)
    if (registered.ok) return linkSent(mark)
    if (registered.error === "busy") throw busyJson()
    if ("password" in registered.error) throw passwordRefused(registered.error.password)
    throw tooManyJson(registered.error)
  },
)

const here = resource(apiPaths.register(), { POST: create })
export const loader = here.loader
export const action = here.action
