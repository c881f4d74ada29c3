import { z } from "zod"
import { maskAddress } from "~/domain/accounts/addresses.server"
import {
  isFresh,
  type ProofFailure,
  type ProofGiven,
  proofLifetime,
  waysToProve,
} from "~/domain/accounts/fresh-proof.server"
import { proofOptions } from "~/domain/accounts/passkey-options.server"
import type { SignedIn } from "~/domain/accounts/sessions.server"
import { onlyOne, tellOnlyOne } from "~/http/api/only-one.server"
import { PasskeyRequestOptions, ShownPasskey } from "~/http/api/passkeys.server"
import { Renewed } from "~/http/api/renewed-session.server"
import { failureJson } from "~/http/failures.server"
import { proofWords } from "~/http/proof-words.server"
import { type ProofWay, proofWays } from "~/lib/form-problem"

export const Proof = z
  .object({
    fresh: z
      .boolean()
      .meta({ description: "Whether acts that ask for fresh proof are open to this session." }),
    until: z.iso.datetime().nullable().meta({ description: "When it will be fresh no more." }),
    ways: z.array(z.enum(proofWays)).meta({
      description: "How this person can prove anew who they are, the one they came in by first.",
    }),
    email: z.string().meta({ description: "Where a code would be mailed, masked." }),
    passkey: PasskeyRequestOptions.optional(),
  })
  .meta({ id: "Proof" })

export const ProofTaken = Proof.extend(Renewed.shape).meta({ id: "ProofTaken" })

/** What somebody shows to prove anew who they are. */
export const GiveProof = z
  .object({
    code: z.string().min(1).max(64).optional().meta({ description: "As it was mailed." }),
    password: z.string().min(1).max(1_024).optional(),
    totp: z.string().min(1).max(64).optional().meta({
      description: "Six digits of the authenticator app, or a recovery code.",
    }),
    passkey: ShownPasskey.optional().meta({ description: "The answer to the `passkey` of the GET." }),
  })
  .refine(...onlyOne(...proofWays))
  .meta({
    id: "ProofGiven",
    description: "Exactly one of these.",
    ...tellOnlyOne(proofWays, { code: "ABC234" }),
  })

/** How the proof of this session stands, and how it can be given anew. */
export async function proofOf(signedIn: SignedIn): Promise<z.input<typeof Proof>> {
  const { provenAt, email, userId } = signedIn
  const ways = await waysToProve(signedIn)
  const fresh = isFresh(signedIn)
  return {
    fresh,
    until: fresh ? new Date(+provenAt + proofLifetime).toISOString() : null,
    ways,
    email: maskAddress(email),
    ...(ways.includes("passkey") && { passkey: await proofOptions(userId) }),
  }
}

/** Which of them was sent. */
export function proofIn({ code, password, totp, passkey }: z.output<typeof GiveProof>): ProofGiven {
  if (code !== undefined) return { way: "code", value: code }
  if (password !== undefined) return { way: "password", value: password }
  if (totp !== undefined) return { way: "totp", value: totp }
  return { way: "passkey", value: JSON.stringify(passkey) }
}

/** The answer to a proof that does not hold. */
export function refuseProof(way: ProofWay, failure: ProofFailure): Response {
  const words = proofWords(way, failure)
  switch (failure.why) {
    case "limited":
      return failureJson("too_many_requests", { words, retryAfterSeconds: failure.retryAfterSeconds })
    case "busy":
      return failureJson("busy", { words, retryAfterSeconds: 5 })
    case "ended":
      return failureJson("signed_out")
    case "none":
      return failureJson("way_not_open", { words })
    default:
      return failureJson("proof_refused", { words })
  }
}
