import { bearer } from "~/http/api/bearer.server"
import { endpoint } from "~/http/api/endpoint.server"
import { Profile, profileOf } from "~/http/api/profile.server"
import { resource } from "~/http/api/resource.server"
import { paths } from "~/lib/paths"

/** Answered in front of Remix, by http/session-check.server.ts, with the same answer. */
const read = endpoint(
  {
    summary: "Who is signed in",
    details:
      "Asked with an access token, it also tells the organisation the token speaks of, as things stand at this moment: for backends that cannot wait until a token has run out.",
    area: "Session",
    who: "someone",
    answer: Profile,
  },
  async caller => {
    const shown = bearer()
    return profileOf(caller, shown?.kind === "session" ? shown.organizationId : null)
  },
)

const here = resource(paths.api.profile(), { GET: read })
export const loader = here.loader
export const action = here.action
