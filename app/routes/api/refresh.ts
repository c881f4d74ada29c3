import { organizationFor } from "~/domain/sign-in/access-tokens.server"
import { refreshSession } from "~/domain/sign-in/refresh-tokens.server"
import { endpoint } from "~/http/api/endpoint.server"
import { tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { Tokens, tokensOf } from "~/http/api/tokens.server"
import { failureJson } from "~/http/failures.server"
import { refreshCookie } from "~/http/refresh-cookie.server"
import { apiPaths } from "~/lib/api-paths"
import type { TooMany } from "~/platform/rate-limit.server"

const create = endpoint(
  {
    summary: "Get a new access token",
    details:
      "By the cookie that came with the last one. It is replaced: the next call takes the new one. Two calls at once, or one sent again within ten seconds, get the same; after that, showing a used one signs the program out. One session refreshes 30 times a minute.",
    area: "Session",
    who: "anyone",
    staleToken: "ignored",
    byRefreshToken: true,
    answer: Tokens,
    failures: ["invalid_token", "too_many_requests"],
  },
  async ({ request, context, requester }) => {
    const token = refreshCookie.read(request.headers.get("Cookie"))
    const refreshed = token ? await refreshSession(token, requester) : undefined
    // The cookie stays: a sign-in at the same moment may have put another in its place already.
    if (!refreshed?.ok) throw refusal(refreshed?.error)
    const { signedIn, token: next, organizationId } = refreshed.value
    context.cookies.push(refreshCookie.serialize(next))
    return tokensOf(signedIn, await organizationFor(signedIn, organizationId))
  },
)

const refusal = (why?: string | TooMany) =>
  typeof why === "object" ? tooManyJson(why) : failureJson("invalid_token")

const here = resource(apiPaths.refresh(), { POST: create })
export const loader = here.loader
export const action = here.action
