import { type PublicKeyCredentialCreationOptionsJSON, startRegistration } from "@simplewebauthn/browser"
import { answered, type CeremonyFailure } from "~/components/passkey-ceremonies"
import type { Result } from "~/lib/result"

/** Makes a passkey; the answer is JSON text for a form field. Load it where one is made: import("~/components/passkey-creation"). */
export function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<Result<string, CeremonyFailure>> {
  return answered(() => startRegistration({ optionsJSON }))
}
