import { type Access, bestOf } from "~/domain/billing/access"
import { type Interval, isInterval, isPlanId, type PlanId } from "~/domain/billing/plans"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"

export type OrganizationAccess = Access & {
  /** The plan that counts; null without a subscription, and for an unknown price. */
  plan: PlanId | null
  interval: Interval
  /** Stripe's word for it; null without a subscription. */
  status: string | null
  currentPeriodEnd: Date | null
  /** When it will end; null while it goes on. */
  cancelAt: Date | null
  trialEnd: Date | null
  customerId: string | null
}

const nothingBought: OrganizationAccess = {
  level: "none",
  plan: null,
  interval: "month",
  status: null,
  currentPeriodEnd: null,
  cancelAt: null,
  trialEnd: null,
  customerId: null,
}

/** What an organisation has bought and may do at this moment: the best of its subscriptions through the table of [B7]. */
export async function accessOf(organizationId: string): Promise<OrganizationAccess> {
  const rows = await db().subscription.findMany({
    where: { organizationId },
    orderBy: { stripeCreatedAt: "desc" },
  })
  const best = bestOf(rows.map(withPlan), now())
  if (!best) return nothingBought
  const { subscription, access } = best
  return {
    ...access,
    plan: subscription.plan,
    interval: isInterval(subscription.interval) ? subscription.interval : "month",
    status: subscription.status,
    currentPeriodEnd: subscription.currentPeriodEnd,
    cancelAt: subscription.cancelAt,
    trialEnd: subscription.trialEnd,
    customerId: subscription.stripeCustomerId,
  }
}

function withPlan(row: Subscription) {
  return { ...row, plan: isPlanId(row.plan) ? row.plan : null }
}
