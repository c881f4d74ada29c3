import type { Effect, Prepared } from "~/domain/billing/effect.server"
import { StaleRead } from "~/domain/billing/subscriptions.server"
import { type Tx, transaction } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"

/** How often what was fetched may be overtaken before the queue's pause is the better answer. */
const freshTries = 5

/**
 * Prepares and writes in one go; prepares anew when others wrote meanwhile. `also` joins the transaction.
 * Landing page and events share it.
 */
export async function applyFresh(
  prepareAgain: () => Promise<Prepared>,
  also: (tx: Tx, effect: Effect) => Promise<void> = async () => {},
): Promise<Effect> {
  for (let left = freshTries; ; left -= 1) {
    const prepared = await prepareAgain()
    try {
      const effect = await transaction(async tx => {
        const came = await prepared(tx)
        await also(tx, came)
        return came
      })
      if (effect.provisioned) failpoint("provisioning.after-commit")
      return effect
    } catch (error) {
      if (!(error instanceof StaleRead) || left <= 1) throw error
    }
  }
}
