import { z } from "zod"
import { secondFactorOptions, signInOptions } from "~/domain/accounts/passkey-options.server"
import { viewChallenge } from "~/domain/sign-in/second-factor.server"
import { endpoint } from "~/http/api/endpoint.server"
import { PasskeyRequestOptions } from "~/http/api/passkeys.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Ask for a passkey",
    details:
      "Without a challenge, to sign in by `POST /api/auth/passkeys/login`: no address is needed, the device knows whose passkey it is. With that of a sign-in that waits for its second factor, for `POST /api/auth/mfa/verify`. Asking changes nothing.",
    area: "Passkeys",
    who: "anyone",
    staleToken: "ignored",
    body: z.object({ challenge: z.string().min(1).max(128).optional() }).default({}),
    answer: PasskeyRequestOptions,
    failures: ["sign_in_over"],
  },
  async ({ body: { challenge } }) => {
    if (challenge === undefined) return signInOptions()
    const waiting = await viewChallenge(challenge)
    if (!waiting) throw failureJson("sign_in_over")
    return secondFactorOptions(waiting.userId)
  },
)

const here = resource(apiPaths.passkeySignInOptions(), { POST: create })
export const loader = here.loader
export const action = here.action
