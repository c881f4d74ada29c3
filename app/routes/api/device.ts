import { z } from "zod"
import { signOutDevice } from "~/domain/accounts/sign-out.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const remove = endpoint(
  {
    summary: "Sign out a device",
    details:
      "Its next call or page is refused. It may be the one that asks. 404 says that it was signed out already, or is none of yours.",
    area: "Session",
    who: "person",
    params: z.object({ sessionId: z.string().max(64) }),
    failures: ["not_found"],
  },
  async ({ signedIn, params, requester }) => {
    const ended = await signOutDevice(signedIn.userId, params.sessionId, requester)
    if (!ended) throw failureJson("not_found")
    return undefined
  },
)

const here = resource(apiPaths.device(":sessionId"), { DELETE: remove })
export const loader = here.loader
export const action = here.action
