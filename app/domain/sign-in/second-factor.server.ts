/**
 * The second half of a sign-in that owes a second factor [S8, S9]. The challenge in this browser says who and from where they
 * came; the answer is a code of the authenticator app, a recovery code or a passkey. A wrong answer is counted on the challenge,
 * which ends at the fifth, and codes that could be guessed are counted over all challenges of the account as well. A right one
 * ends the challenge and goes through `completeSignIn` like every way in; all of it is one transaction, so of two answers to
 * one challenge, or of two challenges answered by one code, one signs in.
 */
import { maskAddress } from "~/domain/accounts/addresses.server"
import { tellOfChange } from "~/domain/accounts/credential-change.server"
import { spendPasskey, verifyPasskey } from "~/domain/accounts/passkey-check.server"
import type { PasskeyRefusal } from "~/domain/accounts/passkey-words"
import { isRecoveryCodeShaped, spendRecoveryCode } from "~/domain/accounts/recovery-codes.server"
import type { SecondFactor } from "~/domain/accounts/second-factors"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { readChallenge } from "~/domain/accounts/sign-in-challenges.server"
import { checkTotp, isTotpShaped } from "~/domain/accounts/totp.server"
import { countTotpGuess, forgiveTotpGuess, type GuessedBehind } from "~/domain/accounts/totp-guesses.server"
import { tellOfGuesses } from "~/domain/accounts/totp-locked.server"
import { completeSignIn, type Entry, isMailedWay, isWayIn } from "~/domain/sign-in/complete-sign-in.server"
import type { SignInAttempt } from "~/domain/sign-in/email-link.server"
import { connectAfterSecondFactor } from "~/domain/sign-in/sso/waiting-identity.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import { log } from "~/platform/log.server"
import type { SignInChallenge } from "~/platform/models.server"

/** Wrong answers one challenge takes. */
export const challengeTries = 5

/** What shows the second factor: uses it up in the transaction, or says why it does not count. */
export type FactorCheck = (
  tx: Tx,
  userId: string,
) => Promise<Result<{ factor: SecondFactor; codesLeft?: number }, NotShown>>

/** Why a second factor was not shown; for codes, `wrong` or `used`. */
type NotShown = Exclude<PasskeyRefusal, "malformed">

export type SecondFactorRefusal =
  /** No code, and no answer of a passkey, looks like this: no try at one. */
  | { because: "malformed" }
  | { because: NotShown; triesLeft: number }
  /** Too many tries at this account lately. */
  | { because: "locked"; retryAfterSeconds: number }
  /** The challenge is over: answered, run out, or given up after too many wrong answers. */
  | { because: "ended" | "disabled" }

export type SecondFactorOutcome = { entry: Entry; codesLeft?: number }

/** Who a waiting sign-in is for, if it still waits. Changes nothing. */
export async function viewChallenge(
  token: string,
): Promise<{ userId: string; maskedEmail: string } | undefined> {
  const challenge = await readChallenge(db(), token)
  const user = challenge && (await db().user.findUnique({ where: { id: challenge.userId } }))
  return user ? { userId: user.id, maskedEmail: maskAddress(user.email) } : undefined
}

/** Answers a challenge with a code of the authenticator app. */
export async function answerWithTotp(
  token: string,
  typed: string,
  attempt: SignInAttempt,
): Promise<Result<SecondFactorOutcome, SecondFactorRefusal>> {
  const challenge = await readChallenge(db(), token)
  if (!challenge) return err({ because: "ended" })
  if (!isTotpShaped(typed)) return err({ because: "malformed" })
  const { userId } = challenge
  const behind = behindWay(challenge.way)
  const allowed = await countTotpGuess(userId, behind)
  if (!allowed.ok) {
    await transaction(tx => tellOfGuesses(tx, userId, attempt.requester))
    return err({ because: "locked", ...allowed.error })
  }
  let guessedWrong = false
  const answered = await answerChallenge(token, attempt, async (tx, id) => {
    const checked = await checkTotp(tx, id, typed)
    // A code that has counted before was known, not guessed.
    guessedWrong = !checked.ok && checked.error !== "used"
    if (checked.ok) return ok({ factor: "totp" })
    return err(checked.error === "used" ? "used" : "wrong")
  })
  // Asked of the code itself: the answer that ends a challenge does not say whether it was wrong.
  if (!guessedWrong) await forgiveTotpGuess(userId, behind)
  return answered
}

