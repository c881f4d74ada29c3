import { RateLimiterMemory } from "rate-limiter-flexible"
import { now } from "~/platform/clock.server"

/** A counter that outlives a restart: which one, which bucket, how much, until when. */
export type CounterRecord = { bucket: string; points: number; expiresAt: Date }

/** More than any limit: the library compares, but here only the count is wanted. */
const unlimited = Number.MAX_SAFE_INTEGER

/**
 * Counts points per bucket in memory (RateLimiterMemory), each bucket until it expires. The library reads Date.now():
 * when the app's clock is moved, the counters are moved along.
 */
export class Counter {
  #memory: RateLimiterMemory
  #skew = clockSkew()

  constructor(readonly seconds: number) {
    this.#memory = newMemory(seconds)
  }

  /** Adds one point and tells how many there are by now and when they expire. Synchronous up to the first await. */
  async add(bucket: string): Promise<{ points: number; msLeft: number }> {
    const { consumedPoints, msBeforeNext } = await this.#followed().penalty(bucket)
    return { points: consumedPoints, msLeft: msBeforeNext }
  }

  async take(bucket: string): Promise<void> {
    const { points } = await this.get(bucket)
    if (points === 0) return
    const { consumedPoints } = await this.#memory.reward(bucket)
    // Several at once may each have seen the last point: nobody gets credit.
    if (consumedPoints < 0) await this.#memory.penalty(bucket, -consumedPoints)
  }

  async get(bucket: string): Promise<{ points: number; msLeft: number }> {
    const found = await this.#followed().get(bucket)
    if (!found || found.msBeforeNext <= 0) return { points: 0, msLeft: 0 }
    return { points: found.consumedPoints, msLeft: found.msBeforeNext }
  }

  async set(bucket: string, points: number, seconds: number): Promise<void> {
    await this.#followed().set(bucket, points, seconds)
  }

  async forget(bucket: string): Promise<void> {
    await this.#memory.delete(bucket)
  }

  buckets(): string[] {
    return this.#memory.dump().storage.map(record => String(record.key))
  }

  clear(): void {
    this.#memory = newMemory(this.seconds)
  }

  restore(records: CounterRecord[]): void {
    const skew = clockSkew()
    const storage = records.map(({ bucket, points, expiresAt }) => ({
      key: bucket,
      value: points,
      expiresAt: expiresAt.getTime() - skew,
    }))
    this.#followed().restore({ version: 1, storage })
  }

  #followed(): RateLimiterMemory {
    const moved = clockSkew() - this.#skew
    if (Math.abs(moved) < 1_000) return this.#memory
    this.#skew += moved
    const { version, storage } = this.#memory.dump()
    this.#memory = newMemory(this.seconds)
    const shifted = storage.map(r => ({ ...r, expiresAt: r.expiresAt === null ? null : r.expiresAt - moved }))
    this.#memory.restore({ version, storage: shifted })
    return this.#memory
  }
}

function newMemory(seconds: number): RateLimiterMemory {
  return new RateLimiterMemory({ points: unlimited, duration: seconds, keyPrefix: "" })
}

function clockSkew(): number {
  return now().getTime() - Date.now()
}
