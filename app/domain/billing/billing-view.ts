import type { AccessLevel } from "~/domain/billing/access"
import type { Interval, PlanId } from "~/domain/billing/plans"

export type PaidPlan = { subscriptionId: string; plan: PlanId | null; interval: Interval }

export type BillingView = {
  plan: PlanId | null
  /** Stripe's word; null without a subscription. */
  status: string | null
  level: AccessLevel
  mayManage: boolean
  hasCustomer: boolean
  /** For owners: every plan that goes on, when there is more than one, which is one too many. */
  paidPlans: PaidPlan[]
  /** For those who run the organisation; a member sees the plan only. */
  details?: {
    interval: Interval
    seats: { members: number; invited: number; limit: number | null }
    /** The next payment; null when there is none to come. */
    nextDate: Date | null
    /** When an unpaid invoice should be paid; null when there is none. */
    payBy: Date | null
    endsAt: Date | null
  }
}
