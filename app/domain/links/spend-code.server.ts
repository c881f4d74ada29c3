/**
 * Spending a link by its code. The code works only beside the request cookie of the browser that asked. Every wrong try is
 * counted on the row, so that a restart forgets nothing; at the sixth the code is void and the link still works [L5].
 */

import { isCodeShaped, normalizeCode } from "~/domain/links/code-alphabet"
import { codeHashOf } from "~/domain/links/issue.server"
import { spendRow } from "~/domain/links/spend.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { sameHash } from "~/platform/crypto.server"
import type { Tx } from "~/platform/db.server"
import type { Link } from "~/platform/models.server"

/** Six tries at a billion codes: one in 178 million for a guesser who holds the right cookie. */
export const codeTries = 6

export type CodeRefusal = "malformed" | "wrong" | "void" | "expired" | "used" | "none"

/**
 * Spends the link of this request if the code is its code. `malformed`: no code looks like this, so it is no try at one;
 * `wrong`: try again; `void`: too many tries, the link still works; `used`: the right code, too late; `expired`: no code of this request counts any more, and this is none that was used;
 * `none`: no mail has been sent for this request (yet). Whoever only asked for a mail cannot tell the last two from `wrong`.
 * A wrong try is a change: the caller commits it.
 */
export async function spendCode(
  tx: Tx,
  requestHash: string,
  typed: string,
): Promise<Result<Link, CodeRefusal>> {
  const code = normalizeCode(typed)
  const links = await tx.link.findMany({
    where: { requestHash, codeHash: { not: null }, voidedAt: null },
    orderBy: { createdAt: "desc" },
  })
  if (links.length === 0) return err("none")
  const open = links.filter(link => !link.usedAt && link.expiresAt > now())
  const guessable = (open.length > 0 ? open : links).filter(link => !link.codeVoidedAt)
  const match = guessable.find(link => sameHash(link.codeHash ?? "", codeHashOf(requestHash, code)))
  // To hear of a use from a wrong code would tell a stranger that somebody has an account, and that they are there [L11].
  if (open.length === 0) return err(match?.usedAt ? "used" : "expired")
  if (guessable.length === 0) return err("void")
  if (!isCodeShaped(typed)) return err("malformed")
  if (match) {
    const spent = await spendRow(tx, match)
    return spent.ok ? ok(spent.value) : err(spent.error === "invalid" ? "none" : spent.error)
  }
  return err(await countWrongTry(tx, requestHash))
}

async function countWrongTry(tx: Tx, requestHash: string): Promise<"wrong" | "void"> {
  const guessable = { requestHash, usedAt: null, codeVoidedAt: null }
  await tx.link.updateMany({ where: guessable, data: { wrongCodes: { increment: 1 } } })
  await tx.link.updateMany({
    where: { ...guessable, wrongCodes: { gte: codeTries } },
    data: { codeVoidedAt: now() },
  })
  const left = await tx.link.count({ where: guessable })
  return left > 0 ? "wrong" : "void"
}
