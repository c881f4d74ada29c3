import { isCodeShaped } from "~/domain/links/code-alphabet"
import { type CodeRefusal, codeTries, spendCode } from "~/domain/links/spend-code.server"
import { enter, type SignInAttempt, type SignInOutcome } from "~/domain/sign-in/email-link.server"
import { LinkError } from "~/domain/sign-in/link-error.server"
import { err, ok, type Result } from "~/lib/result"
import { hashToken } from "~/platform/crypto.server"
import { transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { defineLimit } from "~/platform/rate-limit.server"

export type CodeFailure = Exclude<CodeRefusal, "none" | "expired"> | "disabled"

/**
 * Tries for a request without a code that counts, there being nobody to mail it to, or it having been used: void after as many as
 * those for one with a code. Wrong ones count from the start, for a code may be used between two of them.
 */
const triesInVain = defineLimit({
  name: "codes-in-vain",
  points: () => codeTries - 1,
  seconds: 15 * 60,
  durable: true,
})

/**
 * Signs in with the code of the mail, in the browser that asked for it [L4]. A wrong try is counted and kept [L5]; a
 * right one spends the link with it. Where no mail was sent, there being nobody to send it to, a try ends as where one was
 * [L11]; that a code was used hears only who has it.
 */
export async function signInWithCode(
  typed: string,
  attempt: SignInAttempt & { requestToken: string },
): Promise<Result<SignInOutcome, CodeFailure>> {
  if (!isCodeShaped(typed)) return err("malformed")
  const tried = await tryCode(typed, attempt)
  if (tried.ok) return tried
  const { error } = tried
  if (error !== "none" && error !== "expired" && error !== "wrong") return err(error)
  const allowed = await triesInVain.consume(hashToken(attempt.requestToken))
  return err(error === "wrong" || allowed.ok ? "wrong" : "void")
}

async function tryCode(
  typed: string,
  attempt: SignInAttempt & { requestToken: string },
): Promise<Result<SignInOutcome, CodeFailure | "none" | "expired">> {
  try {
    return await transaction(async tx => {
      const spent = await spendCode(tx, hashToken(attempt.requestToken), typed)
      if (!spent.ok) {
        log.info({ why: spent.error }, "code refused")
        return err(spent.error)
      }
      return ok(await enter(tx, spent.value, "code", attempt))
    })
  } catch (error) {
    if (error instanceof LinkError && error.failure === "disabled") return err("disabled")
    throw error
  }
}
