/**
 * A new password by mail [S6]. Asking stores a job, the same for every address [L11]; the link is read as often as one likes and
 * spent by the post that brings the password, in one transaction with all that follows: the mailbox is proven, every session,
 * open link and waiting sign-in ends [S4], and the person comes in – by way of the second factor, if they owe one.
 */
import { z } from "zod"
import { maskAddress } from "~/domain/accounts/addresses.server"
import { credentialChanged } from "~/domain/accounts/credential-change.server"
import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import { hashChoice, keepPassword } from "~/domain/accounts/password.server"
import { forgetGuesses } from "~/domain/accounts/password-guesses.server"
import type { PasswordFlaw } from "~/domain/accounts/password-rules"
import { findUserByEmail, proveMailbox } from "~/domain/accounts/users.server"
import { lifetimeOf } from "~/domain/links/issue.server"
import { type LinkRefusal, noteWhoUsed, readLink, spendLink } from "~/domain/links/spend.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { completeSignIn, type Entry } from "~/domain/sign-in/complete-sign-in.server"
import type { SignInAttempt } from "~/domain/sign-in/email-link.server"
import { mayAskForReset, mayRenewReset, type TooMany } from "~/domain/sign-in/link-limits.server"
import { findRenewable, renewalHandle } from "~/domain/sign-in/renew-link.server"
import { sayNoAccount } from "~/domain/sign-in/request-link.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"

const asked = z.object({
  /** Canonical address. */
  email: z.string(),
  /** Where to go on, signed in; a path inside. */
  redirectTo: z.string().optional(),
  clientAddress: z.string(),
  userAgent: z.string(),
  requestedAt: z.coerce.date(),
})
export type AskedReset = z.input<typeof asked>

/** Stores the wish for a new password, within the limits; the mail follows after the answer. Fails with when to come back. */
export async function requestPasswordReset(wish: AskedReset): Promise<Result<void, TooMany>> {
  const allowed = await mayAskForReset(wish.email, wish.clientAddress)
  if (!allowed.ok) return allowed
  await passwordReset.enqueue(db(), asked.parse(wish))
  log.info({ network: networkOf(wish.clientAddress) }, "password reset asked for")
  return ok()
}

/** Decides what the mailbox gets: a link, the news that there is no account, or nothing. */
export const passwordReset = defineJob({
  kind: "password.reset",
  payload: asked,
  attempts: 5,
  run: async wish => {
    await transaction(tx => answerWish(tx, wish))
  },
})

async function answerWish(tx: Tx, wish: z.output<typeof asked>): Promise<void> {
  const { email, ...link } = wish
  const user = await findUserByEmail(tx, email)
  if (!user) return sayNoAccount(tx, email)
  if (user.disabledAt) return
  await queueMail(tx, {
    template: "password_reset",
    to: email,
    parameters: { device: deviceLabel(wish.userAgent), network: networkOf(wish.clientAddress) },
    link: { ...link, userId: user.id },
    dedupeKey: `password_reset:${user.id}:${wish.requestedAt.getTime()}`,
    expiresAt: new Date(wish.requestedAt.getTime() + lifetimeOf("password_reset")),
  })
}

export type ResetView =
  | { state: "open"; maskedEmail: string; otherPerson: boolean }
  | { state: "expired"; maskedEmail: string; handle: string; renewed: boolean }
  | { state: "used" }
  | { state: "invalid" }

/** What a reset link is worth, spending nothing [L1]. */
export async function viewReset(token: string, signedIn?: { email: string }): Promise<ResetView> {
  const view = await readLink(db(), "password_reset", token)
  if (!view) return { state: "invalid" }
  const { link, state } = view
  if (state === "used") return { state }
  const maskedEmail = maskAddress(link.email)
  if (state === "expired")
    return { state, maskedEmail, handle: renewalHandle(link.id), renewed: link.renewedAt !== null }
  return { state, maskedEmail, otherPerson: signedIn !== undefined && signedIn.email !== link.email }
}

/** Why a new password was not set; what is about the link leaves it unspent. */
export type ResetRefusal = { link: LinkRefusal | "disabled" } | { password: PasswordFlaw } | "busy"

/** A way in, and where it was to lead. */
type Reset = { entry: Entry; redirectTo: string | null }

/** Sets the password and signs in. Fails with the link unspent. */
export async function resetPassword(
  { token, password }: { token: string; password: string },
  attempt: Omit<SignInAttempt, "requestToken">,
): Promise<Result<Reset, ResetRefusal>> {
  const view = await readLink(db(), "password_reset", token)
  if (view?.state !== "open") return err({ link: view?.state ?? "invalid" })
  const { email } = view.link
  const hash = await hashChoice(password, [email])
  if (!hash.ok) return err(hash.error === "busy" ? "busy" : { password: hash.error })
  try {
    const reset = await transaction(tx => spendAndEnter(tx, token, hash.value, attempt))
    await forgetGuesses(email)
    return ok(reset)
  } catch (error) {
    if (error instanceof Refused) return err({ link: error.why })
    throw error
  }
}

/** Carries a refusal out of the transaction, so that what was spent is given back. */
class Refused extends Error {
  constructor(readonly why: LinkRefusal | "disabled") {
    super(why)
  }
}

async function spendAndEnter(
  tx: Tx,
  token: string,
  hash: string,
  { requester, previousSessionToken }: Omit<SignInAttempt, "requestToken">,
): Promise<Reset> {
  const spent = await spendLink(tx, "password_reset", token)
  if (!spent.ok) throw new Refused(spent.error)
  const user = await findUserByEmail(tx, spent.value.email)
  if (!user) throw new Refused("invalid")
  if (user.disabledAt) throw new Refused("disabled")
  await proveMailbox(tx, user.id)
  await keepPassword(tx, user.id, hash)
  await credentialChanged(tx, { user, what: "password_reset", requester })
  const completed = await completeSignIn(tx, { user, way: "reset", requester, previousSessionToken })
  if (!completed.ok) throw new Refused(completed.error)
  await noteWhoUsed(tx, spent.value, user.id)
  return { entry: completed.value, redirectTo: spent.value.redirectTo }
}

/** A fresh link in place of an expired one, once [L7]. Fails with `invalid`, `already`, or with when to come back. */
export async function renewPasswordReset(
  handle: string,
  requester: { clientAddress: string; userAgent: string },
): Promise<Result<{ email: string }, "invalid" | "already" | TooMany>> {
  const link = await findRenewable(handle)
  if (link?.purpose !== "password_reset") return err("invalid")
  if (link.renewedAt) return err("already")
  const allowed = await mayRenewReset(link.email, requester.clientAddress)
  if (!allowed.ok) return err(allowed.error)
  return transaction(async tx => {
    const renewedAt = now()
    const claimed = await tx.link.updateMany({ where: { id: link.id, renewedAt: null }, data: { renewedAt } })
    if (claimed.count === 0) return err("already")
    const { email, redirectTo } = link
    const again = { email, redirectTo: redirectTo ?? undefined, ...requester, requestedAt: now() }
    await passwordReset.enqueue(tx, again)
    return ok({ email: link.email })
  })
}
