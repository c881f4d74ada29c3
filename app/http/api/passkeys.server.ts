/** What the endpoints for passkeys share: the shapes of WebAuthn in JSON (https://www.w3.org/TR/webauthn-3/), and their refusals. */
import { z } from "zod"
import { NewPasskeyAnswer, PasskeyAnswer } from "~/domain/accounts/passkey-answers.server"
import {
  mostPasskeys,
  type PasskeyRefusal,
  passkeyWords,
  type RegistrationRefusal,
} from "~/domain/accounts/passkey-words"
import type { ListedPasskey } from "~/domain/accounts/passkeys.server"
import { Renewed } from "~/http/api/renewed-session.server"
import { failureJson } from "~/http/failures.server"

const Known = z.array(
  z.object({ id: z.string(), type: z.string(), transports: z.array(z.string()).optional() }),
)

/** What `PublicKeyCredential.parseRequestOptionsFromJSON` takes. */
export const PasskeyRequestOptions = z
  .object({
    challenge: z.string().meta({ description: "Counts once, for five minutes." }),
    timeout: z.number().optional().meta({ description: "Milliseconds." }),
    rpId: z.string().optional(),
    allowCredentials: Known.optional(),
    userVerification: z.string().optional(),
  })
  .meta({
    id: "PasskeyRequestOptions",
    description: "For `PublicKeyCredential.parseRequestOptionsFromJSON`, then `navigator.credentials.get`.",
  })

/** What `PublicKeyCredential.parseCreationOptionsFromJSON` takes. */
export const PasskeyCreationOptions = z
  .object({
    rp: z.object({ id: z.string().optional(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string().meta({ description: "Counts once, for five minutes." }),
    pubKeyCredParams: z.array(z.object({ type: z.string(), alg: z.number() })),
    timeout: z.number().optional().meta({ description: "Milliseconds." }),
    excludeCredentials: Known.optional(),
    authenticatorSelection: z
      .object({
        residentKey: z.string().optional(),
        requireResidentKey: z.boolean().optional(),
        userVerification: z.string().optional(),
      })
      .optional(),
    attestation: z.string().optional(),
    extensions: z.object({ credProps: z.boolean().optional() }).optional(),
  })
  .meta({
    id: "PasskeyCreationOptions",
    description:
      "For `PublicKeyCredential.parseCreationOptionsFromJSON`, then `navigator.credentials.create`.",
  })

export const ShownPasskey = PasskeyAnswer.meta({
  id: "PasskeyAnswer",
  description: "What `navigator.credentials.get` answered, by its `toJSON`.",
})

export const MadePasskey = NewPasskeyAnswer.meta({
  id: "NewPasskeyAnswer",
  description: "What `navigator.credentials.create` answered, by its `toJSON`.",
})

export const OwnPasskey = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    madeOn: z.string().meta({ description: "The browser it was made in." }),
    keptIn: z.string().nullable().meta({ description: "The password manager, or the like, if it is known." }),
    backedUp: z.boolean(),
    otherHost: z.string().nullable().meta({
      description: "The host name it was made under when that is not this one: it opens nothing here.",
    }),
  })
  .meta({ id: "Passkey" })

/** As it is made. */
export const KeptPasskey = OwnPasskey.extend(Renewed.shape).meta({ id: "KeptPasskey" })

/** One of a person's own, as answers tell it. */
export function passkeyOf({ createdAt, lastUsedAt, ...rest }: ListedPasskey): z.input<typeof OwnPasskey> {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }
}

/** The answer to a passkey that does not count. */
export function refusePasskey(why: PasskeyRefusal | RegistrationRefusal | "disabled"): Response {
  if (why === "disabled") return failureJson("account_disabled")
  if (why === "signed_out") return failureJson("signed_out")
  const code = why === "taken" ? "passkey_known" : why === "too_many" ? "limit_reached" : "passkey_refused"
  const words = why === "malformed" ? "This is no answer of a passkey." : passkeyWords[why]
  return failureJson(code, { words })
}

/** In the document, of a list that has no pages. */
export const fewPasskeys = `Nobody has more than ${mostPasskeys}.`
