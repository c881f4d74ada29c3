import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { endpoint } from "~/http/api/endpoint.server"
import { tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import {
  answerFactor,
  FactorTokens,
  factorIn,
  factorTokens,
  refuseFactor,
  ShowFactor,
} from "~/http/api/second-factor.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Show the second factor",
    details:
      "Ends a sign-in that was answered with `second_factor`. Five wrong answers end it without. For a passkey, ask `POST /api/auth/passkeys/login-options` with the same challenge first.",
    area: "Second factor",
    who: "anyone",
    staleToken: "ignored",
    body: ShowFactor,
    answer: FactorTokens,
    failures: ["code_wrong", "passkey_refused", "account_disabled", "sign_in_over", "too_many_requests"],
  },
  async ({ body, request, context, requester }) => {
    const allowed = await countCheck(requester.clientAddress)
    if (!allowed.ok) throw tooManyJson(allowed.error)
    const answered = await answerFactor(body, requester)
    if (!answered.ok) throw refuseFactor(answered.error, factorIn(body))
    await forgiveCheck(requester.clientAddress)
    return factorTokens(answered.value, { request, context })
  },
)

const here = resource(apiPaths.mfaVerify(), { POST: create })
export const loader = here.loader
export const action = here.action
