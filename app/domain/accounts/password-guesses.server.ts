/**
 * Guessing is bounded per account, from wherever it comes [S6]. What is spent is the way in by password alone: links, codes,
 * passkeys and the reset by mail are counted apart, so a stranger keeps nobody out. An address nobody has is counted the same.
 */
import { z } from "zod"
import { tellOfChange } from "~/domain/accounts/credential-change.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { findUserByEmail } from "~/domain/accounts/users.server"
import type { Result } from "~/lib/result"
import { fromNow } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { defineJob } from "~/platform/jobs.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

const day = 24 * 60 * 60 * 1000

const perAccount = defineLimit({
  name: "password-account",
  points: () => env().limits.passwordsPerAccountHour,
  seconds: 60 * 60,
  durable: true,
  penalty: true,
})

/** Counts one try at the password of this canonical address. Fails with when to come back. */
export function countGuess(email: string): Promise<Result<void, TooMany>> {
  return perAccount.consume(email)
}

/** Gives a try back that was right, or that nobody looked at. */
export function forgiveGuess(email: string): Promise<void> {
  return perAccount.reward(email)
}

/** Forgets every try, because the password is another one now. */
export function forgetGuesses(email: string): Promise<void> {
  return perAccount.reset(email)
}

/** Notes a wrong try, whether or not somebody has this address: what follows is decided after the answer [L11]. */
export async function noteWrongGuess(email: string, requester: Requester): Promise<void> {
  const spent = !(await perAccount.peek(email)).ok
  await wrongPassword.enqueue(db(), { email, requester, spent })
}

const noted = z.object({
  email: z.string(),
  requester: z.object({ clientAddress: z.string(), userAgent: z.string() }),
  /** It was the last one for now. */
  spent: z.boolean(),
})

/** Writes a wrong try down for the person it was aimed at, and tells them once no more are taken. */
export const wrongPassword = defineJob({
  kind: "password.wrong",
  payload: noted,
  attempts: 5,
  run: async ({ email, requester, spent }) => {
    await transaction(async tx => {
      const user = await findUserByEmail(tx, email)
      if (!user) return
      await recordSecurityEvent(tx, { userId: user.id, kind: "password_wrong", requester })
      if (spent) await tellOfGuesses(tx, user, requester)
    })
  },
})

/** At most once a day: whoever guesses must not fill a mailbox. */
async function tellOfGuesses(tx: Tx, user: { id: string; email: string }, requester: Requester) {
  const lately = { userId: user.id, kind: "password_locked", at: { gt: fromNow(-day) } }
  if ((await tx.securityEvent.count({ where: lately })) > 0) return
  await tellOfChange(tx, { user, what: "password_locked", requester })
}
