import type { Purpose } from "~/domain/links/purposes"
import type { LinkFailure } from "~/domain/sign-in/link-error.server"
import { purposeOfLink } from "~/domain/sign-in/view-mailed-link.server"
import { linkRefused } from "~/http/api/refusals.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

/**
 * A link that an endpoint does not take. One of ours that is for something else stays good [L8], and whoever holds it is told where
 * it goes.
 */
export async function linkRefusal(why: LinkFailure, token: string): Promise<Response> {
  const purpose = why === "invalid" ? await purposeOfLink(token) : undefined
  return purpose ? failureJson("link_purpose", { words: placeOf(purpose) }) : linkRefused(why)
}

function placeOf(purpose: Purpose): string {
  switch (purpose) {
    case "sign_in":
    case "purchase_access":
      return `This link signs in: send it to POST ${apiPaths.verify()}.`
    case "password_reset":
      return `This link sets a new password: send that to POST ${apiPaths.verifyLink("{token}")}.`
    case "activation":
      return `This link activates an account: send it to POST ${apiPaths.activate()}.`
    default:
      return "This link is for something else: open it in a browser."
  }
}
