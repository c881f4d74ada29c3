export type DeliveryMode = "ordered" | "shuffled" | "delayed" | "dropped" | "held"

export interface DeliverySettings {
  /**
   * ordered: one after the other, as they happened. shuffled: gathered for a moment, then all at once in a random
   * order. delayed: each `delayMs` later. dropped: never. held: only when released by hand.
   */
  mode: DeliveryMode
  /** How many times each event is sent, at once. */
  copies: number
  delayMs: number
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
  types: null,
  // Stripe tries for three days; here a minute and a half is enough to restart what was down.
  retryMs: [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 45_000],
  timeoutMs: 10_000,
}

/** A list in a random order that is not the one it came in, when it has two or more. */
export function shuffle<T>(list: T[]): T[] {
  const rest = [...list]
  const shuffled: T[] = []
  while (rest.length > 0) shuffled.push(...rest.splice(Math.floor(Math.random() * rest.length), 1))
  const same = shuffled.every((value, index) => value === list[index])
  return same && list.length > 1 ? [...shuffled.slice(1), ...shuffled.slice(0, 1)] : shuffled
}
