export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/**
 * Stripe's time in whole seconds: the real one, plus as far as it was moved, or, once it is stopped, only as far as it
 * is moved. It never goes backwards.
 */
export class ServerClock {
  offset = 0
  /** The time at which it stands still; null while it runs. */
  stopped: number | null = null
  /** Told how far ahead it is, each time it was moved, by whoever keeps the same time. */
  follower: ((secondsAhead: number) => void) | null = null

  now(): number {
    return this.stopped ?? Math.floor(Date.now() / 1000) + this.offset
  }

  moveTo(time: number): void {
    if (this.stopped !== null) {
      this.stopped = Math.max(this.stopped, time)
      return
    }
    const ahead = Math.max(this.offset, time - Math.floor(Date.now() / 1000))
    if (ahead === this.offset) return
    this.offset = ahead
    this.follower?.(ahead)
  }

  /** Stands still at a time, so that a run of the same seed sees the same dates. */
  stopAt(time: number): void {
    this.stopped = time
  }

  /** Begins at another time than now. */
  beginAt(time: number): void {
    this.offset = time - Math.floor(Date.now() / 1000)
  }

  reset(): void {
    this.offset = 0
    this.stopped = null
  }
}

export type Interval = { interval: string; interval_count: number }

/**
 * The start of a period so many intervals after the anchor. Counted from the anchor, not from the last period,
 * so that a subscription begun on the 31st returns to the 31st after February, as Stripe's do.
 */
export function addIntervals(anchor: number, every: Interval, times: number): number {
  const count = every.interval_count * times
  switch (every.interval) {
    case "day":
      return anchor + count * DAY
    case "week":
      return anchor + count * 7 * DAY
    case "year":
      return addMonths(anchor, count * 12)
    default:
      return addMonths(anchor, count)
  }
}

export function addMonths(time: number, months: number): number {
  const date = new Date(time * 1000)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return Math.floor(date.getTime() / 1000)
}

/** The period of an anchored rhythm that contains a moment. */
export function periodAround(anchor: number, every: Interval, time: number): { start: number; end: number } {
  let index = 0
  while (addIntervals(anchor, every, index + 1) <= time) index += 1
  return { start: addIntervals(anchor, every, index), end: addIntervals(anchor, every, index + 1) }
}
