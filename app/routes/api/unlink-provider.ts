import { z } from "zod"
import { disconnectIdentities } from "~/domain/accounts/identities.server"
import { isProvider } from "~/domain/accounts/providers.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const remove = endpoint(
  {
    summary: "Disconnect a provider",
    details:
      "All of one’s accounts there. Ends the person’s other sessions. The last way into an account cannot be removed.",
    area: "Providers",
    who: "person",
    freshProof: true,
    params: z.object({ provider: z.string().max(20) }),
    failures: ["not_found", "last_way_in"],
  },
  async ({ signedIn, params: { provider }, requester }) => {
    if (!isProvider(provider)) throw failureJson("not_found")
    const { userId: id, email, sessionId: keepSessionId } = signedIn
    const gone = await disconnectIdentities({ id, email }, { provider }, { requester, keepSessionId })
    if (!gone.ok) throw failureJson(gone.error === "none" ? "not_found" : "last_way_in")
    return undefined
  },
)

const here = resource(apiPaths.unlinkProvider(":provider"), { DELETE: remove })
export const loader = here.loader
export const action = here.action
