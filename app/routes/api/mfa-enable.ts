import { z } from "zod"
import { confirmEnrolment } from "~/domain/accounts/enrolment.server"
import { endpoint } from "~/http/api/endpoint.server"
import { FirstRecoveryCodes } from "~/http/api/recovery-codes.server"
import { renewalDetails, renewalTeller } from "~/http/api/renewed-session.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Switch two-factor sign-in on",
    details: `With a code of the secret that was offered. Ends the person’s other sessions; this one counts as having shown the second factor. ${renewalDetails}`,
    area: "Second factor",
    who: "person",
    body: z.object({ code: z.string().trim().min(1, "Enter the code.").max(64) }),
    answer: FirstRecoveryCodes,
    failures: ["code_wrong", "nothing_pending"],
  },
  async call => {
    const { signedIn, body, requester } = call
    const tellRenewal = renewalTeller(call)
    const confirmed = await confirmEnrolment(signedIn, body.code, requester)
    if (!confirmed.ok) throw refused[confirmed.error]()
    const renewed = await tellRenewal(confirmed.value.sessionToken)
    return { recoveryCodes: confirmed.value.recoveryCodes, ...renewed }
  },
)

const refused = {
  ended: () => failureJson("signed_out"),
  wrong: () =>
    failureJson("code_wrong", {
      words: "That code does not fit. Wait for the next one, and check that the phone’s clock is right.",
    }),
  none: () =>
    failureJson("nothing_pending", {
      words: "No secret waits to be confirmed, or no longer. Begin with `POST /api/auth/mfa/setup`.",
    }),
}

const here = resource(apiPaths.mfaEnable(), { POST: create })
export const loader = here.loader
export const action = here.action
