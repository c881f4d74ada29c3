import type { Difference } from "~/domain/billing/differences"
import type { Tx } from "~/platform/db.server"

/** What handling an event came to, in the words the operator reads. */
export type Effect = {
  state: "done" | "ignored"
  effect: string
  changed?: true
  provisioned?: true
  /** Whose it was, where the object itself does not lead there. */
  organizationId?: string
  /** What our row of a subscription was and became. */
  differences?: Difference[]
}

/**
 * A change that is ready to be written. Everything that needs the network happened before; this runs inside a transaction,
 * together with the mark that it was done.
 */
export type Prepared = (tx: Tx) => Promise<Effect>

export const ignored = (effect: string): Prepared => {
  return async () => ({ state: "ignored", effect })
}

export const nothingToDo = (effect: string): Prepared => {
  return async () => ({ state: "done", effect })
}
