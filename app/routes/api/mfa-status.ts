import { z } from "zod"
import { viewTwoFactor } from "~/domain/accounts/enrolment.server"
import { secondFactors } from "~/domain/accounts/second-factors"
import { waysToAnswer } from "~/domain/sign-in/challenge-ways.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const Status = z
  .object({
    enabled: z.boolean(),
    since: z.iso.datetime().nullable(),
    recoveryCodesLeft: z.int(),
    available: z.array(z.enum(secondFactors)).meta({ description: "The second factors this person has." }),
    shown: z.boolean().meta({
      description: "Whether one was shown in this session. Some organisations ask for it.",
    }),
  })
  .meta({ id: "TwoFactorStatus" })

const read = endpoint(
  { summary: "How two-factor sign-in stands", area: "Second factor", who: "person", answer: Status },
  async ({ signedIn }) => {
    const view = await viewTwoFactor(signedIn)
    const { since, codesLeft } = view.state === "on" ? view : { since: undefined, codesLeft: 0 }
    return {
      enabled: since !== undefined,
      since: since?.toISOString() ?? null,
      recoveryCodesLeft: codesLeft,
      available: await waysToAnswer(signedIn.userId),
      shown: signedIn.twoFactors,
    }
  },
)

const here = resource(apiPaths.mfaStatus(), { GET: read })
export const loader = here.loader
export const action = here.action
