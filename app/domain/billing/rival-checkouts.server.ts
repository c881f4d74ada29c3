/**
 * One organisation, one payment page [B1]. Whoever opens a second one means that plan, and whoever has paid on one must not pay
 * on another: the others are expired at Stripe, by a job, so that nobody waits for it and a crash forgets none. Pages that are
 * paid at the same moment cannot be called back; provisioning keeps both and says so.
 */
import { z } from "zod"
import { isLive } from "~/domain/billing/access"
import { now } from "~/platform/clock.server"
import { type Client, db } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"
import type { Checkout } from "~/platform/models.server"
import { isStripeSetUp, stripe, stripeTrouble } from "~/platform/stripe.server"

const whichOnes = ["older", "others", "itself"] as const
type Which = (typeof whichOnes)[number]

/** Closes payment pages: those older than a checkout once it is opened, all others once it is paid, or itself. */
export const closeRivals = defineJob({
  kind: "checkout.close-rivals",
  payload: z.object({ checkoutId: z.string(), which: z.enum(whichOnes) }),
  run: async ({ checkoutId, which }) => {
    if (!isStripeSetUp()) return
    for (const rival of await openOnes(checkoutId, which)) await closePage(rival)
  },
})

/** Forgets older forms of the same organisation, so that none of them leads to a page that is being closed. */
export async function forgetRivals(client: Client, checkout: Checkout): Promise<void> {
  const { id, organizationId } = checkout
  if (!organizationId) return
  await client.checkout.updateMany({
    where: { organizationId, id: { lt: id }, state: "open", requestKey: { not: null } },
    data: { requestKey: null },
  })
  await closeRivals.enqueue(client, { checkoutId: id, which: "older" })
}

/** Whether the organisation has a subscription that goes on: buying another one would charge twice. */
export async function hasLivePlan(organizationId: string | null | undefined): Promise<boolean> {
  if (!organizationId) return false
  const rows = await db().subscription.findMany({ where: { organizationId }, select: { status: true } })
  return rows.some(row => isLive(row.status))
}

async function openOnes(checkoutId: string, which: Which): Promise<Checkout[]> {
  const { organizationId } = await db().checkout.findUniqueOrThrow({ where: { id: checkoutId } })
  if (!organizationId) return []
  return db().checkout.findMany({
    where: {
      organizationId,
      id: { older: { lt: checkoutId }, others: { not: checkoutId }, itself: checkoutId }[which],
      state: "open",
      stripeSessionId: { not: null },
    },
  })
}

/** Closes a payment page at Stripe. One that is paid or closed already stays as it is: its own event tells what became of it. */
export async function closePage({ id, stripeSessionId }: Checkout): Promise<void> {
  if (!stripeSessionId) return
  try {
    await stripe().checkout.sessions.expire(stripeSessionId)
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (trouble?.kind !== "refused") throw error
    log.info({ checkout: id, trouble: trouble.words }, "a second payment page was closed or paid before")
    return
  }
  await db().checkout.updateMany({
    where: { id, state: "open" },
    data: { state: "abandoned", requestKey: null, updatedAt: now() },
  })
}
