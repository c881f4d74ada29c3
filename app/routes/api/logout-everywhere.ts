import { z } from "zod"
import { signOutEverywhere } from "~/domain/accounts/sign-out.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { forgetEndedSessions } from "~/http/api/tokens.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Sign out on every device",
    details:
      "Every session of the person ends, the caller’s too: no token of theirs counts from now on. API keys they made go on.",
    area: "Session",
    who: "person",
    answer: z.object({ ended: z.int().meta({ description: "How many sessions." }) }).meta({ id: "Ended" }),
  },
  async ({ signedIn, request, context, requester }) => {
    const ended = await signOutEverywhere(signedIn.userId, requester)
    forgetEndedSessions(request, context)
    return { ended }
  },
)

const here = resource(apiPaths.logoutEverywhere(), { POST: create })
export const loader = here.loader
export const action = here.action
