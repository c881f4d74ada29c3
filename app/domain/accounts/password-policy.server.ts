import { lengthFlaw, normalizePassword, type PasswordFlaw } from "~/domain/accounts/password-rules"
import { err, ok, type Result } from "~/lib/result"
import { isBreached } from "~/platform/breached-passwords.server"
import { env } from "~/platform/env.server"

/** The least strength taken: more than a million guesses. */
const leastScore = 2

/**
 * Whether this may become somebody's password [S6]. `about` are words that stand near it: name and address. Fails with its
 * flaw. The common ones are always known; whether it is breached is asked elsewhere, if somebody answers.
 */
export async function checkChoice(
  typed: string,
  about: readonly string[],
): Promise<Result<void, PasswordFlaw>> {
  const password = normalizePassword(typed)
  const flaw = lengthFlaw(password)
  if (flaw) return err(flaw)
  const { strengthOf } = await import("~/domain/accounts/password-strength")
  const { score, common } = strengthOf(password, [...about, env().appName])
  if (score < leastScore) return err(common ? "common" : "guessable")
  return (await isBreached(password)) ? err("breached") : ok()
}
