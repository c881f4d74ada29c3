/**
 * What opens an account [S10]. The last way in cannot be removed: whoever takes one away asks here first, in the transaction of
 * the removal, so that two removals at once leave one.
 */
import { passkeyHost, passkeysWorkHere } from "~/domain/accounts/passkey-host.server"
import { opensHere } from "~/domain/accounts/providers.server"
import { isSuppressed } from "~/domain/mail/suppression.server"
import type { Client, Tx } from "~/platform/db.server"
import { env } from "~/platform/env.server"

export type WaysIn = {
  /** Links and codes reach the mailbox. */
  email: boolean
  password: boolean
  /** Ids of the passkeys that work under this host name. */
  passkeys: string[]
  /** Ids of the accounts at providers that this installation offers. */
  identities: string[]
}

/** What is to be taken away. */
export type WayOut = { password: true } | { passkeyId: string } | { identityIds: readonly string[] }

/** Every way by which this person can come in today. */
export async function waysIn(client: Client, userId: string): Promise<WaysIn> {
  const user = await client.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      email: true,
      isOperator: true,
      password: { select: { userId: true } },
      passkeys: { where: { rpId: passkeyHost().rpId }, select: { id: true } },
      identities: { select: { id: true, provider: true, issuer: true } },
    },
  })
  return {
    // An operator's links are printed where mail is not set up [M4].
    email: (env().smtp !== undefined || user.isOperator) && !(await isSuppressed(user.email, client)),
    password: env().passwords !== "off" && user.password !== null,
    passkeys: passkeysWorkHere() ? user.passkeys.map(({ id }) => id) : [],
    identities: user.identities.filter(opensHere).map(({ id }) => id),
  }
}

/** Whether nothing would open the account without this. */
export async function isLastWayIn(tx: Tx, userId: string, without: WayOut): Promise<boolean> {
  const ways = await waysIn(tx, userId)
  const passkeys = ways.passkeys.filter(id => !("passkeyId" in without) || id !== without.passkeyId)
  const identities = ways.identities.filter(
    id => !("identityIds" in without) || !without.identityIds.includes(id),
  )
  const password = ways.password && !("password" in without)
  const before = [ways.email, ways.password, ...ways.passkeys, ...ways.identities].filter(Boolean).length
  const after = [ways.email, password, ...passkeys, ...identities].filter(Boolean).length
  // What opens nothing, such as a passkey of another host name, is never the last.
  return after === 0 && before > 0
}
