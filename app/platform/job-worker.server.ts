import { AsyncResource } from "node:async_hooks"
import {
  claimJob,
  type DueJob,
  dueJobs,
  freeAbandonedJobs,
  newHolder,
  renewLease,
  retireHolder,
  settleJob,
  untilNextJob,
} from "~/platform/job-queue.server"
import { onWake } from "~/platform/job-wake.server"
import { log, withRequestId } from "~/platform/log.server"

/** A kind of job as the worker sees it. `run` and `bury` throw `InvalidPayload` when the row does not fit the kind. */
export type JobKind = {
  kind: string
  attempts: number
  lease: number
  backoff: (attempt: number) => number
  run: (payload: string, job: { id: string; attempt: number; lastAttempt: boolean }) => Promise<void>
  bury: (payload: string, error: Error) => Promise<void>
}

export class InvalidPayload extends Error {
  override name = "InvalidPayload"
}

export type Worker = { settle: () => Promise<void>; stop: () => Promise<void> }

/** Jobs run at once. Their writes queue up at the one connection anyway; this bounds open SMTP and Stripe calls. */
const concurrency = 5
/** The longest sleep: another process (the command line) may have enqueued something. In milliseconds. */
const longestSleep = 60_000
/** What stop waits for running jobs. What still runs then is picked up at the next start. In milliseconds. */
const patience = 10_000
/** Starts beyond the last attempt, for a job whose process died while it ran: more would be a job that kills. */
const startsAfterCrash = 2

/**
 * Takes due jobs and runs them, a few at once; sleeps until the next is due or `wakeJobs` is called. With `manual` it
 * does so only in `settle`. What runs keeps its lease alive; a crash leaves it for `freeAbandonedJobs` of the next start.
 */
export function startWorker(kinds: JobKind[], options: { manual?: boolean } = {}): Worker {
  const byKind = new Map(kinds.map(kind => [kind.kind, kind]))
  const names = [...byKind.keys()]
  const holder = newHolder()
  const running = new Map<string, Promise<void>>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let filling: Promise<void> | undefined
  let again = false

  const freed = freeAbandonedJobs().catch(error => log.error({ err: error }, "abandoned jobs were not freed"))

  /** One at a time; a call during a round makes another round follow. */
  function fill(): Promise<void> {
    again = true
    filling ??= fillRounds()
    return filling
  }

  async function fillRounds(): Promise<void> {
    await freed
    try {
      while (again && !stopped) {
        again = false
        for (const job of dueJobs(names, concurrency - running.size)) await take(job)
      }
    } finally {
      filling = undefined
    }
  }

  async function take(job: DueJob): Promise<void> {
    const kind = byKind.get(job.kind)
    if (!kind || stopped || running.has(job.id) || !(await claimJob(job, holder, kind.lease))) return
    const run = execute(kind, { ...job, attempts: job.attempts + 1 }, holder).finally(() => {
      running.delete(job.id)
      if (!options.manual) wake()
    })
    running.set(job.id, run)
  }

  async function round(): Promise<void> {
    try {
      await fill()
    } catch (error) {
      log.error({ err: error }, "looking for due jobs failed")
    }
    if (!stopped && running.size < concurrency) sleep()
  }

  function sleep(): void {
    clearTimeout(timer)
    const wait = Math.min(Math.max(untilNextJob(names), 10), longestSleep)
    timer = setTimeout(wake, wait)
    timer.unref()
  }

  // Bound to where the worker was started: whoever wakes it lends neither request id nor transaction.
  const wake = AsyncResource.bind(() => {
    if (!stopped) void round()
  })
  const offWake = options.manual ? () => {} : onWake(wake)
  if (!options.manual) wake()

  return {
    settle: AsyncResource.bind(async () => {
      while (!stopped) {
        await fill()
        if (running.size === 0) return
        await Promise.race(running.values())
      }
    }),
    stop: async () => {
      stopped = true
      offWake()
      clearTimeout(timer)
      await filling
      await Promise.race([
        Promise.all(running.values()),
        new Promise(end => setTimeout(end, patience).unref()),
      ])
      retireHolder(holder)
    },
  }
}

/** Never rejects: what goes wrong stands on the row and in the log. */
async function execute(kind: JobKind, job: DueJob, holder: string): Promise<void> {
  const heartbeat = setInterval(() => {
    renewLease(job.id, holder, kind.lease).catch(error =>
      log.warn({ err: error, job: job.id }, "lease not renewed"),
    )
  }, kind.lease / 2)
  heartbeat.unref()
  try {
    if (job.attempts > kind.attempts + startsAfterCrash)
      throw new Error("The process ended each time this job ran.")
    const about = { id: job.id, attempt: job.attempts, lastAttempt: job.attempts >= kind.attempts }
    await withRequestId(`job-${job.id}`, () => kind.run(job.payload, about))
    await settleJob(job.id, holder, { state: "done" })
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    await fail(kind, job, holder, error).catch(err =>
      log.error({ err, job: job.id }, "a failed job was not recorded"),
    )
  } finally {
    clearInterval(heartbeat)
  }
}

async function fail(kind: JobKind, job: DueJob, holder: string, error: Error): Promise<void> {
  const about = { err: error, job: job.id, kind: job.kind, attempt: job.attempts }
  if (job.attempts < kind.attempts && !(error instanceof InvalidPayload)) {
    const delay = Math.round(kind.backoff(job.attempts) * (0.8 + 0.2 * Math.random()))
    log.warn({ ...about, delay }, "job failed and will be tried again")
    return settleJob(job.id, holder, { state: "queued", error, delay })
  }
  log.error(about, "job is dead")
  if (!(error instanceof InvalidPayload)) {
    await kind
      .bury(job.payload, error)
      .catch(err => log.error({ err, job: job.id }, "what follows a dead job failed"))
  }
  await settleJob(job.id, holder, { state: "dead", error })
}
