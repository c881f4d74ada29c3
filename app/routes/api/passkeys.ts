import { z } from "zod"
import { listPasskeys } from "~/domain/accounts/passkeys.server"
import { endpoint } from "~/http/api/endpoint.server"
import { fewPasskeys, OwnPasskey, passkeyOf } from "~/http/api/passkeys.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const read = endpoint(
  {
    summary: "One’s own passkeys",
    details: `The oldest first. ${fewPasskeys}`,
    area: "Passkeys",
    who: "person",
    answer: z.object({ data: z.array(OwnPasskey) }).meta({ id: "Passkeys" }),
  },
  async ({ signedIn }) => ({ data: (await listPasskeys(signedIn.userId)).map(passkeyOf) }),
)

const here = resource(apiPaths.passkeys(), { GET: read })
export const loader = here.loader
export const action = here.action
