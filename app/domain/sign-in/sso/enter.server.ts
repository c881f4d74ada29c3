/**
 * What an arrival from a provider is worth [S13]. An account at a provider that is connected opens its account here. One that is not is
 * connected only with proof of the mailbox: the provider's word, where that counts, for a mailbox that was proven here or is
 * nobody's yet; otherwise a mail. Whatever way, the second factor is owed as anywhere.
 */
import type { Address } from "~/domain/accounts/addresses.server"
import {
  connectIdentity,
  findIdentity,
  hasIdentityOf,
  noteIdentityUse,
} from "~/domain/accounts/identities.server"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import type { SignedIn } from "~/domain/accounts/sessions.server"
import { findOrCreateUser, findUserByEmail, nameUser, proveMailbox } from "~/domain/accounts/users.server"
import { completeSignIn, type Entry } from "~/domain/sign-in/complete-sign-in.server"
import type { SignInAttempt } from "~/domain/sign-in/email-link.server"
import { maySignUp } from "~/domain/sign-in/sign-up.server"
import type { Arrival } from "~/domain/sign-in/sso/arrival.server"
import type { SsoTrouble } from "~/domain/sign-in/sso/trouble"
import { keepForMailbox, keepForSecondFactor } from "~/domain/sign-in/sso/waiting-identity.server"
import { err, ok, type Result } from "~/lib/result"
import { type Tx, transaction } from "~/platform/db.server"
import type { User } from "~/platform/models.server"

export type Entrance =
  | { kind: "entered"; entry: Entry }
  /** The mailbox has to be proven first: `token` marks the browser, `address` is what the provider says it is. */
  | { kind: "prove"; token: string; address?: Address }

type Visitor = { attempt: SignInAttempt; signedIn?: SignedIn }

/** Lets in whoever came from a provider to sign in, or says what they owe. Fails with what to tell them. */
export function enterFromProvider(arrival: Arrival, visitor: Visitor): Promise<Result<Entrance, SsoTrouble>> {
  return transaction(async tx => {
    const identity = await findIdentity(tx, arrival.account)
    if (identity) {
      const user = await tx.user.findUniqueOrThrow({ where: { id: identity.userId } })
      const entered = await enterAs(tx, user, arrival, visitor)
      if (entered.ok) await noteIdentityUse(tx, identity.id, arrival.account)
      return entered
    }
    return enterUnknown(tx, arrival, visitor)
  })
}

/** Connects whoever came from a provider to the account that asked for it. Fails with `taken` when it opens another one. */
export function connectFromProvider(
  { account }: Arrival,
  { userId: id, email, sessionId: keepSessionId }: SignedIn,
  { requester }: SignInAttempt,
): Promise<Result<"connected" | "already", "taken">> {
  return transaction(async tx => {
    const connected = await connectIdentity(tx, { id, email }, account, { requester, keepSessionId })
    if (!connected.ok) {
      const detail = `${account.provider}: taken`
      await recordSecurityEvent(tx, { userId: id, kind: "identity_refused", detail, requester })
    }
    return connected
  })
}

async function enterUnknown(
  tx: Tx,
  arrival: Arrival,
  visitor: Visitor,
): Promise<Result<Entrance, SsoTrouble>> {
  const { account, address, vouched } = arrival
  const { signedIn } = visitor
  if (signedIn && signedIn.email !== address?.canonical) return err("other_person")
  const prove = async () => ok<Entrance>({ kind: "prove", token: await keepForMailbox(tx, account), address })
  if (!address || !vouched) return prove()
  const present = await findUserByEmail(tx, address.canonical)
  if (!present && !(await maySignUp(tx, address.canonical))) return err("no_account")
  // Not proven here: whoever made that account may not be who the provider speaks of. Connected to another account of the same
  // provider: the address may have passed from one person to another.
  if (present && (!present.provenAt || (await hasIdentityOf(tx, present.id, account.provider))))
    return prove()
  const user = present ?? (await makeUser(tx, address, arrival.name))
  const entered = await enterAs(tx, user, arrival, visitor)
  if (!entered.ok) return entered
  const { entry } = entered.value
  if (entry.kind === "challenge") await keepForSecondFactor(tx, account, entry.token)
  else await connectIdentity(tx, user, account, { requester: visitor.attempt.requester })
  return entered
}

async function makeUser(tx: Tx, address: Address, name: string): Promise<User> {
  const user = await findOrCreateUser(tx, address)
  await proveMailbox(tx, user.id)
  if (name) await nameUser(tx, user.id, name)
  return user
}

async function enterAs(
  tx: Tx,
  user: User,
  { account }: Arrival,
  { attempt }: Visitor,
): Promise<Result<{ kind: "entered"; entry: Entry }, SsoTrouble>> {
  const { requester, previousSessionToken } = attempt
  const way = account.provider
  const completed = await completeSignIn(tx, { user, way, requester, previousSessionToken })
  return completed.ok ? ok({ kind: "entered", entry: completed.value }) : err("disabled")
}
