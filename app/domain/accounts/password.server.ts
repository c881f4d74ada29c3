/**
 * A person's password: one at most, kept as an argon2id hash. Whoever may sign in decides elsewhere; here a password is tried,
 * set, changed and removed. Hashing happens outside of every transaction, so whoever acts on a right password looks again that
 * it is still the one.
 */
import { credentialChanged } from "~/domain/accounts/credential-change.server"
import {
  countGuess,
  forgetGuesses,
  forgiveGuess,
  noteWrongGuess,
} from "~/domain/accounts/password-guesses.server"
import { hashPassword, isOutdated, verifyPassword } from "~/domain/accounts/password-hashing.server"
import { checkChoice } from "~/domain/accounts/password-policy.server"
import type { PasswordFlaw } from "~/domain/accounts/password-rules"
import type { Requester } from "~/domain/accounts/requester"
import { isLastWayIn } from "~/domain/accounts/ways-in.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import type { TooMany } from "~/platform/rate-limit.server"

/** When a person's password was set, if they have one. */
export async function passwordSince(userId: string): Promise<Date | undefined> {
  const kept = await db().password.findUnique({ where: { userId }, select: { changedAt: true } })
  return kept?.changedAt
}

/** Whether everyone here has a password but this person. */
export async function lacksPassword(userId: string): Promise<boolean> {
  return env().passwords === "required" && (await passwordSince(userId)) === undefined
}

export type Guess = { email: string; userId?: string; password: string; requester: Requester }

/**
 * Tries a password for this address, whether or not somebody has it: the time is the same. Returns the hash it belongs to. Fails
 * with `wrong`, `busy` or when to come back; a wrong one is counted.
 */
export async function tryPassword(guess: Guess): Promise<Result<string, "wrong" | "busy" | TooMany>> {
  const { email, userId, password, requester } = guess
  const allowed = await countGuess(email)
  if (!allowed.ok) return err(allowed.error)
  const kept = await db().password.findUnique({ where: { userId: userId ?? "" } })
  const right = await verifyPassword(kept?.hash, password)
  if (!right.ok || right.value) await forgiveGuess(email)
  if (!right.ok) return err("busy")
  if (kept && right.value) return ok(await refreshed(kept, password))
  await noteWrongGuess(email, requester)
  return err("wrong")
}

/**
 * Whether this is the password of someone who is signed in [S5]. Fails with `wrong`, with when to come back once tries are used
 * up, with `busy` when too many people wait at once, or with `none` when they have no password.
 */
export async function checkPassword(
  userId: string,
  password: string,
  requester: Requester,
): Promise<Result<void, "wrong" | "busy" | "none" | TooMany>> {
  const user = await db().user.findUnique({ where: { id: userId }, include: { password: true } })
  if (!user?.password) return err("none")
  const tried = await tryPassword({ email: user.email, userId, password, requester })
  return tried.ok ? ok() : tried
}

/** The hash of a new password, if it may be one. `about` are words its guesser would try first. */
export async function hashChoice(
  password: string,
  about: readonly string[],
): Promise<Result<string, PasswordFlaw | "busy">> {
  const fits = await checkChoice(password, about)
  return fits.ok ? hashPassword(password) : fits
}

/** Keeps this hash as the person's password, in place of another. */
export async function keepPassword(tx: Tx, userId: string, hash: string): Promise<void> {
  const values = { hash, changedAt: now() }
  await tx.password.upsert({ where: { userId }, create: { userId, ...values }, update: values })
}

export type PasswordChange = {
  user: { id: string; email: string }
  requester: Requester
  /** The session it is made in, which stays. */
  sessionId: string
}

/** Sets or changes a password [S4]. Fails with why the new one may not be it. */
export async function changePassword(
  change: PasswordChange,
  password: string,
  about: readonly string[],
): Promise<Result<"set" | "changed", PasswordFlaw | "busy">> {
  const { user, requester, sessionId: keepSessionId } = change
  const hash = await hashChoice(password, about)
  if (!hash.ok) return err(hash.error)
  const done = await transaction(async tx => {
    const had = (await tx.password.count({ where: { userId: user.id } })) > 0
    await keepPassword(tx, user.id, hash.value)
    const what = had ? "password_changed" : "password_set"
    await credentialChanged(tx, { user, what, requester, keepSessionId })
    return had ? "changed" : "set"
  })
  await forgetGuesses(user.email)
  return ok(done)
}

/**
 * Removes the password. Fails with `required` where everyone has one, `none` when there was none, or `last_way_in` when nothing
 * else opens the account [S10].
 */
export async function removePassword({
  user,
  requester,
  sessionId,
}: PasswordChange): Promise<Result<void, "required" | "none" | "last_way_in">> {
  if (env().passwords === "required") return err("required")
  return transaction(async tx => {
    if (await isLastWayIn(tx, user.id, { password: true })) return err("last_way_in")
    const removed = await tx.password.deleteMany({ where: { userId: user.id } })
    if (removed.count === 0) return err("none")
    await credentialChanged(tx, { user, what: "password_removed", requester, keepSessionId: sessionId })
    return ok()
  })
}

/** The same password under the parameters of this version, once it has been typed. */
async function refreshed(
  { userId, hash }: { userId: string; hash: string },
  password: string,
): Promise<string> {
  if (!isOutdated(hash)) return hash
  const fresh = await hashPassword(password)
  if (!fresh.ok) return hash
  const updated = await db().password.updateMany({ where: { userId, hash }, data: { hash: fresh.value } })
  return updated.count === 1 ? fresh.value : hash
}
