import { err, ok, type Result } from "~/lib/result"
import { keyedHash } from "~/platform/crypto.server"
import { Counter } from "~/platform/rate-limit-counter.server"
import { dropChanges, keepCounter, markChanged } from "~/platform/rate-limit-store.server"

export { restoreLimits, saveLimits } from "~/platform/rate-limit-store.server"

/*
 * Limits in process [L16]. A key is hashed with APP_SECRET into one of 65,536 buckets per limit: memory is bounded
 * whatever strangers send, and no address reaches the table. Two keys share a bucket once in 65,536, and nobody without
 * the secret can tell which do.
 */

export type TooMany = { retryAfterSeconds: number }

export type Limit = {
  /** Counts one attempt and decides at once: of any number in parallel exactly as many pass as there are points. */
  consume(key: string): Promise<Result<void, TooMany>>
  /** What `consume` would say, counting nothing. */
  peek(key: string): Promise<Result<void, TooMany>>
  /** Gives one point back, for an attempt that turned out not to count. */
  reward(key: string): Promise<void>
  /** Forgets one key, or all of this limit. */
  reset(key?: string): Promise<void>
}

export type LimitOptions = {
  name: string
  points: () => number
  /** The window; it begins with the first attempt. */
  seconds: number
  /** Outlives a restart: written behind to the table RateLimit. */
  durable?: boolean
  /** Who keeps hitting the spent limit waits longer each time. */
  penalty?: boolean
}

const day = 24 * 60 * 60
/** Refused attempts that are forgiven before the next offence is counted: a few impatient clicks are none. */
const leastForgiven = 5

const limits = new Set<() => void>()

/**
 * A limit of `points` attempts per `seconds` and key. With `penalty`, being refused is an offence, and so is every
 * further handful of attempts while refused; the first has the usual wait, each later one within a day of the last
 * doubles it, up to 24 hours.
 */
export function defineLimit({
  name,
  points,
  seconds,
  durable = false,
  penalty = false,
}: LimitOptions): Limit {
  const attempts = new Counter(seconds)
  const offences = new Counter(day)
  const offencesName = `${name}/offences`
  limits.add(() => {
    attempts.clear()
    offences.clear()
  })
  if (durable) {
    keepCounter(name, attempts)
    keepCounter(offencesName, offences)
  }
  const changed = (counter: string, bucket: string) => {
    if (durable) markChanged(counter, bucket)
  }

  /** The wait in milliseconds after an offence, at least what is left already. */
  async function punish(bucket: string, msLeft: number): Promise<number> {
    const count = (await offences.get(bucket)).points + 1
    const wait = Math.min(seconds * 2 ** (count - 1), day)
    await offences.set(bucket, count, day + wait)
    changed(offencesName, bucket)
    if (count === 1 || wait * 1_000 <= msLeft) return msLeft
    await attempts.set(bucket, points() + 1, wait)
    return wait * 1_000
  }

  async function consume(key: string): Promise<Result<void, TooMany>> {
    const bucket = bucketOf(name, key)
    const { points: used, msLeft } = await attempts.add(bucket)
    changed(name, bucket)
    const refused = used - points()
    if (refused <= 0) return ok()
    const offence = penalty && refused % Math.max(points(), leastForgiven) === 1
    return tooMany(offence ? await punish(bucket, msLeft) : msLeft)
  }

  async function forget(bucket: string): Promise<void> {
    await attempts.forget(bucket)
    await offences.forget(bucket)
    changed(name, bucket)
    changed(offencesName, bucket)
  }

  return {
    consume,
    peek: async key => {
      const { points: used, msLeft } = await attempts.get(bucketOf(name, key))
      return used < points() ? ok() : tooMany(msLeft)
    },
    reward: async key => {
      const bucket = bucketOf(name, key)
      await attempts.take(bucket)
      changed(name, bucket)
    },
    reset: async key => {
      const buckets =
        key === undefined ? [...attempts.buckets(), ...offences.buckets()] : [bucketOf(name, key)]
      for (const bucket of buckets) await forget(bucket)
    },
  }
}

/** Counts one attempt on each of these, in this order, or on none: whoever is refused by one has spent nothing on the others. */
export async function consumeAll(
  counts: readonly (readonly [Limit, string])[],
): Promise<Result<void, TooMany>> {
  const counted: (readonly [Limit, string])[] = []
  for (const [limit, key] of counts) {
    const allowed = await limit.consume(key)
    if (!allowed.ok) {
      for (const [spent, its] of counted) await spent.reward(its)
      return allowed
    }
    counted.push([limit, key])
  }
  return ok()
}

/** For tests: every limit as new. Rows that are written already stay. */
export function clearLimits(): void {
  for (const clear of limits) clear()
  dropChanges()
}

const tooMany = (ms: number) => err({ retryAfterSeconds: Math.max(1, Math.ceil(ms / 1_000)) })

/** Sixteen bits of a keyed hash. */
function bucketOf(name: string, key: string): string {
  return Buffer.from(keyedHash(`rate limit ${name}`, key).slice(0, 4), "base64url")
    .subarray(0, 2)
    .toString("hex")
}
