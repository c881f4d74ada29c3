import type { Interval, PlanId } from "~/domain/billing/plans"
import type { Seats } from "~/domain/billing/seat-words"

/** What an organisation has, and whether it can be changed here. */
export type PlanChoice = {
  plan: PlanId | null
  interval: Interval
  seats: Seats
  /** Why nothing can be changed at present; undefined when it can. */
  obstacle?: PlanObstacle
}

/**
 * `none`: no plan that runs. `unpaid`: a payment is due first; `unconfirmed`: the bank waits for somebody to confirm it. `paused`: it
 * has to go on first. `ending`: it is set to end. `closing`: so is the organisation.
 */
export type PlanObstacle = "none" | "unpaid" | "unconfirmed" | "paused" | "ending" | "closing"

/** What a change would cost at this moment, in the currency's smallest unit. */
export type PlanPreview = {
  from: { plan: PlanId | null; interval: Interval }
  to: { plan: PlanId; interval: Interval }
  currency: string
  dueNow: number
  /** Of what is due now, the tax; 0 for none, or where the price includes it. */
  taxNow: number
  /** What is left of the old plan and kept for the next invoices; 0 for none. */
  credit: number
  /** What one period costs after that, before tax and discounts. */
  perPeriod: number
  /** When that is charged the first time. */
  nextAt: Date
  trial: boolean
  seats: Seats
  newLimit: number | null
  /** To be posted back: nobody else can make one, and it holds for a quarter of an hour. */
  offer: string
}

/** `same`: they have it. `not_sold`: Stripe has no price for it. `collection_paused`: somebody set its invoices aside at Stripe. */
export type PreviewRefusal = PlanObstacle | "same" | "not_sold" | "collection_paused" | "unavailable"

/** `stale`: too old, or somebody changed the plan meanwhile; `declined`: the card was; `to_confirm`: the bank wants the payment confirmed by somebody who is there; `unsure`: Stripe broke off in the middle. */
export type ChangeRefusal = PlanObstacle | "stale" | "declined" | "to_confirm" | "unavailable" | "unsure"
