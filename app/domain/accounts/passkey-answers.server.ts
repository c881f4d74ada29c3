import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server"
import { z } from "zod"

/*
 * What a browser answers to a ceremony, as JSON (https://www.w3.org/TR/webauthn-3/#iface-pkcredential, toJSON). It comes as an
 * object, or as its text in a form field.
 */

/** Of a real answer: 2 kB with the largest attestation. */
const longestAnswer = 16_000
const base64url = z.string().regex(/^[\w-]+={0,2}$/)

const credential = {
  id: base64url.max(1_400),
  rawId: base64url.max(1_400),
  type: z.literal("public-key"),
  clientExtensionResults: z.object({}).loose().default({}),
}

/** What a browser answers when it is asked for a passkey. */
export const PasskeyAnswer = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
})

/** What a browser answers with a passkey it made. */
export const NewPasskeyAnswer = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.enum(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]))
      .optional()
      .catch([]),
  }),
})

const ClientData = z.object({ challenge: base64url })

/** The answer of a passkey, or undefined when it is none. */
export function readSignInAnswer(answer: unknown): AuthenticationResponseJSON | undefined {
  return PasskeyAnswer.safeParse(parsed(answer)).data
}

/** The answer with a new passkey, or undefined when it is none. */
export function readRegistrationAnswer(answer: unknown): RegistrationResponseJSON | undefined {
  return NewPasskeyAnswer.safeParse(parsed(answer)).data
}

/** The challenge an answer says it answers, in base64url; empty when it says none. */
export function challengeOf(answer: { response: { clientDataJSON: string } }): string {
  const text = Buffer.from(answer.response.clientDataJSON, "base64url").toString("utf8")
  return ClientData.safeParse(parsed(text)).data?.challenge ?? ""
}

function parsed(answer: unknown): unknown {
  if (typeof answer !== "string") return answer
  if (answer.length > longestAnswer) return undefined
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}
