import { z } from "zod"
import { renamePerson } from "~/domain/accounts/profile.server"
import { PersonName } from "~/domain/organizations/schemas"
import { bearer } from "~/http/api/bearer.server"
import { endpoint } from "~/http/api/endpoint.server"
import { Profile, profileOf } from "~/http/api/profile.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

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
  async caller => profileOf(caller, spokenOf()),
)

const change = endpoint(
  {
    summary: "Change your name",
    details: "What others in your organisations see. The answer is the profile as it is from now on.",
    area: "Session",
    who: "person",
    body: z.object({ name: PersonName }),
    answer: Profile,
  },
  async ({ signedIn, body: { name } }) => {
    await renamePerson(signedIn.userId, name)
    return profileOf({ signedIn: { ...signedIn, name } }, spokenOf())
  },
)

/** The organisation of the token that was shown, if one was. */
function spokenOf(): string | null {
  const shown = bearer()
  return shown?.kind === "session" ? shown.organizationId : null
}

const here = resource(apiPaths.profile(), { GET: read, PATCH: change })
export const loader = here.loader
export const action = here.action
