/**
 * Our copy of a subscription [B5]. Stripe is asked what is true now, and that is written; event times are compared with nothing.
 * What was fetched is written only if nobody wrote since before the fetch (`syncedAt` is the version and grows with each
 * write), so that of two answers that overtake each other the older one cannot win. The loser asks again.
 */
import { followBillingAddress } from "~/domain/billing/customer-address.server"
import { differencesBetween } from "~/domain/billing/differences"
import { keepEarlierInvoices } from "~/domain/billing/earlier-invoices.server"
import type { Effect } from "~/domain/billing/effect.server"
import { nothingNew } from "~/domain/billing/effect-words"
import { followSubscription } from "~/domain/billing/follow-subscription.server"
import type { Snapshot } from "~/domain/billing/snapshot.server"
import { clearAlert, raiseAlert } from "~/domain/mail/alerts.server"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Subscription } from "~/platform/models.server"

/** For so long a new subscription has no invoice but the one it was bought with. */
const invoicedOnceFor = 60 * 60 * 1000

/** What was fetched may be older than what was written meanwhile: fetch again. */
export class StaleRead extends Error {
  constructor(subscriptionId: string) {
    super(`Subscription ${subscriptionId} was written while it was being fetched.`)
    this.name = "StaleRead"
  }
}

/** Writes what Stripe said over the row that was read before asking. Throws `StaleRead` when that row has changed since. */
export async function writeSubscription(tx: Tx, before: Subscription, fetched: Snapshot): Promise<Effect> {
  const snapshot = knownPart(before, fetched)
  const written = await tx.subscription.updateMany({
    where: { id: before.id, syncedAt: before.syncedAt },
    data: {
      ...snapshot,
      pastDueSince: overdueSince(before, snapshot.status),
      syncedAt: later(before.syncedAt),
    },
  })
  if (written.count === 0) throw new StaleRead(before.stripeSubscriptionId)
  await followSubscription(tx, before, before.stripeSubscriptionId)
  await reportUnknownStatus(tx, before, snapshot)
  const differences = differencesBetween(before, snapshot)
  if (differences.length === 0) return { state: "done", effect: nothingNew }
  await writeAudit(tx, {
    organizationId: before.organizationId,
    act: "billing.subscription_changed",
    target: before.stripeSubscriptionId,
    detail: {
      status: snapshot.status,
      plan: snapshot.plan,
      ending: snapshot.cancelAt?.toISOString() ?? null,
    },
  })
  const changed = differences.map(({ what }) => what).join(", ")
  return { state: "done", effect: `subscription ${snapshot.status}: ${changed}`, changed: true, differences }
}

/** Adds a subscription to an organisation. The row must not exist yet. */
export async function addSubscription(tx: Tx, organizationId: string, snapshot: Snapshot): Promise<void> {
  await tx.subscription.create({
    data: {
      ...snapshot,
      id: newId(),
      organizationId,
      pastDueSince: overdueSince(undefined, snapshot.status),
      syncedAt: now(),
    },
  })
  await tx.organization.updateMany({
    where: { id: organizationId, stripeCustomerId: null },
    data: { stripeCustomerId: snapshot.stripeCustomerId, updatedAt: now() },
  })
  const told = await tx.organization.count({ where: { id: organizationId, billingEmail: { not: null } } })
  if (told > 0) await followBillingAddress.enqueue(tx, { organizationId })
  const { stripeSubscriptionId: subscriptionId, stripeCreatedAt } = snapshot
  if (stripeCreatedAt < fromNow(-invoicedOnceFor)) await keepEarlierInvoices.enqueue(tx, { subscriptionId })
  await followSubscription(tx, undefined, subscriptionId)
  await reportUnknownStatus(tx, undefined, snapshot)
}

/** A status this version does not know leaves what access comes from as it was: it takes nothing away and grants nothing. */
export function knownPart(before: Subscription, fetched: Snapshot): Snapshot {
  if (fetched.unknownStatus === null) return fetched
  const { status, plan, interval, stripePriceId, periodAmount, currency, endedAt } = before
  return { ...fetched, status, plan, interval, stripePriceId, periodAmount, currency, endedAt }
}

/** Tells the operator of a status of the future, once for each subscription, and takes that back when it is over. */
async function reportUnknownStatus(
  tx: Tx,
  before: Subscription | undefined,
  { stripeSubscriptionId, unknownStatus }: Snapshot,
): Promise<void> {
  const known = before?.unknownStatus ?? null
  if (known === unknownStatus) return
  if (known) await clearAlert(`unknown-status:${stripeSubscriptionId}:${known}`, tx)
  if (!unknownStatus) return
  const alert = {
    title: `Stripe gives a subscription the unknown status “${unknownStatus}”`,
    words: `Subscription ${stripeSubscriptionId} keeps what it had, and gains nothing. This version of Gatehouse may be too old for it.`,
  }
  await raiseAlert(`unknown-status:${stripeSubscriptionId}:${unknownStatus}`, alert, tx)
}

/** Kept when Stripe gives up on what is overdue: that is no payment. */
function overdueSince(before: Subscription | undefined, status: string): Date | null {
  if (status === "canceled") return before?.pastDueSince ?? null
  if (!["past_due", "unpaid", "paused"].includes(status)) return null
  return before?.pastDueSince ?? now()
}

/** Strictly later than the version before, also when the clock stands still. */
function later(version: Date): Date {
  return new Date(Math.max(now().getTime(), version.getTime() + 1))
}
