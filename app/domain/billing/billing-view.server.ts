import { isLive } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import type { BillingView, PaidPlan } from "~/domain/billing/billing-view"
import { isInterval, isPlanId } from "~/domain/billing/plans"
import { seatLimitOf } from "~/domain/billing/seats.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { can } from "~/domain/organizations/roles"
import { seatsTaken } from "~/domain/organizations/seats.server"
import { db } from "~/platform/db.server"

/** What a member may see of their organisation's plan: members the plan, admins also its facts, owners can act on it. */
export async function billingViewOf(membership: Membership): Promise<BillingView> {
  const { organizationId, role } = membership
  const access = await accessOf(organizationId)
  const mayManage = can(role, "billing.manage")
  const { plan, status, level } = access
  const view = {
    plan,
    status,
    level,
    mayManage,
    hasCustomer: mayManage && access.customerId !== null,
    paidPlans: mayManage ? await plansPaidTogether(organizationId) : [],
  }
  if (role === "member") return view
  const { members, invited } = await seatsTaken(db(), organizationId)
  const renews = (status === "active" || status === "trialing") && access.cancelAt === null
  return {
    ...view,
    details: {
      interval: access.interval,
      seats: { members, invited, limit: await seatLimitOf(organizationId) },
      nextDate: renews ? access.currentPeriodEnd : null,
      payBy: access.banner?.until ?? null,
      endsAt: level === "full" ? access.cancelAt : null,
    },
  }
}

/** Two payment pages paid at the same moment make two plans; nothing here ends one of them unasked. */
async function plansPaidTogether(organizationId: string): Promise<PaidPlan[]> {
  const rows = await db().subscription.findMany({
    where: { organizationId },
    orderBy: { stripeCreatedAt: "asc" },
  })
  const live = rows.filter(row => isLive(row.status) && row.cancelAt === null)
  if (live.length < 2) return []
  return live.map(({ id, plan, interval }) => ({
    subscriptionId: id,
    plan: isPlanId(plan) ? plan : null,
    interval: isInterval(interval) ? interval : "month",
  }))
}
