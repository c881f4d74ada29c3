/**
 * Setting two-factor sign-in up, and taking it down [S8, S10]. A secret is offered, read by an app, and counts from the first code
 * on; the recovery codes are shown in the same moment and never again. Every change ends the person's other sessions and what
 * waits to become one, and is told by mail.
 */
import { credentialChanged, tellOfChange } from "~/domain/accounts/credential-change.server"
import {
  makeRecoveryCodes,
  recoveryCodesLeft,
  removeRecoveryCodes,
} from "~/domain/accounts/recovery-codes.server"
import type { Requester } from "~/domain/accounts/requester"
import { forgetSecondFactors, renewSession, type SignedIn } from "~/domain/accounts/sessions.server"
import {
  confirmTotp,
  enrolmentLifetime,
  offeredTotp,
  offerTotp,
  removeTotp,
} from "~/domain/accounts/totp.server"
import { hasTwoFactor } from "~/domain/accounts/two-factor.server"
import { err, ok, type Result } from "~/lib/result"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"

type Person = Pick<SignedIn, "userId" | "sessionId" | "email" | "provenAt">

export type TwoFactorView =
  | { state: "off" }
  | { state: "offered"; secret: string; uri: string }
  | { state: "on"; since: Date; codesLeft: number }

/** How two-factor sign-in stands with this person. An offered secret shows to whoever proved lately who they are, and to nobody else. */
export async function viewTwoFactor(person: Person): Promise<TwoFactorView> {
  const on = await db().totp.findFirst({ where: { userId: person.userId, confirmedAt: { not: null } } })
  if (on?.confirmedAt) {
    const codesLeft = await recoveryCodesLeft(db(), person.userId)
    return { state: "on", since: on.confirmedAt, codesLeft }
  }
  const offered = maySee(person) && (await offeredTotp(person.userId, person.email))
  return offered ? { state: "offered", ...offered } : { state: "off" }
}

/** Offers a secret, in place of one offered before. False when two-factor sign-in is on already. */
export function beginEnrolment({ userId }: Person): Promise<boolean> {
  return transaction(tx => offerTotp(tx, userId))
}

/**
 * Switches two-factor sign-in on with the app's first code. The present session counts as proven by it: its new id is returned
 * with the only copy of the recovery codes. Fails with `wrong`, with `none` when no offer stands (any more), and with `ended` when
 * the session is over meanwhile.
 */
export function confirmEnrolment(
  person: Person,
  code: string,
  requester: Requester,
): Promise<Result<{ recoveryCodes: string[]; sessionToken: string }, "wrong" | "none" | "ended">> {
  return transaction(async tx => {
    const { userId, sessionId, email } = person
    const live = await tx.session.count({ where: { id: sessionId, userId, endedAt: null } })
    if (live === 0) return err("ended")
    if (!maySee(person)) return err("none")
    const confirmed = await confirmTotp(tx, userId, code)
    if (!confirmed.ok) return confirmed
    const recoveryCodes = await makeRecoveryCodes(tx, userId)
    const change = { what: "two_factor_on", requester, keepSessionId: sessionId } as const
    await credentialChanged(tx, { user: { id: userId, email }, ...change })
    const sessionToken = await renewSession(tx, { userId, sessionId }, "totp")
    if (!sessionToken) throw new Error("the session that switched two-factor sign-in on is over")
    failpoint("enrolment.before-commit")
    return ok({ recoveryCodes, sessionToken })
  })
}

/** Makes ten new recovery codes, which end the old ones. Undefined when two-factor sign-in is off. */
export function renewRecoveryCodes(
  { userId, email }: Person,
  requester: Requester,
): Promise<string[] | undefined> {
  return transaction(async tx => {
    if (!(await hasTwoFactor(tx, userId))) return undefined
    const codes = await makeRecoveryCodes(tx, userId)
    await tellOfChange(tx, { user: { id: userId, email }, what: "recovery_codes_made", requester })
    return codes
  })
}

/** Switches two-factor sign-in off, in this session. False when it was off already. */
export function switchOffTwoFactor(
  { userId, sessionId, email }: Person,
  requester: Requester,
): Promise<boolean> {
  return transaction(async tx => {
    if (!(await hasTwoFactor(tx, userId))) return false
    await removeTotp(tx, userId)
    await removeRecoveryCodes(tx, userId)
    await forgetSecondFactors(tx, userId)
    const change = { what: "two_factor_off", requester, keepSessionId: sessionId } as const
    await credentialChanged(tx, { user: { id: userId, email }, ...change })
    return true
  })
}

function maySee({ provenAt }: Person): boolean {
  return provenAt > fromNow(-enrolmentLifetime)
}
