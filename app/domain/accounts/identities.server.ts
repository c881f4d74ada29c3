/**
 * Accounts at providers that open an account here [S13]. Each is known by issuer and subject, which a provider never gives to
 * anybody else; never by its address, which it does. One opens one account at most.
 */
import { credentialChanged, tellOfChange } from "~/domain/accounts/credential-change.server"
import { isProvider, nameOfProvider, type Provider } from "~/domain/accounts/providers.server"
import type { Requester } from "~/domain/accounts/requester"
import { isLastWayIn } from "~/domain/accounts/ways-in.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { type Client, db, type Tx, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Identity } from "~/platform/models.server"

/** Someone at a provider. `label` is what the provider calls them, for the person to know it by. */
export type Account = { provider: Provider; issuer: string; subject: string; label: string }

type Person = { id: string; email: string }

/** The connection of this account at a provider, if it opens an account here. */
export function findIdentity(client: Client, { issuer, subject }: Account): Promise<Identity | null> {
  return client.identity.findUnique({ where: { issuer_subject: { issuer, subject } } })
}

/** Whether the person has connected an account of this provider. */
export async function hasIdentityOf(client: Client, userId: string, provider: Provider): Promise<boolean> {
  return (await client.identity.count({ where: { userId, provider } })) > 0
}

/** What a person has connected, in the order it was. */
export function listIdentities(userId: string): Promise<Identity[]> {
  return db().identity.findMany({ where: { userId }, orderBy: { connectedAt: "asc" } })
}

/**
 * Connects an account at a provider and tells the person. With the session it was asked for in, all other ways in are closed as
 * after every change of credentials [S4]; while signing in, nothing ends. `already` when it was theirs before; fails with
 * `taken` when it opens somebody else's account.
 */
export async function connectIdentity(
  tx: Tx,
  user: Person,
  account: Account,
  from: { requester: Requester; keepSessionId?: string },
): Promise<Result<"connected" | "already", "taken">> {
  const known = await findIdentity(tx, account)
  if (known) return known.userId === user.id ? ok("already") : err("taken")
  await tx.identity.create({ data: { id: newId(), userId: user.id, ...account, connectedAt: now() } })
  const change = { user, what: "identity_connected", detail: describe(account), ...from } as const
  await (from.keepSessionId ? credentialChanged(tx, change) : tellOfChange(tx, change))
  return ok("connected")
}

/** Remembers that an identity was used, and what the provider calls it by now. */
export async function noteIdentityUse(tx: Tx, id: string, { label }: Account): Promise<void> {
  await tx.identity.update({ where: { id }, data: { label, lastUsedAt: now() } })
}

/** Which of a person's own connections: one, or all with a provider. */
export type Connections = { id: string } | { provider: Provider }

/**
 * Takes a person's own connections away, and closes their other ways in that are open. Fails with `none` when they have no such
 * one, and with `last_way_in` when nothing else would open the account [S10].
 */
export function disconnectIdentities(
  user: Person,
  which: Connections,
  from: { requester: Requester; keepSessionId: string },
): Promise<Result<void, "none" | "last_way_in">> {
  return transaction(async tx => {
    const found = await tx.identity.findMany({ where: { ...which, userId: user.id } })
    if (found.length === 0) return err("none")
    const identityIds = found.map(({ id }) => id)
    if (await isLastWayIn(tx, user.id, { identityIds })) return err("last_way_in")
    await tx.identity.deleteMany({ where: { id: { in: identityIds } } })
    const detail = found.map(describe).join("; ")
    await credentialChanged(tx, { user, what: "identity_disconnected", detail, ...from })
    return ok()
  })
}

function describe({ provider, label }: { provider: string; label: string }): string {
  const name = isProvider(provider) ? nameOfProvider(provider) : provider
  return label ? `${name}, ${label}` : name
}
