/**
 * Codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds, which is what every app speaks) [S8]. The secret is kept
 * sealed. One step of drift is accepted on either side, two are not. No code counts twice: the step it belongs to is written
 * in one conditional update, so of two sign-ins with one code one wins, and an older code is worth nothing after a newer one.
 */
import { generateSecret, generateURI, verifySync } from "otplib"
import { err, ok, type Result } from "~/lib/result"
import { fromNow, now } from "~/platform/clock.server"
import { type Client, db, type Tx } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"
import { seal, unseal } from "~/platform/sealed.server"

/** What the secrets are sealed for. */
export const totpPurpose = "totp"

/** Seconds, and one of them is the drift that is forgiven. */
const step = 30

/** Milliseconds from the offer of a secret until it must be confirmed. */
export const enrolmentLifetime = 30 * 60 * 1000

/** Whether this looks like a code at all; anything else is no try at one. */
export function isTotpShaped(typed: string): boolean {
  return /^\d{6}$/.test(plainDigits(typed))
}

/** Offers a new secret in place of one that was never confirmed. False when the codes are on already. */
export async function offerTotp(tx: Tx, userId: string): Promise<boolean> {
  if ((await tx.totp.count({ where: { userId, confirmedAt: { not: null } } })) > 0) return false
  const offered = { secret: seal(totpPurpose, generateSecret()), createdAt: now() }
  await tx.totp.upsert({ where: { userId }, create: { userId, ...offered }, update: offered })
  return true
}

/** The secret that waits to be confirmed, and the address an app reads it from. */
export async function offeredTotp(
  userId: string,
  email: string,
): Promise<{ secret: string; uri: string } | undefined> {
  const row = await findOffered(db(), userId)
  const secret = row && unseal(totpPurpose, row.secret)
  return secret ? { secret, uri: generateURI({ issuer: env().appName, label: email, secret }) } : undefined
}

/** Switches the codes on, with the first one. Fails with `wrong`, or with `none` when no secret waits (any more). */
export async function confirmTotp(
  tx: Tx,
  userId: string,
  typed: string,
): Promise<Result<void, "wrong" | "none">> {
  const row = await findOffered(tx, userId)
  if (!row) return err("none")
  const at = stepOf(row, typed)
  if (at === undefined) return err("wrong")
  const confirmed = await tx.totp.updateMany({
    where: { userId, secret: row.secret, confirmedAt: null },
    data: { confirmedAt: now(), lastStep: at },
  })
  return confirmed.count === 1 ? ok() : err("none")
}

/**
 * Uses up a code. Fails with `wrong`, with `used` when it, or a later one, has counted before, and with `none` when this person
 * has no codes. How often one may try is the caller's to count (`totp-guesses`).
 */
export async function checkTotp(
  tx: Tx,
  userId: string,
  typed: string,
): Promise<Result<void, "wrong" | "used" | "none">> {
  const row = await tx.totp.findFirst({ where: { userId, confirmedAt: { not: null } } })
  if (!row) return err("none")
  const at = stepOf(row, typed)
  if (at === undefined) return err("wrong")
  const used = await tx.totp.updateMany({
    where: { userId, secret: row.secret, lastStep: { lt: at } },
    data: { lastStep: at },
  })
  return used.count === 1 ? ok() : err("used")
}

/** Switches the codes off, or withdraws an offer. False when there was nothing. */
export async function removeTotp(tx: Tx, userId: string): Promise<boolean> {
  return (await tx.totp.deleteMany({ where: { userId } })).count > 0
}

/** Deletes secrets that were offered and never confirmed. Returns how many. */
export async function purgeOfferedTotp(): Promise<number> {
  const stale = { confirmedAt: null, createdAt: { lt: fromNow(-enrolmentLifetime) } }
  return (await db().totp.deleteMany({ where: stale })).count
}

function findOffered(client: Client, userId: string) {
  return client.totp.findFirst({
    where: { userId, confirmedAt: null, createdAt: { gt: fromNow(-enrolmentLifetime) } },
  })
}

/** The time step whose code this is, one step around the present one; undefined when it is none of theirs. */
function stepOf(row: { userId: string; secret: string }, typed: string): number | undefined {
  const token = plainDigits(typed)
  if (!isTotpShaped(token)) return undefined
  const secret = unseal(totpPurpose, row.secret)
  if (secret === undefined) {
    log.error({ user: row.userId }, "an authenticator secret does not open with any of ENCRYPTION_KEYS")
    return undefined
  }
  const verified = verifySync({ secret, token, epoch: Math.floor(+now() / 1000), epochTolerance: step })
  return verified.valid && "timeStep" in verified ? verified.timeStep : undefined
}

/** Apps show `123 456`, and some keyboards type other digits than ASCII's. */
function plainDigits(typed: string): string {
  return typed.normalize("NFKC").replace(/[\s-]/g, "")
}
