import { z } from "zod"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { paths } from "~/lib/paths"

const Profile = z
  .object({
    user: z.object({ id: z.string(), email: z.email(), name: z.string(), isOperator: z.boolean() }),
  })
  .meta({ id: "Profile" })

/** By session cookie this is answered in front of Remix, by http/session-check.server.ts, with the same answer. */
const read = endpoint(
  { summary: "Who is signed in", area: "Session", who: "person", answer: Profile },
  async ({ signedIn: { userId: id, email, name, isOperator } }) => ({
    user: { id, email, name, isOperator },
  }),
)

const here = resource(paths.api.profile(), { GET: read })
export const loader = here.loader
export const action = here.action
