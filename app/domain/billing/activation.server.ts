/**
 * The first way in for a buyer [B3]. Reading the link spends nothing; posting it spends it, proves the mailbox, takes the name and
 * signs in, all in one transaction: whatever fails gives the link back [L6]. The page can be opened by anyone who has the
 * mail and by nobody else.
 */

import { maskAddress } from "~/domain/accounts/addresses.server"
import { asksForPassword, firstPassword } from "~/domain/accounts/first-password.server"
import { keepPassword } from "~/domain/accounts/password.server"
import type { PasswordFlaw } from "~/domain/accounts/password-rules"
import type { Requester } from "~/domain/accounts/requester"
import { findOrCreateUser, findUserByEmail, proveMailbox, renameUser } from "~/domain/accounts/users.server"
import { type LinkRefusal, noteWhoUsed, readLink, spendLink } from "~/domain/links/spend.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { plainName } from "~/domain/organizations/plain-name"
import { completeSignIn } from "~/domain/sign-in/complete-sign-in.server"
import type { SignInOutcome } from "~/domain/sign-in/email-link.server"
import { renewalHandle } from "~/domain/sign-in/renew-link.server"
import { paths } from "~/lib/paths"
import { err, ok, type Result } from "~/lib/result"
import { db, type Tx, transaction } from "~/platform/db.server"
import type { Link, User } from "~/platform/models.server"

export type ActivationView =
  | {
      state: "open"
      email: string
      name: string
      organizationName: string
      otherPerson: boolean
      /** Everyone here has a password, so they choose theirs now. */
      asksPassword: boolean
    }
  | { state: "expired"; handle: string; maskedEmail: string; renewed: boolean }
  | { state: "used"; byThisPerson: boolean; redirectTo: string | null }
  | { state: "invalid" }

/** What an activation link is worth and whom it is for, spending nothing [L1]. */
export async function viewActivation(
  token: string,
  signedIn?: { userId: string; email: string },
): Promise<ActivationView> {
  const view = await readLink(db(), "activation", token)
  if (!view) return { state: "invalid" }
  const { link, state } = view
  if (state === "used") {
    const byThisPerson = signedIn !== undefined && signedIn.userId === link.usedByUserId
    return { state, byThisPerson, redirectTo: byThisPerson ? link.redirectTo : null }
  }
  const maskedEmail = maskAddress(link.email)
  if (state === "expired") {
    return { state, handle: renewalHandle(link.id), maskedEmail, renewed: link.renewedAt !== null }
  }
  const user = await db().user.findUnique({ where: { email: link.email } })
  return {
    state,
    email: maskedEmail,
    name: user?.name ?? "",
    organizationName: await organizationName(link),
    otherPerson: signedIn !== undefined && signedIn.email !== link.email,
    asksPassword: asksForPassword(user),
  }
}

export type Activation = {
  token: string
  name: string
  password?: string
  requester: Requester
  previousSessionToken?: string
}

export type ActivationRefusal = LinkRefusal | "disabled"

type PasswordProblem = { password: PasswordFlaw } | "busy"

/** Activates the account: spends the link, proves the mailbox, names the person, signs in. Fails with the link unspent. */
export async function activate(
  activation: Activation,
): Promise<Result<SignInOutcome, ActivationRefusal | PasswordProblem>> {
  const view = await readLink(db(), "activation", activation.token)
  if (view?.state !== "open") return err(view?.state ?? "invalid")
  const { email } = view.link
  const hash = await firstPassword(await findUserByEmail(db(), email), activation.password, [
    email,
    activation.name,
  ])
  if (!hash.ok) return err(hash.error === "busy" ? "busy" : { password: hash.error })
  try {
    return ok(await transaction(tx => spendAndEnter(tx, activation, hash.value)))
  } catch (error) {
    if (error instanceof Refused) return err(error.why)
    throw error
  }
}

/** Carries a refusal out of the transaction, so that what was spent is given back. */
class Refused extends Error {
  constructor(readonly why: ActivationRefusal) {
    super(why)
  }
}

async function spendAndEnter(tx: Tx, activation: Activation, passwordHash: string | undefined) {
  const { token, name, requester, previousSessionToken } = activation
  const spent = await spendLink(tx, "activation", token)
  if (!spent.ok) throw new Refused(spent.error)
  const link = spent.value
  const user = await findOrCreateUser(tx, { canonical: link.email, typed: link.emailTyped ?? link.email })
  await proveMailbox(tx, user.id)
  if (passwordHash && !user.provenAt) await keepPassword(tx, user.id, passwordHash)
  await renameUser(tx, user.id, name)
  const completed = await completeSignIn(tx, { user, way: "activation", requester, previousSessionToken })
  if (!completed.ok) throw new Refused(completed.error)
  await noteWhoUsed(tx, link, user.id)
  await sayWelcome(tx, { ...user, name }, link)
  return { entry: completed.value, redirectTo: link.redirectTo }
}

async function sayWelcome(tx: Tx, user: User, link: Link): Promise<void> {
  if (!link.organizationId) return
  const organization = await tx.organization.findUnique({ where: { id: link.organizationId } })
  if (!organization) return
  await queueMail(tx, {
    template: "welcome",
    to: user.email,
    parameters: {
      personName: plainName(user.name),
      organizationName: plainName(organization.name),
      path: paths.organization.overview(organization.slug),
    },
    organizationId: organization.id,
    dedupeKey: `welcome:${user.id}:${organization.id}`,
  })
}

async function organizationName(link: Link): Promise<string> {
  if (!link.organizationId) return ""
  const organization = await db().organization.findUnique({ where: { id: link.organizationId } })
  return organization?.name ?? ""
}
