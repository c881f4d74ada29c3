import type Stripe from "stripe"
import { bestOf } from "~/domain/billing/access"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { inTurn } from "~/domain/billing/in-turn"
import { withInvoice } from "~/domain/billing/invoice-rows.server"
import { patience } from "~/domain/billing/patience.server"
import { isPlanId } from "~/domain/billing/plans"
import { readSubscription } from "~/domain/billing/snapshot.server"
import { writeSubscription } from "~/domain/billing/subscriptions.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"
import { glance } from "~/platform/stripe.server"

/** Of an organisation's subscriptions the one that counts [B7]; undefined when nothing was ever bought. */
export async function currentSubscription(organizationId: string): Promise<Subscription | undefined> {
  const rows = await db().subscription.findMany({
    where: { organizationId },
    orderBy: { stripeCreatedAt: "desc" },
  })
  const facts = rows.map(row => ({ ...row, row, plan: isPlanId(row.plan) ? row.plan : null }))
  return bestOf(facts, now(), patience())?.subscription.row
}

/**
 * Writes what Stripe answered to a change of ours, so that it shows at once and not with its event. `before` was read before
 * Stripe was asked; where somebody wrote since, Stripe is asked how it stands now. Somebody waits: each question is short.
 */
export async function writeAnswer(before: Subscription, answer: Stripe.Subscription): Promise<void> {
  let fresh: Stripe.Subscription | undefined = answer
  await inTurn(answer.id, () =>
    applyFresh(async () => {
      if (!fresh) return prepareSync(answer.id, glance)
      const { latest_invoice } = fresh
      const snapshot = await readSubscription(fresh, glance)
      fresh = undefined
      return withInvoice(tx => writeSubscription(tx, before, snapshot), latest_invoice)
    }),
  )
}
