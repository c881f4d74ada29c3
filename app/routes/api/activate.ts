import { z } from "zod"
import { activate, viewActivation } from "~/domain/billing/activation.server"
import { Activate } from "~/domain/billing/schemas"
import { forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { endpoint } from "~/http/api/endpoint.server"
import { linkRefusal } from "~/http/api/link-refusal.server"
import { answerOutcome, countCheckJson, MailedSignIn } from "~/http/api/mailed-sign-in.server"
import { busyJson, passwordRefused } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const Activation = z
  .object({
    organizationName: z.string().meta({ description: "What was bought for." }),
    maskedEmail: z.string().meta({ description: "As `a•••@e•••.com`." }),
    name: z.string().meta({ description: "As far as it is known; activating asks for it." }),
    asksPassword: z.boolean().meta({ description: "Everyone here has a password: activating asks for one." }),
  })
  .meta({ id: "Activation" })

const read = endpoint(
  {
    summary: "See whom an activation link is for",
    details: "Reading spends nothing, however often.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    query: z.object({ token: z.string().max(200).meta({ description: "Of the link in the mail." }) }),
    answer: Activation,
    failures: ["link_invalid", "link_purpose", "link_expired", "link_used"],
  },
  async ({ query }) => {
    const view = await viewActivation(query.token)
    if (view.state !== "open") throw await linkRefusal(view.state, query.token)
    const { organizationName, email: maskedEmail, name, asksPassword } = view
    return { organizationName, maskedEmail, name, asksPassword }
  },
)

const begin = endpoint(
  {
    summary: "Activate the account that a purchase made, and sign in",
    details:
      "A `password` is taken where `GET` here answers `asksPassword`, and refused elsewhere: nobody is to believe they have one.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    body: Activate,
    answer: MailedSignIn,
    failures: [
      "link_invalid",
      "link_purpose",
      "link_expired",
      "link_used",
      "account_disabled",
      "too_many_requests",
      "busy",
    ],
  },
  async ({ body, ...call }) => {
    const { requester } = call
    await countCheckJson(call)
    if (body.password !== undefined) await refuseUnasked(body.token)
    const activated = await activate({ ...body, requester })
    if (activated.ok) {
      await forgiveCheck(requester.clientAddress)
      return answerOutcome(activated.value, call)
    }
    if (activated.error === "busy") throw busyJson()
    if (typeof activated.error === "object") throw passwordRefused(activated.error.password)
    throw await linkRefusal(activated.error, body.token)
  },
)

/** Where nobody is asked for a password none is kept, so none may be sent. The link stays good. */
async function refuseUnasked(token: string): Promise<void> {
  const view = await viewActivation(token)
  if (view.state !== "open" || view.asksPassword) return
  throw failureJson("invalid_input", {
    fields: { password: ["No password is asked for here: leave it out."] },
  })
}

const here = resource(apiPaths.activate(), { GET: read, POST: begin })
export const loader = here.loader
export const action = here.action
