/** Asking Stripe how a subscription stands where our row seems to be behind, or an answer was lost. */
import { z } from "zod"
import { syncWithStripe } from "~/domain/billing/wind-down.server"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** Milliseconds somebody is kept waiting for it. */
const patience = 6_000
/** What Stripe was still doing when it broke off is done by then. */
const soon = 60 * 1000

/** Writes how a subscription stands at Stripe, for somebody who waits. Returns false when Stripe does not say so in time. */
export async function hear(subscriptionId: string): Promise<boolean> {
  const asked = await askOnce(patience, () => syncWithStripe(subscriptionId))
  if (!asked.ok) {
    const { kind, words: trouble } = asked.error
    log.warn({ kind, trouble }, "stripe did not say how a subscription stands")
  }
  return asked.ok
}

/** Has it written in a minute, and tried again until Stripe answers. */
export async function hearSoon(subscriptionId: string): Promise<void> {
  await hearLater.enqueue(db(), { subscriptionId }, { runAt: fromNow(soon) })
}

export const hearLater = defineJob({
  kind: "stripe.hear",
  payload: z.object({ subscriptionId: z.string() }),
  run: async ({ subscriptionId }) => {
    if (isStripeSetUp()) await syncWithStripe(subscriptionId)
  },
})
