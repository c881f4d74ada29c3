/**
 * The first operator [R2]. Nobody can sign up to be one: the first start prints a one-time link to whoever can read the
 * output of the process, and spending it makes the operator. It needs no mail, so mail settings cannot lock them out.
 */
import { stdout } from "node:process"
import type { Address } from "~/domain/accounts/addresses.server"
import { endSessionsOf } from "~/domain/accounts/sessions.server"
import { stripCredentials } from "~/domain/accounts/strip-credentials.server"
import { findOrCreateUser, nameUser } from "~/domain/accounts/users.server"
import { issueLink } from "~/domain/links/issue.server"
import { linkPath } from "~/domain/links/purposes"
import { type LinkRefusal, readLink, spendLink } from "~/domain/links/spend.server"
import { completeSignIn, type Entry } from "~/domain/sign-in/complete-sign-in.server"
import type { SignInAttempt } from "~/domain/sign-in/email-link.server"
import { LinkError } from "~/domain/sign-in/link-error.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"

/** Stands for the address nobody has given yet. */
const noAddress = ""

/** Prints a fresh set-up link while there is no operator; earlier ones stop working. Called at start. */
export async function offerOperatorSetup(): Promise<void> {
  const link = await makeSetupLink()
  if (link)
    stdout.write(`\n${env().appName} has no operator yet. Become it with this one-time link:\n${link}\n\n`)
}

/** A fresh set-up link, or undefined once there is an operator. */
export function makeSetupLink(): Promise<string | undefined> {
  return transaction(async tx => {
    if ((await tx.user.count({ where: { isOperator: true } })) > 0) return undefined
    await tx.link.updateMany({
      where: { purpose: "operator_setup", usedAt: null },
      data: { voidedAt: now() },
    })
    const issued = await issueLink(tx, { purpose: "operator_setup", email: noAddress })
    return env().appUrl + linkPath("operator_setup", issued.token)
  })
}

/** A one-time sign-in link for the first operator there is, for whoever sits at the machine. */
export async function makeOperatorLink(): Promise<string | undefined> {
  const operator = await db().user.findFirst({
    where: { isOperator: true, disabledAt: null },
    orderBy: { createdAt: "asc" },
  })
  if (!operator) return makeSetupLink()
  const issued = await issueLink(db(), { purpose: "sign_in", email: operator.email, userId: operator.id })
  return env().appUrl + linkPath("sign_in", issued.token)
}

/** Makes this person the operator and signs them in. Of two racers with one link, one gets `used`. */
export async function setUpOperator(
  token: string,
  operator: { address: Address; name: string },
  attempt: SignInAttempt,
): Promise<Result<Entry, LinkRefusal | "disabled">> {
  try {
    return await transaction(async tx => {
      const spent = await spendLink(tx, "operator_setup", token)
      if (!spent.ok) return err(spent.error)
      const user = await findOrCreateUser(tx, operator.address)
      // Whoever made a session or a credential on this address before had not shown that it is theirs [S7].
      if (!user.provenAt) {
        await endSessionsOf(tx, user.id)
        await stripCredentials(tx, user.id)
      }
      await nameUser(tx, user.id, operator.name)
      await tx.user.update({ where: { id: user.id }, data: { isOperator: true, updatedAt: now() } })
      const completed = await completeSignIn(tx, { ...attempt, user, way: "setup" })
      if (!completed.ok) throw new LinkError(completed.error)
      return ok(completed.value)
    })
  } catch (error) {
    if (error instanceof LinkError && error.failure === "disabled") return err("disabled")
    throw error
  }
}

/** Whether this is the open set-up link: without it the page does not exist. */
export async function isSetupLink(token: string): Promise<boolean> {
  return (await readLink(db(), "operator_setup", token))?.state === "open"
}
