import { syncWithStripe } from "~/domain/billing/wind-down.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** Milliseconds somebody who comes back from the portal is kept waiting; the events bring what took longer. */
const patience = 2_500
/** More plans that have not ended no organisation has. */
const most = 5

/** Writes down what somebody may just have changed in Stripe's portal, so that the page they come back to shows it. */
export async function hearAfterPortal({ organizationId }: Membership): Promise<void> {
  if (!isStripeSetUp()) return
  const rows = await db().subscription.findMany({
    where: { organizationId, endedAt: null },
    orderBy: { stripeCreatedAt: "desc" },
    take: most,
  })
  const asked = await askOnce(patience, () =>
    Promise.all(rows.map(row => syncWithStripe(row.stripeSubscriptionId))),
  )
  if (!asked.ok) {
    const { kind, words: trouble } = asked.error
    log.warn({ kind, trouble }, "stripe did not say what was done in the portal")
  }
}
