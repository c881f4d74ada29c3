import { tellOfChange } from "~/domain/accounts/credential-change.server"
import type { Requester } from "~/domain/accounts/requester"
import { fromNow } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"

/** How often a person is told of one and the same guesser. */
const day = 24 * 60 * 60 * 1000

/** Writes down that codes of this account are being guessed and tells its owner by mail, once a day at most. */
export async function tellOfGuesses(tx: Tx, userId: string, requester: Requester): Promise<void> {
  const told = { userId, kind: "second_factor_locked", at: { gt: fromNow(-day) } }
  if ((await tx.securityEvent.count({ where: told })) > 0) return
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  await tellOfChange(tx, { user, what: "second_factor_locked", requester })
}
