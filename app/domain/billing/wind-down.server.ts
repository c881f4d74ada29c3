/**
 * Seeing to it at Stripe that an organisation is charged no more [O11]: first its payment pages are closed, so that nothing new
 * is bought, then every subscription is ended, those included that no event has told us of yet. It only looks at what Stripe
 * says now, so it may be run again at any point of itself.
 *
 * A plan that is paid for is let run out, and the row notes that closing did this *before* Stripe is asked: after a crash in
 * between nobody takes it for a wish of the owner's, and restoring takes it back.
 */
import type Stripe from "stripe"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { inTurn } from "~/domain/billing/in-turn"
import { idOf } from "~/domain/billing/snapshot.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import type { Subscription } from "~/platform/models.server"
import { isMissingAtStripe, stripe, stripeTrouble } from "~/platform/stripe.server"

/** `run_out`: what is paid for runs to its end, and can be taken back. `at_once`: nothing is left. */
export type Ending = "run_out" | "at_once"

/** Whether Stripe has to be asked before this organisation can be closed. */
export async function hasBillingAtStripe(organizationId: string): Promise<boolean> {
  const { stripeCustomerId, _count } = await db().organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { stripeCustomerId: true, _count: { select: { subscriptions: true, checkouts: openPages } } },
  })
  return stripeCustomerId !== null || _count.subscriptions + _count.checkouts > 0
}

/**
 * Closes every payment page and ends every subscription of an organisation. It waits for a change of its plan that is under way,
 * so that what it ends is what is there after that. Throws Stripe's errors: then it is not done.
 */
export async function windDown(organizationId: string, ending: Ending): Promise<void> {
  return inTurn(`plan:${organizationId}`, () => windDownNow(organizationId, ending))
}

async function windDownNow(organizationId: string, ending: Ending): Promise<void> {
  const pages = await db().checkout.findMany({ where: { organizationId, ...openPages.where } })
  for (const { stripeSessionId } of pages) if (stripeSessionId) await closePage(stripeSessionId)
  for (const id of await subscriptionsOf(organizationId)) {
    await syncWithStripe(id)
    const row = await db().subscription.findUnique({ where: { stripeSubscriptionId: id } })
    if (row?.organizationId === organizationId && !row.endedAt) await end(row, ending)
  }
}

/** Every customer at Stripe who has paid for an organisation; two checkouts at once may have made two. */
export async function customersOf(organizationId: string): Promise<string[]> {
  const { stripeCustomerId, subscriptions } = await db().organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { stripeCustomerId: true, subscriptions: { select: { stripeCustomerId: true } } },
  })
  return [...new Set([stripeCustomerId, ...subscriptions.map(row => row.stripeCustomerId)])].filter(
    id => id !== null,
  )
}

/** Writes what Stripe says of a subscription now; one that Stripe does not know any more stays as it is here. */
export async function syncWithStripe(id: string, options?: Stripe.RequestOptions): Promise<void> {
  await unlessMissing(() => inTurn(id, () => applyFresh(() => prepareSync(id, options))))
}

/** The answer, or undefined when Stripe does not know what was asked for. */
export async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (isMissingAtStripe(error)) return undefined
    throw error
  }
}

const openPages = { where: { state: { in: ["open", "on_its_way"] }, stripeSessionId: { not: null } } }

/** A page that was paid a moment ago becomes a subscription here, to be ended like the rest. */
async function closePage(id: string): Promise<void> {
  try {
    await stripe().checkout.sessions.expire(id)
  } catch (error) {
    if (stripeTrouble(error)?.kind !== "refused") throw error
  }
  const session = await unlessMissing(() => stripe().checkout.sessions.retrieve(id))
  if (!session) return
  await inTurn(id, () => applyFresh(() => prepareFulfilment({ sessionId: id })))
  // A bank debit that has not arrived has a subscription already, which nobody here knows of.
  const { payment_status, subscription } = session
  if (payment_status === "unpaid" && subscription) await cancelNow(idOf(subscription))
}

async function subscriptionsOf(organizationId: string): Promise<string[]> {
  const rows = await db().subscription.findMany({ where: { organizationId, endedAt: null } })
  const known = rows.map(row => row.stripeSubscriptionId)
  const found = await Promise.all((await customersOf(organizationId)).map(listedFor))
  return [...new Set([...known, ...found.flat()])]
}

/** Those that have not ended: what Stripe lists unless asked for all. */
async function listedFor(customer: string): Promise<string[]> {
  const listed = await unlessMissing(() =>
    stripe().subscriptions.list({ customer, limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  )
  return listed?.map(one => one.id) ?? []
}

async function end(row: Subscription, ending: Ending): Promise<void> {
  const id = row.stripeSubscriptionId
  if (ending === "at_once" || !["active", "trialing"].includes(row.status)) await cancelNow(id)
  else if (row.cancelAt) return
  else {
    await db().subscription.updateMany({ where: { id: row.id }, data: { endedByClosingAt: now() } })
    await stripe().subscriptions.update(id, { cancel_at_period_end: true })
    failpoint("closing.plan-ended")
  }
  await syncWithStripe(id)
}

async function cancelNow(id: string): Promise<void> {
  await unlessMissing(() => stripe().subscriptions.cancel(id))
}
