export type DeliveryMode = "ordered" | "shuffled" | "delayed" | "dropped" | "held" | "random"

/** How likely, from 0 to 1, an event is lost, sent again, or late. */
export interface Odds {
  dropped: number
  repeated: number
  late: number
}

export const ROUGH_ODDS: Odds = { dropped: 0.15, repeated: 0.25, late: 0.35 }

export interface DeliverySettings {
  /**
   * ordered: one after the other, as they happened. shuffled: gathered for a moment, then all at once in a random
   * order. delayed: each `delayMs` later. dropped: never. held: only when released by hand. random: each lost,
   * sent up to three times or up to `delayMs` late, as the odds and the seed say.
   */
  mode: DeliveryMode
  /** How many times each event is sent, at once. */
  copies: number
  delayMs: number
  odds: Odds
  /** The event types this applies to; the others go out in order. Null: all. */
  types: string[] | null
  /** The waits between the attempts at one delivery; after the last it has failed. */
  retryMs: number[]
  /** How long an endpoint has to answer. */
  timeoutMs: number
}

export const NORMAL_DELIVERY: DeliverySettings = {
  mode: "ordered",
  copies: 1,
  delayMs: 2_000,
  odds: ROUGH_ODDS,
  types: null,
  // Stripe tries for three days; here a minute and a half is enough to restart what was down.
  retryMs: [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 45_000],
  timeoutMs: 10_000,
}
