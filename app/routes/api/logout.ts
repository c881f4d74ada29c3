import { signOut, signOutCaller } from "~/domain/accounts/sign-out.server"
import { endFamily } from "~/domain/sign-in/refresh-tokens.server"
import { bearer } from "~/http/api/bearer.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { forgetSessions } from "~/http/api/tokens.server"
import { sessionTokenOf } from "~/http/guards.server"
import { refreshCookie } from "~/http/refresh-cookie.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Sign out",
    details:
      "Ends whatever session the call carries: the token’s, the page’s, and that of the refresh cookie, so that it works after the access token has run out, too. With none of them there is nothing to do.",
    area: "Session",
    who: "anyone",
    staleToken: "ignored",
  },
  async ({ request, context, requester }) => {
    const caller = bearer()
    const page = sessionTokenOf(request)
    const refresh = refreshCookie.read(request.headers.get("Cookie"))
    if (caller?.kind === "session") await signOutCaller(caller.signedIn, requester)
    if (page) await signOut(page, requester)
    if (refresh) await endFamily(refresh, requester)
    forgetSessions(context)
    return undefined
  },
)

const here = resource(apiPaths.logout(), { POST: create })
export const loader = here.loader
export const action = here.action
