/**
 * How many codes of an authenticator app may be tried at one account, over all its waiting sign-ins [S8]: three of a million
 * codes are right at any moment, so ten tries in 15 minutes, and longer waits for who goes on, leave a guesser less than one
 * chance in a thousand a day. Counted apart by what the guesser has shown before, so that whoever knows only the password keeps
 * nobody from coming in by mail; recovery codes and passkeys cannot be guessed and are not counted here.
 */
import type { Result } from "~/lib/result"
import { env } from "~/platform/env.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

const guesses = defineLimit({
  name: "totp-account",
  points: () => env().limits.secondFactorPerAccount,
  seconds: 15 * 60,
  durable: true,
  penalty: true,
})

/** What whoever tries a code has shown already: the mailbox, another first factor, or a session. */
export type GuessedBehind = "mailbox" | "other" | "session"

/** Counts one try. Fails with when to come back. */
export function countTotpGuess(userId: string, behind: GuessedBehind): Promise<Result<void, TooMany>> {
  return guesses.consume(`${userId}/${behind}`)
}

/** Gives the try back after a right code. */
export function forgiveTotpGuess(userId: string, behind: GuessedBehind): Promise<void> {
  return guesses.reward(`${userId}/${behind}`)
}