/** Answers a challenge with a recovery code, which tells the person by mail. */
export async function answerWithRecoveryCode(
  token: string,
  typed: string,
  attempt: SignInAttempt,
): Promise<Result<SecondFactorOutcome, SecondFactorRefusal>> {
  if (!isRecoveryCodeShaped(typed)) return err({ because: "malformed" })
  return answerChallenge(token, attempt, async (tx, userId) => {
    const spent = await spendRecoveryCode(tx, userId, typed)
    return spent.ok ? ok({ factor: "recovery_code", codesLeft: spent.value.left }) : spent
  })
}

/** Answers a challenge with one of the person's passkeys: its answer, or the JSON text of it. */
export async function answerWithPasskey(
  token: string,
  answer: unknown,
  attempt: SignInAttempt,
): Promise<Result<SecondFactorOutcome, SecondFactorRefusal>> {
  const challenge = await readChallenge(db(), token)
  if (!challenge) return err({ because: "ended" })
  const verified = await verifyPasskey({ kind: "second_factor", userId: challenge.userId }, answer)
  if (!verified.ok && verified.error === "malformed") return err({ because: "malformed" })
  return answerChallenge(token, attempt, async tx => {
    const shown = verified.ok ? await spendPasskey(tx, verified.value, attempt.requester) : verified
    if (shown.ok) return ok({ factor: "passkey" })
    return err(shown.error === "malformed" ? "wrong" : shown.error)
  })
}

/** Answers a challenge by whatever `check` says of its person. Fails with why not; a wrong answer stays counted. */
export function answerChallenge(
  token: string,
  attempt: SignInAttempt,
  check: FactorCheck,
): Promise<Result<SecondFactorOutcome, SecondFactorRefusal>> {
  return transaction(async tx => {
    const challenge = await readChallenge(tx, token)
    const user = challenge && (await tx.user.findUnique({ where: { id: challenge.userId } }))
    if (!challenge || !user || !isWayIn(challenge.way)) return err({ because: "ended" })
    if (user.disabledAt) return err({ because: "disabled" })
    const checked = await check(tx, user.id)
    if (!checked.ok) return err(await countWrong(tx, challenge, checked.error, attempt))
    const { factor: secondFactor, codesLeft } = checked.value
    await tx.signInChallenge.update({ where: { id: challenge.id }, data: { endedAt: now() } })
    const { requester, previousSessionToken } = attempt
    const { way, askedElsewhere } = challenge
    const completed = await completeSignIn(tx, {
      user,
      way,
      requester,
      previousSessionToken,
      askedElsewhere: askedElsewhere ?? undefined,
      secondFactor,
    })
    if (!completed.ok) return err({ because: completed.error })
    await connectAfterSecondFactor(tx, challenge.tokenHash, user, requester)
    if (codesLeft !== undefined) {
      const detail = `${codesLeft} left`
      await tellOfChange(tx, { user, what: "recovery_code_used", requester, detail })
    }
    failpoint("second-factor.before-commit")
    return ok({ entry: completed.value, codesLeft })
  })
}

async function countWrong(
  tx: Tx,
  { id, userId, way }: SignInChallenge,
  because: NotShown,
  { requester }: SignInAttempt,
): Promise<SecondFactorRefusal> {
  const { wrongCodes } = await tx.signInChallenge.update({
    where: { id },
    data: { wrongCodes: { increment: 1 } },
  })
  const triesLeft = challengeTries - wrongCodes
  await recordSecurityEvent(tx, { userId, kind: "second_factor_wrong", detail: way, requester })
  log.info({ user: userId, way, why: because }, "second factor refused")
  if (triesLeft > 0) return { because, triesLeft }
  await tx.signInChallenge.update({ where: { id }, data: { endedAt: now() } })
  return { because: "ended" }
}

function behindWay(way: string): GuessedBehind {
  return isWayIn(way) && isMailedWay(way) ? "mailbox" : "other"
}
