import { z } from "zod"
import { countPasskeyCheck, forgivePasskeyCheck } from "~/domain/accounts/passkey-limit.server"
import { registerPasskey } from "~/domain/accounts/passkey-registration.server"
import { passkeyName } from "~/domain/accounts/passkey-schemas"
import { findPasskey } from "~/domain/accounts/passkeys.server"
import { endpoint } from "~/http/api/endpoint.server"
import { KeptPasskey, MadePasskey, passkeyOf, refusePasskey } from "~/http/api/passkeys.server"
import { tooManyJson } from "~/http/api/refusals.server"
import { renewalDetails, renewalTeller } from "~/http/api/renewed-session.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Keep a new passkey",
    details: `With what the device answered to the options. Ends the person’s other sessions; this one counts as having shown the second factor. ${renewalDetails}`,
    area: "Passkeys",
    who: "person",
    creates: { toldOnce: "accessToken" },
    body: z.object({
      name: passkeyName.optional().meta({ description: "To know it by. Without one, the browser’s." }),
      passkey: MadePasskey,
    }),
    status: 201,
    answer: KeptPasskey,
    failures: ["passkey_refused", "passkey_known", "limit_reached", "too_many_requests"],
  },
  async call => {
    const { signedIn, body, requester } = call
    const allowed = await countPasskeyCheck(requester.clientAddress)
    if (!allowed.ok) throw tooManyJson(allowed.error)
    const tellRenewal = renewalTeller(call)
    const made = await registerPasskey(
      { ...signedIn, requester },
      { name: body.name ?? "", answer: body.passkey },
    )
    if (!made.ok) throw refusePasskey(made.error)
    await forgivePasskeyCheck(requester.clientAddress)
    const renewed = await tellRenewal(made.value.sessionToken)
    const passkey = await findPasskey(signedIn.userId, made.value.passkeyId)
    if (!passkey) throw failureJson("not_found")
    return { ...passkeyOf(passkey), ...renewed }
  },
)

const here = resource(apiPaths.registerPasskey(), { POST: create })
export const loader = here.loader
export const action = here.action
