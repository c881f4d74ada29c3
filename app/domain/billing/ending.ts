import type { AccessLevel } from "~/domain/billing/access"
import type { Interval, PlanId } from "~/domain/billing/plans"

/** How the end of a plan stands. */
export type Ending =
  /** There is no plan that could be ended here. */
  | { state: "nothing" }
  | {
      state: "goes_on"
      plan: PlanId | null
      interval: Interval
      wouldEndAt: Date | null
      trial: boolean
      /** Where a payment is missing: what is left of access, and until when it stays so; null where all is paid. */
      unpaid: Unpaid | null
    }
  | { state: "ends"; plan: PlanId | null; interval: Interval; endsAt: Date }
  /** Nothing of it is paid for, so nothing runs out: it is ended at the payment provider. */
  | { state: "stopped"; paused: boolean }

export type Unpaid = { level: AccessLevel; until: Date | null }

export type EndingRefusal = "nothing_to_end" | "closing" | "too_many" | "unavailable"
