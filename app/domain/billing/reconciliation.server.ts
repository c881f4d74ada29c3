/**
 * The nightly comparison [B6]. Stripe's list of subscriptions is read through and each one that is linked here, or whose
 * customer or purchase is ours, is compared with our row; what differs is fetched anew and written as Stripe says it is now.
 * Then what is linked and not in that list is asked for by its id, and every payment page that is still open is asked after.
 * So what no event told us of is found all the same, also after Stripe has forgotten its events. One that fails stops none
 * of the others; Stripe being away or busy ends the round, and the next one begins anew. Running it twice changes nothing the
 * second time.
 */
import type Stripe from "stripe"
import { isLive } from "~/domain/billing/access"
import { compareOne, type Round } from "~/domain/billing/compare-one.server"
import { lastComparison, rememberComparison } from "~/domain/billing/comparison-report.server"
import { forgetDeletedCustomer } from "~/domain/billing/deleted-customer.server"
import { differencesBetween } from "~/domain/billing/differences"
import { standingFindings } from "~/domain/billing/drift-findings.server"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { inTurn } from "~/domain/billing/in-turn"
import { idOf, readSubscription } from "~/domain/billing/snapshot.server"
import type { ComparisonReport } from "~/domain/billing/stripe-state"
import { knownPart } from "~/domain/billing/subscriptions.server"
import { sweepStripeEvents } from "~/domain/billing/sweep.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { fromNow, now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { isStripeSetUp, stripe, stripeTrouble } from "~/platform/stripe.server"

const hour = 60 * 60 * 1000
const day = 24 * hour
/** How many rows are read at a time. */
const batch = 100
/** A payment page lives a day at Stripe and a bank debit takes two weeks; the rest is for a long time without either of us. */
const askAfterFor = 90 * day
/** Nothing ever happens again to a subscription that ended this long ago. */
const endedForGood = 60 * day
/** One is due every night; beyond this the night was missed. */
const missedAfter = 25 * hour

/** Compares everything with Stripe and repairs what differs. Returns undefined when billing is not set up or Stripe is away. */
export async function reconcile(): Promise<ComparisonReport | undefined> {
  if (!isStripeSetUp()) return undefined
  return inTurn("comparison", compareEverything)
}

/**
 * For the start and each hour: compares when the last comparison is older than a night, because the process did not run or
 * Stripe was away. Looks for missed events first, so that only what none of them tells counts as a difference.
 */
export async function compareIfMissed(): Promise<void> {
  const last = await lastComparison()
  if (last && last.at > fromNow(-missedAfter)) return
  if (!isStripeSetUp() || (await db().checkout.count()) === 0) return
  await sweepStripeEvents()
  await reconcile()
}

async function compareEverything(): Promise<ComparisonReport | undefined> {
  const round: Round = {
    report: { at: now(), compared: 0, repaired: [], failed: [] },
    standing: await standingFindings(),
    failedBefore: 0,
  }
  try {
    const seen = await compareListed(round)
    await compareUnlisted(round, seen)
    await askAfterPages(round)
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "the comparison with stripe was cut short")
    return undefined
  }
  await rememberComparison(round.report, round.failedBefore)
  return round.report
}

/** Reads Stripe's list through. Returns the ids in it that are linked here. */
async function compareListed(round: Round): Promise<Set<string>> {
  const seen = new Set<string>()
  const listed = stripe().subscriptions.list({ status: "all", limit: batch, expand: ["data.customer"] })
  for await (const subscription of listed) {
    const { id, customer } = subscription
    const row = await db().subscription.findUnique({ where: { stripeSubscriptionId: id } })
    if (row) seen.add(id)
    if (row || (await mayBeOurs(subscription))) {
      await compareOne(round, id, async () =>
        row && (await isAsStripeSays(row, subscription)) ? undefined : () => prepareSync(id),
      )
    }
    if (typeof customer === "object" && customer.deleted) await forgetDeletedCustomer(db(), customer.id)
  }
  return seen
}

async function isAsStripeSays(row: Subscription, subscription: Stripe.Subscription): Promise<boolean> {
  const stripes = knownPart(row, await readSubscription(subscription))
  return differencesBetween(row, stripes).length === 0
}

/** Not linked here: of a customer of ours, or bought on a payment page of ours, and of any use still. */
async function mayBeOurs(subscription: Stripe.Subscription): Promise<boolean> {
  const { status, created, metadata } = subscription
  if (!isLive(status) && created * 1000 < fromNow(-endedForGood).getTime()) return false
  const stripeCustomerId = idOf(subscription.customer)
  const customers = await db().organization.count({ where: { stripeCustomerId } })
  if (customers > 0) return true
  const id = metadata.checkoutId
  return id !== undefined && (await db().checkout.count({ where: { id } })) > 0
}

async function compareUnlisted(round: Round, seen: ReadonlySet<string>): Promise<void> {
  for (let after = ""; ; ) {
    const rows = await db().subscription.findMany({
      where: { id: { gt: after }, OR: [{ endedAt: null }, { endedAt: { gt: fromNow(-endedForGood) } }] },
      orderBy: { id: "asc" },
      take: batch,
      select: { id: true, stripeSubscriptionId: true },
    })
    for (const { stripeSubscriptionId: id } of rows) {
      if (!seen.has(id)) await compareOne(round, id, async () => () => prepareSync(id))
    }
    if (rows.length < batch) return
    after = rows.at(-1)?.id ?? ""
  }
}

async function askAfterPages(round: Round): Promise<void> {
  const pages = await db().checkout.findMany({
    where: {
      state: { in: ["open", "on_its_way"] },
      stripeSessionId: { not: null },
      createdAt: { gt: fromNow(-askAfterFor) },
    },
    orderBy: { createdAt: "asc" },
    select: { stripeSessionId: true },
  })
  for (const { stripeSessionId: id } of pages) {
    if (id) await compareOne(round, id, async () => () => prepareFulfilment({ sessionId: id }))
  }
}
