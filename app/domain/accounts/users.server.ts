import type { Address } from "~/domain/accounts/addresses.server"
import { now } from "~/platform/clock.server"
import type { Client, Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"

/** The person of this canonical address, if there is one. */
export function findUserByEmail(client: Client, canonical: string): Promise<User | null> {
  return client.user.findUnique({ where: { email: canonical } })
}

/** The person of this address, made if need be. A new one's mailbox is unproven. */
export async function findOrCreateUser(tx: Tx, address: Address): Promise<User> {
  const at = now()
  return tx.user.upsert({
    where: { email: address.canonical },
    create: {
      id: newId(),
      email: address.canonical,
      emailTyped: address.typed,
      createdAt: at,
      updatedAt: at,
    },
    update: {},
  })
}

/**
 * Marks the mailbox as proven. The first proof ends every session made before it, because whoever made those had not
 * shown that the mailbox is theirs [S7].
 */
export async function proveMailbox(tx: Tx, userId: string): Promise<void> {
  const at = now()
  const first = await tx.user.updateMany({
    where: { id: userId, provenAt: null },
    data: { provenAt: at, updatedAt: at },
  })
  if (first.count === 0) return
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
