import { switchOffTwoFactor } from "~/domain/accounts/enrolment.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Switch two-factor sign-in off",
    details: "Ends the person’s other sessions. Where it is off already, nothing happens.",
    area: "Second factor",
    who: "person",
    freshProof: true,
  },
  async ({ signedIn, requester }) => {
    await switchOffTwoFactor(signedIn, requester)
    return undefined
  },
)

const here = resource(apiPaths.mfaDisable(), { POST: create })
export const loader = here.loader
export const action = here.action
