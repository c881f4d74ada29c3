/**
 * Accepting an invitation. In one transaction: the link is spent, the person of the invited address found or made, their mailbox
 * proven by the link they were mailed, the membership made, and – unless they are signed in already – a session. Whatever is
 * refused rolls all of it back, so the link stays good [L6].
 *
 * An invitation works only for its address [O4]: someone signed in as another person spends nothing. It begins a new account;
 * an existing one is entered only by signing in, which shows the invitation next: an invitation is good for days, and a
 * sign-in link for minutes. A link that was shown to the inviter (no mail set up) proves no mailbox; the account it begins
 * is unproven.
 */
import { maskAddress } from "~/domain/accounts/addresses.server"
import { firstPassword } from "~/domain/accounts/first-password.server"
import { keepPassword } from "~/domain/accounts/password.server"
import type { PasswordFlaw } from "~/domain/accounts/password-rules"
import type { Requester } from "~/domain/accounts/requester"
import { findOrCreateUser, findUserByEmail, nameUser, proveMailbox } from "~/domain/accounts/users.server"
import { isReadOnly } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import { type LinkRefusal, noteWhoUsed, readLink, spendLink } from "~/domain/links/spend.server"
import { tellOwnersOfFullPlan } from "~/domain/organizations/full-plan.server"
import { type JoinRefusal, joinByInvitation } from "~/domain/organizations/join.server"
import type { SeatLimit } from "~/domain/organizations/seats.server"
import { completeSignIn, type Entry } from "~/domain/sign-in/complete-sign-in.server"
import { err, ok, type Result } from "~/lib/result"
import { db, type Tx, transaction } from "~/platform/db.server"
import type { Link } from "~/platform/models.server"

export type AcceptRefusal =
  | LinkRefusal
  | JoinRefusal
  | "read_only"
  | "someone_else"
  | "sign_in_first"
  | "disabled"

/** `sessionToken` when the acceptance signed the person in. */
export type Accepted = { slug: string; organizationName: string; entry?: Entry }

/** The plan's seats of an organisation, as billing knows them. */
export type SeatsOf = (organizationId: string) => Promise<SeatLimit>

export type LinkAcceptance = {
  token: string
  /** What they would like to be called, if they said so. */
  name?: string
  /** Chosen where everyone has one, by somebody who begins here. */
  password?: string
  signedIn?: { userId: string; email: string }
  requester: Requester
  previousSessionToken?: string
  seatsOf: SeatsOf
}

/** Accepts by the mailed link. Fails with why not, the link unspent. */
export async function acceptByLink(
  acceptance: LinkAcceptance,
): Promise<Result<Accepted, AcceptRefusal | PasswordProblem>> {
  const view = await readLink(db(), "invitation", acceptance.token)
  const { organizationId, email } = view?.link ?? {}
  if (!organizationId || !email) return err("invalid")
  const password = await passwordOf(acceptance, email, view?.state)
  if (!password.ok) return password
  return withSeats(organizationId, email, acceptance.seatsOf, seats =>
    transaction(async tx => {
      const spent = await spendLink(tx, "invitation", acceptance.token)
      if (!spent.ok) throw new Refused(spent.error)
      return settle(tx, spent.value, { ...acceptance, passwordHash: password.value }, seats)
    }),
  )
}

type PasswordProblem = { password: PasswordFlaw } | "busy"

/** What is spent, or meant for another person, is refused as such before anybody looks at a password. */
async function passwordOf(
  { signedIn, name = "", password }: LinkAcceptance,
  email: string,
  state: string | undefined,
): Promise<Result<string | undefined, PasswordProblem>> {
  if (state !== "open" || signedIn) return ok(undefined)
  const hash = await firstPassword(await findUserByEmail(db(), email), password, [email, name])
  if (hash.ok) return hash
  return err(hash.error === "busy" ? "busy" : { password: hash.error })
}

/** Accepts without a link, for someone signed in with the invited address, once that mailbox is proven. */
export async function acceptSignedIn(acceptance: {
  invitationId: string
  userId: string
  requester: Requester
  seatsOf: SeatsOf
}): Promise<Result<Accepted, AcceptRefusal>> {
  const { invitationId, userId, requester } = acceptance
  const invitation = await db().invitation.findUnique({ where: { id: invitationId } })
  if (!invitation) return err("not_found")
  return withSeats(invitation.organizationId, invitation.email, acceptance.seatsOf, seats =>
    transaction(async tx => {
      const user = await tx.user.findUnique({ where: { id: userId } })
      if (!user?.provenAt) throw new Refused("not_found")
      const joined = await joinByInvitation(tx, invitationId, { user, seats, requester })
      if (!joined.ok) throw new Refused(joined.error)
      return { slug: joined.value.slug, organizationName: joined.value.name }
    }),
  )
}

/** Carries a refusal out of the transaction, rolling it back on the way. */
class Refused extends Error {
  constructor(readonly why: AcceptRefusal) {
    super(why)
  }
}

async function withSeats(
  organizationId: string,
  email: string,
  seatsOf: SeatsOf,
  accept: (seats: SeatLimit) => Promise<Accepted>,
): Promise<Result<Accepted, AcceptRefusal>> {
  const { level } = await accessOf(organizationId)
  if (isReadOnly(level)) return err("read_only")
  const seats = await seatsOf(organizationId)
  try {
    return ok(await accept(seats))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.why === "full" && seats !== null) {
      await tellOwnersOfFullPlan(organizationId, { invited: maskAddress(email), seats })
    }
    return err(error.why)
  }
}

async function settle(
  tx: Tx,
  link: Link,
  acceptance: LinkAcceptance & { passwordHash?: string },
  seats: SeatLimit,
): Promise<Accepted> {
  const { signedIn, name, passwordHash, requester, previousSessionToken } = acceptance
  if (signedIn && signedIn.email !== link.email) throw new Refused("someone_else")
  const wasMailed = link.userId === null
  const known = await findUserByEmail(tx, link.email)
  if (known?.disabledAt) throw new Refused("disabled")
  if (known && !signedIn && (!wasMailed || known.provenAt)) throw new Refused("sign_in_first")
  const user = known ?? (await newUser(tx, link))
  if (wasMailed) await proveMailbox(tx, user.id)
  if (name) await nameUser(tx, user.id, name)
  if (passwordHash && !user.provenAt) await keepPassword(tx, user.id, passwordHash)
  const joined = await joinByInvitation(tx, link.invitationId ?? "", { user, seats, requester })
  if (!joined.ok) throw new Refused(joined.error)
  await noteWhoUsed(tx, link, user.id)
  const accepted = { slug: joined.value.slug, organizationName: joined.value.name }
  // A first proof of the mailbox has ended every session made before it, this browser's too.
  const hasSession = signedIn && (user.provenAt !== null || !wasMailed)
  if (hasSession) return accepted
  const signIn = { user, way: "invitation", requester, previousSessionToken } as const
  const completed = await completeSignIn(tx, signIn)
  if (!completed.ok) throw new Refused(completed.error)
  return { ...accepted, entry: completed.value }
}

async function newUser(tx: Tx, link: Link) {
  const invitation = await tx.invitation.findUnique({ where: { id: link.invitationId ?? "" } })
  return findOrCreateUser(tx, { canonical: link.email, typed: invitation?.emailTyped ?? link.email })
}
