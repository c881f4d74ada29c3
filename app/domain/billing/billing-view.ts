import type { AccessLevel } from "~/domain/billing/access"
import type { Banner } from "~/domain/billing/banners"
import type { InvoiceLine } from "~/domain/billing/invoice-view"
import type { Interval, PlanId } from "~/domain/billing/plans"

export type PaidPlan = { subscriptionId: string; plan: PlanId | null; interval: Interval }

/** In the currency's smallest unit. */
export type NextCharge = { amount: number; currency: string }

export type BillingView = {
  plan: PlanId | null
  /** Stripe's word; null without a subscription. */
  status: string | null
  level: AccessLevel
  mayManage: boolean
  hasCustomer: boolean
  /** For those who manage it: the name of the plan that a bank debit is on its way for. */
  onItsWay: string | null
  /** For those who manage it: every plan that goes on, when there is more than one, which is one too many. */
  paidPlans: PaidPlan[]
  /** For those who run the organisation; a member sees the plan only. */
  details?: {
    interval: Interval
    seats: { members: number; invited: number; limit: number | null }
    /** What one period costs before tax and discounts; null where nothing goes on. */
    price: NextCharge | null
    /** The next payment; null when there is none to come. */
    nextDate: Date | null
    /** When the trial is over, while there is one. */
    trialEnd: Date | null
    /** When an unpaid invoice should be paid; null when there is none. */
    payBy: Date | null
    endsAt: Date | null
  }
  /** For those who manage it. */
  paying?: {
    /** What is charged on `nextDate`, as Stripe reckons it; null where it does not say. */
    nextCharge: NextCharge | null
    /** What is wrong with the plan, and the way out; said here in place of the banner of other pages. */
    news: Banner | null
    /** What could not be charged, or is left to pay of a plan that has ended, the oldest first. */
    unpaid: UnpaidInvoice[]
    /** What Stripe keeps for them and takes off the next invoices; null for none, or where it does not say. */
    credit: NextCharge | null
    latest: InvoiceLine[]
    mayChange: boolean
    mayEnd: boolean
  }
}

export type UnpaidInvoice = {
  id: string
  number: string | null
  amount: number
  currency: string
  /** When it is tried again by itself; null when it is not. */
  nextAttemptAt: Date | null
}
