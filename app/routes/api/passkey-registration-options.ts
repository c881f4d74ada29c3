import { passkeysWorkHere } from "~/domain/accounts/passkey-host.server"
import { registrationOptions } from "~/domain/accounts/passkey-options.server"
import { endpoint } from "~/http/api/endpoint.server"
import { PasskeyCreationOptions } from "~/http/api/passkeys.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const create = endpoint(
  {
    summary: "Begin to make a passkey",
    details: "Asking changes nothing. What the device answers goes to `POST /api/auth/passkeys/register`.",
    area: "Passkeys",
    who: "person",
    freshProof: true,
    answer: PasskeyCreationOptions,
    failures: ["passkeys_off"],
  },
  async ({ signedIn }) => {
    if (!passkeysWorkHere()) throw failureJson("passkeys_off")
    return registrationOptions(signedIn)
  },
)

const here = resource(apiPaths.passkeyRegistrationOptions(), { POST: create })
export const loader = here.loader
export const action = here.action
