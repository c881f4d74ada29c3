/**
 * Our copy of a subscription [B5]. Stripe is asked what is true now, and that is written; event times are compared with nothing.
 * What was fetched is written only if nobody wrote since before the fetch (`syncedAt` is the version and grows with each
 * write), so that of two answers that overtake each other the older one cannot win. The loser asks again.
 */
import { isKnownStatus, isLive } from "~/domain/billing/access"
import { followBillingAddress } from "~/domain/billing/customer-address.server"
import { differencesBetween } from "~/domain/billing/differences"
import type { Effect } from "~/domain/billing/effect.server"
import { isPlanId, plans } from "~/domain/billing/plans"
import type { Snapshot } from "~/domain/billing/snapshot.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { plainName } from "~/domain/organizations/plain-name"
import { paths } from "~/lib/paths"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Subscription } from "~/platform/models.server"

/** What was fetched may be older than what was written meanwhile: fetch again. */
export class StaleRead extends Error {
  constructor(subscriptionId: string) {
    super(`Subscription ${subscriptionId} was written while it was being fetched.`)
    this.name = "StaleRead"
  }
}

/** Writes what Stripe said over the row that was read before asking. Throws `StaleRead` when that row has changed since. */
export async function writeSubscription(tx: Tx, before: Subscription, fetched: Snapshot): Promise<Effect> {
  const { latestInvoiceId, ...snapshot } = knownPart(before, fetched)
  const written = await tx.subscription.updateMany({
    where: { id: before.id, syncedAt: before.syncedAt },
    data: {
      ...snapshot,
      pastDueSince: overdueSince(before, snapshot.status),
      syncedAt: later(before.syncedAt),
    },
  })
  if (written.count === 0) throw new StaleRead(before.stripeSubscriptionId)
  const differences = differencesBetween(before, snapshot)
  if (differences.length === 0) return { state: "done", effect: "nothing new" }
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
  if (snapshot.status === "past_due" && before.status !== "past_due") {
    await tellOwners(tx, before, latestInvoiceId)
  }
  const changed = differences.map(({ what }) => what).join(", ")
  return { state: "done", effect: `subscription ${snapshot.status}: ${changed}`, changed: true, differences }
}

/** Adds a subscription to an organisation. The row must not exist yet. */
export async function addSubscription(tx: Tx, organizationId: string, fetched: Snapshot): Promise<void> {
  const { latestInvoiceId: _, ...snapshot } = fetched
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
}

/** Whether the organisation pays twice: two subscriptions that both go on. */
export async function paysTwice(tx: Tx, organizationId: string): Promise<boolean> {
  const rows = await tx.subscription.findMany({ where: { organizationId }, select: { status: true } })
  return rows.filter(row => isLive(row.status)).length > 1
}

/** A status this version does not know leaves the one we had: it takes nothing away and grants nothing. */
export function knownPart(before: Pick<Subscription, "status">, fetched: Snapshot): Snapshot {
  return isKnownStatus(fetched.status) ? fetched : { ...fetched, status: before.status }
}

function overdueSince(before: Subscription | undefined, status: string): Date | null {
  if (!["past_due", "unpaid", "paused"].includes(status)) return null
  return before?.pastDueSince ?? now()
}

/** Strictly later than the version before, also when the clock stands still. */
function later(version: Date): Date {
  return new Date(Math.max(now().getTime(), version.getTime() + 1))
}

async function tellOwners(tx: Tx, subscription: Subscription, invoiceId: string | null): Promise<void> {
  const organization = await tx.organization.findUniqueOrThrow({
    where: { id: subscription.organizationId },
    include: { memberships: { where: { role: "owner" }, include: { user: { select: { email: true } } } } },
  })
  const planName = isPlanId(subscription.plan) ? plans[subscription.plan].name : ""
  const owners = organization.memberships.map(({ user }) => user.email)
  const { billingEmail } = organization
  const others = billingEmail && !owners.includes(billingEmail) ? [billingEmail] : []
  for (const to of [...owners, ...others]) {
    await queueMail(tx, {
      template: "payment_failed",
      to,
      parameters: {
        kind: "renewal",
        organizationName: owners.includes(to) ? organization.name : plainName(organization.name),
        planName,
        path: paths.organization.billing(organization.slug),
        to: owners.includes(to) ? "owner" : "billing_address",
      },
      organizationId: organization.id,
      dedupeKey: `payment-failed:${invoiceId ?? subscription.stripeSubscriptionId}:${to}`,
    })
  }
}
