import { type CodeRefusal, spendCode } from "~/domain/links/spend-code.server"
import { enter, type SignInAttempt, type SignInOutcome } from "~/domain/sign-in/email-link.server"
import { LinkError } from "~/domain/sign-in/link-error.server"
import { err, ok, type Result } from "~/lib/result"
import { hashToken } from "~/platform/crypto.server"
import { transaction } from "~/platform/db.server"
import { log } from "~/platform/log.server"

export type CodeFailure = CodeRefusal | "disabled"

/**
 * Signs in with the code of the mail, in the browser that asked for it [L4]. A wrong try is counted and kept [L5]; a
 * right one spends the link with it.
 */
export async function signInWithCode(
  typed: string,
  attempt: SignInAttempt & { requestToken: string },
): Promise<Result<SignInOutcome, CodeFailure>> {
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
