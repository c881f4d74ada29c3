import { randomBytes } from "node:crypto"
import { hostname } from "node:os"
import { fromNow, now } from "~/platform/clock.server"
import { type Client, db, statement } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { env } from "~/platform/env.server"
import { newId } from "~/platform/ids.server"
import { redactText } from "~/platform/log-redaction.server"

/*
 * The rows of the queue. Every change of a job's state is one conditional write whose count decides, so that of two
 * workers one wins. `holder` names the worker that runs a job; what it writes later holds only while it still does.
 */

export type DueJob = { id: string; kind: string; payload: string; attempts: number; state: string }

export type NewJob = { kind: string; payload: string; runAt: Date; uniqueKey?: string | undefined }

// Of two jobs with one unique key the first stays.
const insert = joiningStatement<[string, string, string, number, string | null, number]>(`
  INSERT INTO Job (id, kind, payload, runAt, uniqueKey, createdAt) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (uniqueKey) DO NOTHING`)

/** Writes a queued job. With a unique key that stands in the table already, nothing. */
export async function insertJob(client: Client, job: NewJob): Promise<void> {
  const { kind, payload, runAt, uniqueKey = null } = job
  await insert.run(client, newId(), kind, payload, runAt.getTime(), uniqueKey, now().getTime())
}

// `+kind` keeps the planner on the index of state and runAt, which gives the order without sorting.
const queued = statement<[number, string, number], DueJob>(`
  SELECT id, kind, payload, attempts, state FROM Job
  WHERE state = 'queued' AND runAt <= ? AND +kind IN (SELECT value FROM json_each(?)) ORDER BY runAt LIMIT ?`)

const leftBehind = statement<[number, string, number], DueJob>(`
  SELECT id, kind, payload, attempts, state FROM Job
  WHERE state = 'running' AND leaseUntil <= ? AND +kind IN (SELECT value FROM json_each(?)) ORDER BY runAt LIMIT ?`)

/** What may be run now, oldest first: left behind by a process whose lease has ended, or queued and due. */
export function dueJobs(kinds: string[], limit: number): DueJob[] {
  const list = JSON.stringify(kinds)
  const time = now().getTime()
  return [...leftBehind.all(time, list, limit), ...queued.all(time, list, limit)].slice(0, limit)
}

const nextQueued = statement<[string], { at: number }>(`
  SELECT runAt AS at FROM Job
  WHERE state = 'queued' AND +kind IN (SELECT value FROM json_each(?)) ORDER BY runAt LIMIT 1`)

const nextLease = statement<[string], { at: number | null }>(`
  SELECT min(leaseUntil) AS at FROM Job WHERE state = 'running' AND +kind IN (SELECT value FROM json_each(?))`)

/** Milliseconds until something becomes due; infinite when nothing waits. */
export function untilNextJob(kinds: string[]): number {
  const list = JSON.stringify(kinds)
  const at = Math.min(nextQueued.get(list)?.at ?? Infinity, nextLease.get(list)?.at ?? Infinity)
  return at - now().getTime()
}

// A job that was left running is free once its lease has ended.
const claim = joiningStatement<[number, string, string, number, string, number]>(`
  UPDATE Job SET state = 'running', leaseUntil = ?, leaseToken = ?, attempts = attempts + 1
  WHERE id = ? AND attempts = ? AND state = ? AND (state = 'queued' OR leaseUntil <= ?)`)

/** Takes the job for `lease` milliseconds and counts the attempt. False when another worker was faster. */
export async function claimJob(job: DueJob, holder: string, lease: number): Promise<boolean> {
  const free = job.state === "queued" ? "queued" : "running"
  const { id, attempts } = job
  const taken = await claim.run(db(), +fromNow(lease), holder, id, attempts, free, +now())
  return taken === 1
}

/** Prolongs the lease. False when it was lost. */
export async function renewLease(id: string, holder: string, lease: number): Promise<boolean> {
  const { count } = await db().job.updateMany({
    where: { id, leaseToken: holder, state: "running" },
    data: { leaseUntil: fromNow(lease) },
  })
  return count === 1
}

type Outcome =
  | { state: "done" }
  | { state: "dead"; error: Error }
  | { state: "queued"; error: Error; delay: number }

const finish = joiningStatement<[string, string | null, number, string, string]>(`
  UPDATE Job SET state = ?, lastError = ?, finishedAt = ?, leaseToken = NULL, leaseUntil = NULL
  WHERE id = ? AND leaseToken = ? AND state = 'running'`)

const putBack = joiningStatement<[string, number, string, string]>(`
  UPDATE Job SET state = 'queued', lastError = ?, runAt = ?, leaseToken = NULL, leaseUntil = NULL
  WHERE id = ? AND leaseToken = ? AND state = 'running'`)

/** Writes what became of a run, unless the lease was lost meanwhile. */
export async function settleJob(id: string, holder: string, outcome: Outcome): Promise<void> {
  const error = outcome.state === "done" ? null : redactText(outcome.error.message).slice(0, 500)
  if (outcome.state === "queued") await putBack.run(db(), error ?? "", +fromNow(outcome.delay), id, holder)
  else await finish.run(db(), outcome.state, error, +now(), id, holder)
}

const living = new Set<string>()

/** A name for one worker that tells host and process, so that a later one can see whether it still lives. */
export function newHolder(): string {
  const holder = `${hostname()}/${process.pid}/${randomBytes(6).toString("hex")}`
  living.add(holder)
  return holder
}

/** Says that this worker of our process has stopped. */
export function retireHolder(holder: string): void {
  living.delete(holder)
}

/**
 * Frees the jobs of workers that are gone, so that a restart does not wait for their leases. Only a process of this
 * host that still runs is spared: the file lies on a local disk, so no other host can be at work on it.
 */
export async function freeAbandonedJobs(): Promise<number> {
  const held = await db().job.findMany({
    where: { state: "running" },
    select: { leaseToken: true },
    distinct: "leaseToken",
  })
  const gone = held.flatMap(job => (job.leaseToken && !isAlive(job.leaseToken) ? [job.leaseToken] : []))
  if (gone.length === 0) return 0
  const { count } = await db().job.updateMany({
    where: { state: "running", leaseToken: { in: gone } },
    data: { state: "queued", leaseToken: null, leaseUntil: null },
  })
  return count
}

function isAlive(holder: string): boolean {
  const [host, pid] = holder.split("/")
  if (host !== hostname()) return false
  if (Number(pid) === process.pid) return living.has(holder)
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

const purgedAtOnce = 1_000

/** Deletes done jobs older than KEEP_JOBS, some at a time so that others can write in between. Returns how many. */
export async function purgeJobs(): Promise<number> {
  const where = { state: "done", finishedAt: { lt: fromNow(-env().keep.jobs) } }
  for (let purged = 0; ; ) {
    const { count } = await db().job.deleteMany({ where, limit: purgedAtOnce })
    purged += count
    if (count < purgedAtOnce) return purged
  }
}
