import type { Interval, PlanId } from "~/domain/billing/plans"

/** How the end of a plan stands. */
export type Ending =
  /** There is no plan that could be ended here. */
  | { state: "nothing" }
  | { state: "goes_on"; plan: PlanId | null; interval: Interval; wouldEndAt: Date | null; trial: boolean }
  | { state: "ends"; plan: PlanId | null; interval: Interval; endsAt: Date }

export type EndingRefusal = "nothing_to_end" | "closing" | "unavailable"
