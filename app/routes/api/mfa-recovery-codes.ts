import { renewRecoveryCodes } from "~/domain/accounts/enrolment.server"
import { endpoint } from "~/http/api/endpoint.server"
import { RecoveryCodes } from "~/http/api/recovery-codes.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Make new recovery codes",
    details: "They end the ones there are.",
    area: "Second factor",
    who: "person",
    freshProof: true,
    status: 201,
    answer: RecoveryCodes,
    failures: ["not_on"],
  },
  async ({ signedIn, requester }) => {
    const recoveryCodes = await renewRecoveryCodes(signedIn, requester)
    if (!recoveryCodes) throw failureJson("not_on")
    return { recoveryCodes }
  },
)

const here = resource(apiPaths.mfaRecoveryCodes(), { POST: create })
export const loader = here.loader
export const action = here.action
