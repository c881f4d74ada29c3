import { z } from "zod"
import { beginEnrolment, viewTwoFactor } from "~/domain/accounts/enrolment.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { qrCode } from "~/http/qr-code.server"
import { apiPaths } from "~/lib/api-paths"

const SetUp = z
  .object({
    secret: z.string().meta({ description: "In base32, for people to type." }),
    otpauthUrl: z.string().meta({ description: "For an authenticator app." }),
    qrCode: z.string().meta({ description: "The same to photograph: an SVG as a `data:` URL." }),
  })
  .meta({ id: "TwoFactorSetUp" })

const create = endpoint(
  {
    summary: "Begin to set up two-factor sign-in",
    details:
      "Offers a secret, in place of one offered before. It counts once `POST /api/auth/mfa/enable` has a code of it, within half an hour.",
    area: "Second factor",
    who: "person",
    freshProof: true,
    answer: SetUp,
    failures: ["already_on"],
  },
  async ({ signedIn }) => {
    const begun = await beginEnrolment(signedIn)
    const view = begun ? await viewTwoFactor(signedIn) : undefined
    if (view?.state !== "offered") throw failureJson("already_on")
    const { secret, uri } = view
    return { secret, otpauthUrl: uri, qrCode: await qrCode(uri) }
  },
)

const here = resource(apiPaths.mfaSetUp(), { POST: create })
export const loader = here.loader
export const action = here.action
