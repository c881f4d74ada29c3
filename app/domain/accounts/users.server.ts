import type { Address } from "~/domain/accounts/addresses.server"
import { stripCredentials } from "~/domain/accounts/strip-credentials.server"
import { now } from "~/platform/clock.server"
import type { Client, Tx } from "~/platform/db.server"
import { joiningStatement, type Stored } from "~/platform/db-statement.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"

const byEmail = joiningStatement<[string], Stored<User>>("SELECT * FROM User WHERE email = ?")

/** The person of this canonical address, if there is one. */
export async function findUserByEmail(client: Client, canonical: string): Promise<User | null> {
  const row = await byEmail.get(client, canonical)
  if (!row) return null
  return {
    ...row,
    isOperator: row.isOperator === 1,
    provenAt: dateOf(row.provenAt),
    disabledAt: dateOf(row.disabledAt),
    lastSignInAt: dateOf(row.lastSignInAt),
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
  }
}

/** The person of this address, made if need be. A new one's mailbox is unproven. */
export async function findOrCreateUser(tx: Tx, address: Address): Promise<User> {
  const found = await findUserByEmail(tx, address.canonical)
  if (found) return found
  const at = now()
  const { canonical: email, typed: emailTyped } = address
  return tx.user.create({ data: { id: newId(), email, emailTyped, createdAt: at, updatedAt: at } })
}

/**
 * Marks the mailbox as proven. The first proof ends every session and strips every credential made before it, because whoever
 * made those had not shown that the mailbox is theirs [S7].
 */
export async function proveMailbox(tx: Tx, userId: string): Promise<void> {
  const at = now()
  const first = await tx.user.updateMany({
    where: { id: userId, provenAt: null },
    data: { provenAt: at, updatedAt: at },
  })
  if (first.count === 0) return
  await stripCredentials(tx, userId)
  await tx.session.updateMany({
    where: { userId, endedAt: null },
    data: { endedAt: at, endedBecause: "mailbox_proven" },
  })
}

/** Gives the person a name unless they have one. */
export async function nameUser(tx: Tx, userId: string, name: string): Promise<void> {
  await tx.user.updateMany({ where: { id: userId, name: "" }, data: { name: name.trim(), updatedAt: now() } })
}

/** Changes the name by which others see this person. */
export async function renameUser(client: Client, userId: string, name: string): Promise<void> {
  await client.user.update({ where: { id: userId }, data: { name: name.trim(), updatedAt: now() } })
}

const signedIn = joiningStatement<[number, string]>("UPDATE User SET lastSignInAt = ? WHERE id = ?")

/** Remembers that the person has just signed in. */
export async function noteSignIn(tx: Tx, userId: string): Promise<void> {
  await signedIn.run(tx, +now(), userId)
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}
