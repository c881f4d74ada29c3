import type { AppLoadContext } from "@remix-run/node"
import { z } from "zod"
import type { Requester } from "~/domain/accounts/requester"
import {
  answerWithPasskey,
  answerWithRecoveryCode,
  answerWithTotp,
  type SecondFactorOutcome,
  type SecondFactorRefusal,
} from "~/domain/sign-in/second-factor.server"
import { onlyOne, tellOnlyOne } from "~/http/api/only-one.server"
import { ShownPasskey } from "~/http/api/passkeys.server"
import { answerEntry, Tokens } from "~/http/api/tokens.server"
import { failureJson } from "~/http/failures.server"
import { type FactorShown, secondFactorWords } from "~/http/second-factor-words.server"
import type { Result } from "~/lib/result"

const fieldOf = { totp: "code", recovery_code: "recoveryCode", passkey: "passkey" } as const

/** The second factor of a sign-in that waits for it. */
export const ShowFactor = z
  .object({
    challenge: z.string().min(1).max(128).meta({ description: "As the first factor was answered with it." }),
    code: z.string().max(64).optional().meta({ description: "Six digits of the authenticator app." }),
    recoveryCode: z.string().max(64).optional(),
    passkey: ShownPasskey.optional(),
  })
  .refine(...onlyOne("code", "recoveryCode", "passkey"))
  .meta({
    id: "SecondFactorShown",
    description: "The challenge, and exactly one of the others.",
    ...tellOnlyOne(["code", "recoveryCode", "passkey"], { challenge: "…", code: "123456" }),
  })

export const FactorTokens = Tokens.extend({
  recoveryCodesLeft: z.int().optional().meta({ description: "When one was used." }),
}).meta({ id: "TokensAfterSecondFactor" })

type Shown = z.output<typeof ShowFactor>

/** Which of them was sent. */
export function factorIn({ code, recoveryCode }: Shown): FactorShown {
  if (code !== undefined) return "totp"
  return recoveryCode === undefined ? "passkey" : "recovery_code"
}

/** Answers the waiting sign-in with whichever was sent. */
export function answerFactor(
  { challenge, code, recoveryCode, passkey }: Shown,
  requester: Requester,
): Promise<Result<SecondFactorOutcome, SecondFactorRefusal>> {
  const attempt = { requester }
  if (code !== undefined) return answerWithTotp(challenge, code, attempt)
  if (recoveryCode !== undefined) return answerWithRecoveryCode(challenge, recoveryCode, attempt)
  return answerWithPasskey(challenge, passkey, attempt)
}

/** The tokens that follow a second factor, and how many recovery codes are left when it was one. */
export async function factorTokens(
  { entry, codesLeft }: SecondFactorOutcome,
  asked: { request: Request; context: AppLoadContext },
): Promise<z.input<typeof FactorTokens>> {
  const answer = await answerEntry(entry, asked)
  if (answer.status !== "signed_in") throw new Error("a second factor was shown, and another is owed")
  return codesLeft === undefined ? answer : { ...answer, recoveryCodesLeft: codesLeft }
}

/** The answer to a second factor that does not count: how many tries are left, or when to come back. */
export function refuseFactor(refused: SecondFactorRefusal, by: FactorShown): Response {
  const words = secondFactorWords(refused, by)
  switch (refused.because) {
    case "malformed":
      return failureJson("invalid_input", { fields: { [fieldOf[by]]: [words] } })
    case "locked":
      return failureJson("too_many_requests", { words, retryAfterSeconds: refused.retryAfterSeconds })
    case "ended":
      return failureJson("sign_in_over", { words })
    case "disabled":
      return failureJson("account_disabled", { words })
    default:
      return failureJson(by === "passkey" ? "passkey_refused" : "code_wrong", { words })
  }
}
