/**
 * Recovery codes: ten of them, each good once in place of the authenticator app [S8, S9]. They are shown when they are made and
 * never again; the rows keep an HMAC keyed by APP_SECRET. Ten letters and digits of 32 are 50 bits: nobody guesses one.
 */
import { randomInt } from "node:crypto"
import { codeAlphabet, normalizeCode } from "~/domain/links/code-alphabet"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { keyedHash } from "~/platform/crypto.server"
import type { Client, Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"

export const recoveryCodeCount = 10
const codeLength = 10
const codeShape = new RegExp(`^[${codeAlphabet}]{${codeLength}}$`)

/** Whether this looks like a code at all; anything else is no try at one. */
export function isRecoveryCodeShaped(typed: string): boolean {
  return codeShape.test(normalizeCode(typed))
}

/** Makes ten new codes; all earlier ones are worthless from then on. Returns the only copy, as people read them. */
export async function makeRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  await removeRecoveryCodes(tx, userId)
  const codes = Array.from({ length: recoveryCodeCount }, randomCode)
  const createdAt = now()
  await tx.recoveryCode.createMany({
    data: codes.map(code => ({ id: newId(), userId, codeHash: hashOf(userId, code), createdAt })),
  })
  return codes.map(code => `${code.slice(0, codeLength / 2)}-${code.slice(codeLength / 2)}`)
}

/** Uses up a code, once. Fails with `wrong`, and with `used` when it has been. Of two at the same time one wins. */
export async function spendRecoveryCode(
  tx: Tx,
  userId: string,
  typed: string,
): Promise<Result<{ left: number }, "wrong" | "used">> {
  const codeHash = hashOf(userId, normalizeCode(typed))
  const spent = await tx.recoveryCode.updateMany({
    where: { userId, codeHash, usedAt: null },
    data: { usedAt: now() },
  })
  if (spent.count === 1) return ok({ left: await recoveryCodesLeft(tx, userId) })
  return err((await tx.recoveryCode.count({ where: { userId, codeHash } })) > 0 ? "used" : "wrong")
}

/** How many codes this person has left. */
export function recoveryCodesLeft(client: Client, userId: string): Promise<number> {
  return client.recoveryCode.count({ where: { userId, usedAt: null } })
}

/** Deletes all codes of a person. */
export async function removeRecoveryCodes(tx: Tx, userId: string): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { userId } })
}

function hashOf(userId: string, code: string): string {
  return keyedHash("recovery-code", `${userId}\0${code}`)
}

function randomCode(): string {
  return Array.from({ length: codeLength }, () => codeAlphabet.charAt(randomInt(codeAlphabet.length))).join(
    "",
  )
}
