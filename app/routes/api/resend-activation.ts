import { z } from "zod"
import { addressField } from "~/domain/accounts/address-field.server"
import { resendActivation } from "~/domain/billing/activation-resend.server"
import { endpoint } from "~/http/api/endpoint.server"
import { LinkSent, linkSent } from "~/http/api/link-requests.server"
import { tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Have the mail of a purchase sent again",
    details:
      "With a fresh link to activate the account, or to sign in where it is active. Only addresses that bought something get one.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    body: z.object({ email: addressField }),
    status: 202,
    answer: LinkSent,
    failures: ["too_many_requests"],
  },
  async ({ requester, body }) => {
    const resent = await resendActivation(body.email, requester)
    if (!resent.ok) throw tooManyJson(resent.error)
    return linkSent()
  },
)

const here = resource(apiPaths.resendActivation(), { POST: create })
export const loader = here.loader
export const action = here.action
