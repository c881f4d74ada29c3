/**
 * The way back from a change of address: a random value that is made while the mail to the old mailbox is sent, and whose hash is
 * kept with the change.
 */
import { now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import type { Client } from "~/platform/db.server"
import type { EmailChange } from "~/platform/models.server"

/** Milliseconds for which a change of address can be undone. */
export const undoLifetime = 7 * 24 * 60 * 60 * 1000

/** Returns the only copy of the token; undefined when there is nothing to undo any more. */
export async function issueUndoToken(client: Client, changeId: string): Promise<string | undefined> {
  const token = randomToken()
  const made = await client.emailChange.updateMany({
    where: { id: changeId, ...undoable() },
    data: { undoTokenHash: hashToken(token) },
  })
  return made.count === 1 ? token : undefined
}

/** The change this token undoes, if it still does. Writes nothing. */
export function changeToUndo(client: Client, token: string): Promise<EmailChange | null> {
  return client.emailChange.findFirst({ where: { undoTokenHash: hashToken(token), ...undoable() } })
}

const undoable = () => ({
  changedAt: { not: null },
  undoUntil: { gt: now() },
  undoneAt: null,
  givenUpAt: null,
})
