/**
 * Who was removed does not come back by the domain of their address [O8]. What is barred is the mailbox, not only the account:
 * `bob+1@acme.test` and `b.ob@acme.test` reach the same person with most providers, and a second account is quickly made.
 */
import { addressKey } from "~/domain/accounts/addresses.server"
import { now } from "~/platform/clock.server"
import { keyedHash } from "~/platform/crypto.server"
import type { Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

/** In SQL what `addressKey` is in accounts/addresses: the local part without tag and dots. */
function localKey(email: string): string {
  const end = `min(instr(${email}, '@'), instr(${email} || '+', '+'))`
  return `replace(substr(${email}, 1, ${end} - 1), '.', '')`
}

/** In SQL, the domain of a canonical address. */
export function domainIn(email: string): string {
  return `substr(${email}, instr(${email}, '@') + 1)`
}

function sameMailbox(one: string, other: string): string {
  return `(${localKey(one)} = ${localKey(other)} AND ${domainIn(one)} = ${domainIn(other)})`
}

/** What is kept of a mailbox whose account has another address by now, or is gone. */
export function mailboxHash(email: string): string {
  return keyedHash("barred-mailbox", addressKey(email))
}

/** In SQL, whether this person, or this mailbox, was removed from that organisation. Takes the hash of the mailbox as a parameter. */
export function isBarred(organizationId: string, user: string): string {
  return `(EXISTS (SELECT 1 FROM DomainBar b JOIN User barred ON barred.id = b.userId
    WHERE b.organizationId = ${organizationId}
      AND (b.userId = ${user}.id OR ${sameMailbox("barred.email", `${user}.email`)}))
    OR EXISTS (SELECT 1 FROM BarredMailbox gone
      WHERE gone.organizationId = ${organizationId} AND gone.mailboxHash = ?))`
}

const lift = joiningStatement<[string, string]>(`
  DELETE FROM DomainBar WHERE organizationId = ? AND userId IN (
    SELECT barred.id FROM User barred JOIN User u ON u.id = ?
    WHERE barred.id = u.id OR ${sameMailbox("barred.email", "u.email")})`)

/** Lets someone who is invited anew come and go by their domain again. */
export async function liftBar(
  tx: Tx,
  organizationId: string,
  user: { id: string; email: string },
): Promise<void> {
  await lift.run(tx, organizationId, user.id)
  await tx.barredMailbox.deleteMany({ where: { organizationId, mailboxHash: mailboxHash(user.email) } })
}

/** Keeps a mailbox barred wherever its owner is, before they leave it for another or delete their account. */
export async function keepBars(tx: Tx, userId: string, email: string): Promise<void> {
  const hash = mailboxHash(email)
  for (const { organizationId } of await tx.domainBar.findMany({ where: { userId } })) {
    await tx.barredMailbox.upsert({
      where: { organizationId_mailboxHash: { organizationId, mailboxHash: hash } },
      create: { organizationId, mailboxHash: hash, at: now() },
      update: { at: now() },
    })
  }
}
