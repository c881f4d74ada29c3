import { z } from "zod"
import type { Requester } from "~/domain/accounts/requester"
import { renewActivation } from "~/domain/billing/activation-resend.server"
import { renewPasswordReset } from "~/domain/sign-in/password-reset.server"
import { renewSignInLink } from "~/domain/sign-in/renew-link.server"
import { type MailedLink, viewMailedLink } from "~/domain/sign-in/view-mailed-link.server"
import { endpoint } from "~/http/api/endpoint.server"
import { linkRefusal } from "~/http/api/link-refusal.server"
import { LinkSent, linkSent } from "~/http/api/link-requests.server"
import { countCheckJson } from "~/http/api/mailed-sign-in.server"
import { linkRefused, requirePasswordsJson, tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { markForRenewal } from "~/http/request-mark.server"
import { apiPaths } from "~/lib/api-paths"

const refresh = endpoint(
  {
    summary: "Have a fresh link mailed in place of an expired one",
    details:
      "For the same purpose and destination, to the same mailbox, once for each expired link. One that is still good, but may not be used where it was opened, can be replaced, too.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    body: z.object({ token: z.string().max(200).meta({ description: "Of the expired link." }) }),
    status: 202,
    answer: LinkSent,
    failures: [
      "link_invalid",
      "link_purpose",
      "link_used",
      "link_renewed",
      "link_good",
      "passwords_off",
      "too_many_requests",
    ],
  },
  async ({ body: { token }, ...call }) => {
    const link = await viewMailedLink(token)
    if (!link) {
      await countCheckJson(call)
      throw await linkRefusal("invalid", token)
    }
    if (link.state === "used") throw linkRefused("used")
    const renewed = await renew(link, call.requester)
    if (renewed.ok) return linkSent(renewed.mark)
    if (renewed.error === "already") throw failureJson("link_renewed")
    if (renewed.error !== "invalid") throw tooManyJson(renewed.error)
    if (link.state === "expired") throw linkRefused("invalid")
    throw failureJson("link_good")
  },
)

/** A fresh one of the same purpose; the mark is for whoever holds the expired one, who need not be its person. */
async function renew({ purpose, handle, maskedEmail }: MailedLink, requester: Requester) {
  if (purpose === "activation") return { ...(await renewActivation(handle, requester)), mark: undefined }
  if (purpose === "password_reset") {
    requirePasswordsJson()
    return { ...(await renewPasswordReset(handle, requester)), mark: undefined }
  }
  const mark = markForRenewal(maskedEmail)
  return { ...(await renewSignInLink(handle, { requester, requestHash: mark.hash })), mark }
}

const here = resource(apiPaths.refreshLink(), { POST: refresh })
export const loader = here.loader
export const action = here.action
