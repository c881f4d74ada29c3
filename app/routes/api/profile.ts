import { endpoint } from "~/http/api/endpoint.server"
import { Profile, profileOf } from "~/http/api/profile.server"
import { resource } from "~/http/api/resource.server"
import { paths } from "~/lib/paths"

/** Answered in front of Remix, by http/session-check.server.ts, with the same answer. */
const read = endpoint(
  { summary: "Who is signed in", area: "Session", who: "someone", answer: Profile },
  async caller => profileOf(caller),
)

const here = resource(paths.api.profile(), { GET: read })
export const loader = here.loader
export const action = here.action
