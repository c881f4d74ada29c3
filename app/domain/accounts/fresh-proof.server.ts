/**
 * Fresh proof of who somebody is, asked for before sensitive acts when the last is a while ago [S5]. Whoever has two-factor
 * sign-in on gives the second factor: their mailbox alone, or their password alone, lets nobody in, and must not open more to
 * whoever found them signed in. Everybody else gives whichever of code, password and passkey they have. A proof that holds gives
 * the session a new id [S2].
 */
import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import { type ProofGiven, type ProofRefusal, readProof } from "~/domain/accounts/proof-check.server"
import { isRecoveryCodeShaped } from "~/domain/accounts/recovery-codes.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { renewSession, type SignedIn } from "~/domain/accounts/sessions.server"
import { countTotpGuess, forgiveTotpGuess } from "~/domain/accounts/totp-guesses.server"
import { tellOfGuesses } from "~/domain/accounts/totp-locked.server"
import { hasTwoFactor } from "~/domain/accounts/two-factor.server"
import { waysIn } from "~/domain/accounts/ways-in.server"
import { lastProofCode, openProofCode } from "~/domain/links/proof-code.server"
import { queueMail } from "~/domain/mail/outbox.server"
import type { ProofWay } from "~/lib/form-problem"
import { err, ok, type Result } from "~/lib/result"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import { log } from "~/platform/log.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

export type { ProofGiven, ProofRefusal }

/** Milliseconds for which a proof counts as fresh. */
export const proofLifetime = 15 * 60 * 1000

/** A second mail is not sent while the first is on its way. */
const betweenMails = 60 * 1000

/** By person: whoever found them signed in gets no more guesses by finding another of their devices. */
const tries = defineLimit({ name: "proof-tries", points: () => 10, seconds: 15 * 60, durable: true })
const mails = defineLimit({ name: "proof-mails", points: () => 6, seconds: 60 * 60, durable: true })

/** Whether this session has shown lately whose it is. */
export function isFresh({ provenAt }: Pick<SignedIn, "provenAt">): boolean {
  return provenAt > fromNow(-proofLifetime)
}

/** The ways this person can prove anew who they are, the one they came in by first. */
export async function waysToProve({ userId, method }: SignedIn): Promise<ProofWay[]> {
  const { email, password, passkeys } = await waysIn(db(), userId)
  const totp = await hasTwoFactor(db(), userId)
  const has = { code: email, password, passkey: passkeys.length > 0, totp }
  const counting: ProofWay[] = totp ? ["totp", "passkey"] : ["password", "code", "passkey"]
  const had = counting.filter(way => has[way])
  const liked = had.find(way => way === (method === "email" ? "code" : method))
  return liked ? [liked, ...had.filter(way => way !== liked)] : had
}

/** Mails a code for this session, unless one is on its way. Fails with when to come back. */
export async function mailProofCode(
  { userId, sessionId, email }: SignedIn,
  requester: Requester,
): Promise<Result<void, TooMany>> {
  const owner = { userId, sessionId }
  const asked = await lastProofCode(db(), owner)
  if (asked && asked > fromNow(-betweenMails)) return ok()
  const allowed = await mails.consume(userId)
  if (!allowed.ok) return allowed
  await transaction(async tx => {
    const { id, expiresAt } = await openProofCode(tx, owner)
    await queueMail(tx, {
      template: "proof_code",
      to: email,
      parameters: {
        device: deviceLabel(requester.userAgent),
        network: networkOf(requester.clientAddress),
      },
      proofCodeId: id,
      dedupeKey: `proof_code:${id}`,
      expiresAt,
    })
  })
  return ok()
}

export type ProofFailure = { why: ProofRefusal | "ended" } | { why: "limited"; retryAfterSeconds: number }

/**
 * Takes a proof. When it holds, the session has a new id, which is returned, and counts as fresh. Fails with why not; a wrong one
 * is counted and written down. `ended`: the session is over meanwhile.
 */
export async function giveProof(
  signedIn: SignedIn,
  given: ProofGiven,
  requester: Requester,
): Promise<Result<{ token: string }, ProofFailure>> {
  const { userId, sessionId } = signedIn
  if (!(await waysToProve(signedIn)).includes(given.way)) return err({ why: "none" })
  const limit = limitOf(given, userId)
  const allowed = await limit.count()
  if (!allowed.ok) {
    if (limit.guessable) await transaction(tx => tellOfGuesses(tx, userId, requester))
    return err({ why: "limited", ...allowed.error })
  }
  const check = await readProof(signedIn, given, requester)
  const taken = await transaction(async tx => {
    const proven = await check(tx)
    if (!proven.ok) {
      await recordSecurityEvent(tx, { userId, kind: "proof_refused", detail: given.way, requester })
      if (typeof proven.error === "object") return err({ why: "limited" as const, ...proven.error })
      return err({ why: proven.error })
    }
    const token = await renewSession(tx, { userId, sessionId }, proven.value.secondFactor)
    if (!token) return err({ why: "ended" as const })
    await recordSecurityEvent(tx, { userId, kind: "proof_given", detail: given.way, requester })
    failpoint("proof.before-commit")
    return ok({ token })
  })
  log.info({ user: userId, way: given.way, why: taken.ok ? undefined : taken.error.why }, "proof asked anew")
  if (taken.ok) await limit.forgive()
  return taken
}

/** Codes that can be guessed are counted as at sign-in, and their owner is told; the rest by person. */
function limitOf({ way, value }: ProofGiven, userId: string) {
  if (way === "totp" && !isRecoveryCodeShaped(value))
    return {
      guessable: true,
      count: () => countTotpGuess(userId, "session"),
      forgive: () => forgiveTotpGuess(userId, "session"),
    }
  return { guessable: false, count: () => tries.consume(userId), forgive: () => tries.reward(userId) }
}
