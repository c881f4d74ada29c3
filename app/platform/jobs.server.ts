import type { z } from "zod"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { insertJob } from "~/platform/job-queue.server"
import { wakeJobs, wakeJobsSoon } from "~/platform/job-wake.server"
import { InvalidPayload, type JobKind, startWorker } from "~/platform/job-worker.server"
import { type Schedule, startSchedules } from "~/platform/schedules.server"

export { purgeJobs } from "~/platform/job-queue.server"
export { wakeJobs } from "~/platform/job-wake.server"
export type { Schedule } from "~/platform/schedules.server"

/*
 * The durable queue. A job is a row written in the transaction of the change it follows from, so that there is either
 * both or neither. It runs at least once: after a crash again, therefore its effects must be idempotent. A failed run
 * is repeated with growing pauses; after the last attempt the job is dead, stays in the table, and `onDead` is told.
 */

export type JobOptions<P> = {
  kind: string
  payload: z.ZodType<P>
  /** How often it is tried; 8 unless told. */
  attempts?: number
  /** Milliseconds to wait after the given attempt (1, 2, …); shortened by up to a fifth so that jobs spread. */
  backoff?: (attempt: number) => number
  /** Milliseconds after which a run whose process died may be repeated without a restart. Renewed while it runs. */
  lease?: number
  run: (payload: P, job: { id: string; attempt: number; lastAttempt: boolean }) => Promise<void>
  onDead?: (payload: P, error: Error) => Promise<void>
}

export interface JobDefinition<P = never> extends JobKind {
  /**
   * Puts a job into the queue, in the caller's transaction if `client` is one. `uniqueKey` is unique per kind for as
   * long as the row is kept (KEEP_JOBS): enqueued twice, it is one job.
   */
  enqueue(client: Client, payload: P, options?: { runAt?: Date; uniqueKey?: string }): Promise<void>
}

const usualAttempts = 8
const usualLease = 30_000
const longestPause = 60 * 60_000

/** 5 s, 20 s, 80 s, 5 min, 21 min, then an hour: eight attempts span about three and a half hours. */
const usualBackoff = (attempt: number) => Math.min(5_000 * 4 ** (attempt - 1), longestPause)

/** Declares a kind of job. List it in `startJobs`, or its rows are left alone. */
export function defineJob<P>(options: JobOptions<P>): JobDefinition<P> {
  const read = (text: string): P => {
    const parsed = options.payload.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    throw new InvalidPayload(`The payload does not fit ${options.kind}: ${parsed.error.message}`)
  }
  return {
    kind: options.kind,
    attempts: options.attempts ?? usualAttempts,
    lease: options.lease ?? usualLease,
    backoff: options.backoff ?? usualBackoff,
    run: async (payload, job) => options.run(read(payload), job),
    bury: async (payload, error) => options.onDead?.(read(payload), error),
    enqueue: async (client, payload, { runAt = now(), uniqueKey } = {}) => {
      await insertJob(client, {
        kind: options.kind,
        payload: JSON.stringify(payload),
        runAt,
        uniqueKey: uniqueKey && `${options.kind}:${uniqueKey}`,
      })
      wakeJobsSoon()
    },
  }
}

export type Jobs = {
  /** Takes no more, and waits up to ten seconds for what runs. */
  stop(): Promise<void>
  /** For tests: runs everything due now until nothing is due. Errors stand on the rows and in the log. */
  settle(): Promise<void>
  /** For a clock that was moved: takes what has become due, and runs every schedule once. */
  catchUp(): Promise<void>
}

/**
 * Starts the worker and the schedules. First frees what an earlier process left running. With `manual` nothing runs by
 * itself, only in `settle`: for tests that look at what happens in between.
 */
export function startJobs(
  definitions: JobDefinition[],
  schedules: Schedule[],
  options: { manual?: boolean } = {},
): Jobs {
  const worker = startWorker(definitions, options)
  const clocks = startSchedules(options.manual ? [] : schedules)
  return {
    settle: worker.settle,
    catchUp: async () => {
      wakeJobs()
      await clocks.runAll()
      wakeJobs()
    },
    stop: async () => {
      await Promise.all([clocks.stop(), worker.stop()])
    },
  }
}
