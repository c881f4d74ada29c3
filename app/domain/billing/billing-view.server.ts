import type { AccessLevel } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import type { Interval, PlanId } from "~/domain/billing/plans"
import { seatLimitOf } from "~/domain/billing/seats.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { can } from "~/domain/organizations/roles"
import { type SeatLimit, seatsTaken } from "~/domain/organizations/seats.server"
import { db } from "~/platform/db.server"

export type BillingView = {
  plan: PlanId | null
  /** Stripe's word; null without a subscription. */
  status: string | null
  level: AccessLevel
  mayManage: boolean
  hasCustomer: boolean
  /** For those who run the organisation; a member sees the plan only. */
  details?: {
    interval: Interval
    seats: { members: number; invited: number; limit: SeatLimit }
    /** The next payment; null when there is none to come. */
    nextDate: Date | null
    endsAt: Date | null
  }
}

/** What a member may see of their organisation's plan: members the plan, admins also its facts, owners can act on it. */
export async function billingViewOf(membership: Membership): Promise<BillingView> {
  const { organizationId, role } = membership
  const access = await accessOf(organizationId)
  const mayManage = can(role, "billing.manage")
  const { plan, status, level } = access
  const view = { plan, status, level, mayManage, hasCustomer: mayManage && access.customerId !== null }
  if (role === "member") return view
  const { members, invited } = await seatsTaken(db(), organizationId)
  const renews = level === "full" && access.cancelAt === null
  return {
    ...view,
    details: {
      interval: access.interval,
      seats: { members, invited, limit: await seatLimitOf(organizationId) },
      nextDate: renews ? access.currentPeriodEnd : null,
      endsAt: level === "full" ? access.cancelAt : null,
    },
  }
}
