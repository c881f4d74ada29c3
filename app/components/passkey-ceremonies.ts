import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser"
import { err, ok, type Result } from "~/lib/result"

/*
 * How a page asks the browser for a passkey (https://www.w3.org/TR/webauthn-3/#sctn-getAssertion). The sign-in page loads it with
 * every visit, so it brings no library, and reads the answer field by field: some password managers answer with objects that
 * cannot write themselves down.
 */

/** `aborted`: another ceremony began. `declined`: nobody answered, or there is no passkey; browsers do not tell which. */
export type CeremonyFailure = "aborted" | "declined" | "exists" | "unable"

/** What to say of each; of `aborted`, nothing. */
export const ceremonyWords: Record<Exclude<CeremonyFailure, "aborted">, string> = {
  declined: "No passkey was used. Try again, or choose another way.",
  exists: "This device, or its password manager, already keeps a passkey of yours for this site.",
  unable: "This browser could not use a passkey here. Choose another way.",
}

let current: AbortController | undefined

/**
 * Uses a passkey; the answer is JSON text for a form field. With `autofill`, waits until one is chosen from the list below a field
 * that allows it. Ends the ceremony before it.
 */
export async function askForPasskey(
  options: PublicKeyCredentialRequestOptionsJSON,
  { autofill = false } = {},
): Promise<Result<string, CeremonyFailure>> {
  endCeremony()
  current = new AbortController()
  const { signal } = current
  return answered(async () => {
    const publicKey: PublicKeyCredentialRequestOptions = {
      challenge: bytesOf(options.challenge),
      rpId: options.rpId,
      timeout: options.timeout,
      userVerification: options.userVerification,
      allowCredentials: (options.allowCredentials ?? []).map(({ id, transports }) => ({
        id: bytesOf(id),
        type,
        transports: reaches.filter(one => transports?.includes(one)),
      })),
    }
    const mediation = autofill ? "conditional" : undefined
    const credential = await navigator.credentials.get({ publicKey, mediation, signal })
    return isAnswer(credential) ? written(credential) : undefined
  })
}

/** Whether this browser lists passkeys below a field. */
export async function autofillWorks(): Promise<boolean> {
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false
}

/** Ends the ceremony that waits, if one does. */
export function endCeremony(): void {
  current?.abort()
}

/** What a ceremony gave as text, or why it gave nothing. */
export async function answered(
  ceremony: () => Promise<object | undefined>,
): Promise<Result<string, CeremonyFailure>> {
  try {
    const answer = await ceremony()
    return answer ? ok(JSON.stringify(answer)) : err("unable")
  } catch (error) {
    return err(failures[error instanceof Error ? error.name : ""] ?? "unable")
  }
}

/** By the names of https://www.w3.org/TR/webauthn-3/#sctn-op-make-cred and its sibling. */
const failures: Record<string, CeremonyFailure> = {
  AbortError: "aborted",
  NotAllowedError: "declined",
  InvalidStateError: "exists",
}

const type = "public-key"
const reaches: AuthenticatorTransport[] = ["ble", "hybrid", "internal", "nfc", "usb"]

type Answer = { rawId: ArrayBuffer; response: AuthenticatorAssertionResponse }

function isAnswer(credential: object | null): credential is Answer {
  return credential !== null && "rawId" in credential && "response" in credential
}

function written({ rawId, response }: Answer) {
  const id = textOf(rawId)
  return {
    id,
    rawId: id,
    type,
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      userHandle: response.userHandle ? textOf(response.userHandle) : undefined,
    },
  }
}

/** Bytes from and to base64url (RFC 4648, 5), which browsers have learnt too lately to count on. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  return Uint8Array.from(binary, character => character.charCodeAt(0))
}

function textOf(bytes: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}
