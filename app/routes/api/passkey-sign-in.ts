import { z } from "zod"
import { countPasskeyCheck, forgivePasskeyCheck } from "~/domain/accounts/passkey-limit.server"
import { signInWithPasskey } from "~/domain/sign-in/passkey-sign-in.server"
import { endpoint } from "~/http/api/endpoint.server"
import { refusePasskey, ShownPasskey } from "~/http/api/passkeys.server"
import { tooManyJson } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { answerEntry, SignInAnswer } from "~/http/api/tokens.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Sign in with a passkey",
    details: "It counts as both factors.",
    area: "Passkeys",
    who: "anyone",
    staleToken: "ignored",
    body: z.object({ passkey: ShownPasskey }),
    answer: SignInAnswer,
    failures: ["passkey_refused", "account_disabled", "too_many_requests"],
  },
  async ({ body, request, context, requester }) => {
    const allowed = await countPasskeyCheck(requester.clientAddress)
    if (!allowed.ok) throw tooManyJson(allowed.error)
    const entered = await signInWithPasskey(body.passkey, { requester })
    if (!entered.ok) throw refusePasskey(entered.error)
    await forgivePasskeyCheck(requester.clientAddress)
    return answerEntry(entered.value, { request, context })
  },
)

const here = resource(apiPaths.passkeySignIn(), { POST: create })
export const loader = here.loader
export const action = here.action
