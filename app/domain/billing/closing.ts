/** How far the closing of an organisation is, as pages show it. */
export type Closing =
  | { state: "open" }
  /** An owner wants it closed; Stripe has not confirmed yet that nothing more will be charged. */
  | { state: "waiting"; since: Date; trouble: string | null; nextTryAt: Date }
  /** Closed; any owner can restore it until it is erased. */
  | { state: "closed"; since: Date; eraseAt: Date }
  /** The grace is over. */
  | { state: "erasing"; since: Date; trouble: string | null }

/** The minute of each hour at which what waits is tried again. */
export const triesAtMinute = 23

/** What becomes of the plan: a paid one runs out, an unpaid one ends at once, or there is none. */
export type PlanAtClosing =
  | { fate: "none" }
  | { fate: "ends_at_once" }
  | {
      fate: "runs_out"
      until: Date
      /** Paid for longer than the organisation can be restored. */
      outlivesGrace: boolean
    }

/** And what becomes of it when the closing is taken back. */
export type PlanOnReopening = "goes_on" | "gone" | "nothing"
