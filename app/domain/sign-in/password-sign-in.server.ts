/**
 * Signing in with a password [S6]. Whatever is wrong – the address, the password, an account that is shut – is answered alike, in
 * the same time and under the same limits [L11]: an address nobody has is checked against a password nobody has. A second
 * factor that is owed is owed here, too.
 */
import { tryPassword } from "~/domain/accounts/password.server"
import { findUserByEmail } from "~/domain/accounts/users.server"
import { completeSignIn, type Entry } from "~/domain/sign-in/complete-sign-in.server"
import type { SignInAttempt } from "~/domain/sign-in/email-link.server"
import { err, ok, type Result } from "~/lib/result"
import { defineClientLimit } from "~/platform/client-limit.server"
import { db, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"
import type { TooMany } from "~/platform/rate-limit.server"

const perClient = defineClientLimit({
  name: "password-client",
  points: () => env().limits.passwordsPerClient,
  seconds: 15 * 60,
  durable: true,
  penalty: true,
})

export type PasswordRefusal = "wrong" | "busy" | TooMany

/** Signs in with address and password. Fails with `wrong`, `busy`, or when to come back. */
export async function signInWithPassword(
  { email, password }: { email: string; password: string },
  attempt: Omit<SignInAttempt, "requestToken">,
): Promise<Result<Entry, PasswordRefusal>> {
  const { requester } = attempt
  const allowed = await perClient.consume(requester.clientAddress)
  if (!allowed.ok) return err(allowed.error)
  const user = await findUserByEmail(db(), email)
  const tried = await tryPassword({ email, userId: user?.id, password, requester })
  const entered = tried.ok ? await enter(user?.id ?? "", tried.value, attempt) : tried
  if (!entered.ok) log.info({ user: user?.id, way: "password", why: entered.error }, "sign-in refused")
  if (entered.ok || entered.error === "busy") await perClient.reward(requester.clientAddress)
  return entered
}

/** The password may have become another one, or the account shut, while it was checked. */
function enter(
  userId: string,
  hash: string,
  { requester, previousSessionToken }: Omit<SignInAttempt, "requestToken">,
): Promise<Result<Entry, "wrong">> {
  return transaction(async tx => {
    const user = await tx.user.findUnique({ where: { id: userId }, include: { password: true } })
    if (user?.password?.hash !== hash) return err("wrong")
    const completed = await completeSignIn(tx, { user, way: "password", requester, previousSessionToken })
    return completed.ok ? ok(completed.value) : err("wrong")
  })
}
