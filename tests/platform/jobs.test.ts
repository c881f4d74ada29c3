import { spawnSync } from "node:child_process"
import { hostname } from "node:os"
import { afterEach, beforeEach, expect, test } from "vitest"
import { z } from "zod"
import { now, setClock } from "~/platform/clock.server"
import { closeDatabase, connect, db, openDatabase, transaction, withDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import {
  defineJob,
  type JobDefinition,
  type Jobs,
  purgeJobs,
  startJobs,
  wakeJobs,
} from "~/platform/jobs.server"
import { captureLog } from "~/platform/log.server"
import { type FreshDatabase, freshDatabase } from "../support/database"

let database: FreshDatabase
let logged: ReturnType<typeof captureLog>
let started: Jobs[] = []
const ran: string[] = []

beforeEach(async () => {
  database = await freshDatabase()
  logged = captureLog()
  ran.length = 0
})
afterEach(async () => {
  await Promise.all(started.map(jobs => jobs.stop()))
  started = []
  logged.stop()
  setClock()
  setEnv({})
  await database.close()
})

const start = (definitions: JobDefinition[], manual = true) => {
  const jobs = startJobs(definitions, [], { manual })
  started.push(jobs)
  return jobs
}
const note = defineJob({
  kind: "note",
  payload: z.object({ text: z.string() }),
  run: async ({ text }) => {
    ran.push(text)
  },
})
const rows = () => db().job.findMany({ orderBy: { id: "asc" } })
const levels = () => logged.records.map(record => record.level)
const patiently = { timeout: 10_000 }
const advance = (ms: number) => {
  const to = now().getTime() + ms
  setClock(() => to)
}

test("[M1] a job written in a transaction that fails never runs; one that commits runs once", async () => {
  const jobs = start([note])
  await expect(
    transaction(async tx => {
      await note.enqueue(tx, { text: "lost" })
      throw new Error("no")
    }),
  ).rejects.toThrow("no")
  await transaction(tx => note.enqueue(tx, { text: "kept" }))
  await jobs.settle()
  await jobs.settle()
  expect(ran).toEqual(["kept"])
  expect(await rows()).toMatchObject([{ state: "done", attempts: 1, lastError: null, leaseToken: null }])
})

test("[M1] enqueued twice under one key it is one job; another kind may use the same key", async () => {
  const other = defineJob({ ...noteOptions("other"), run: async () => void ran.push("other") })
  const jobs = start([note, other])
  await note.enqueue(db(), { text: "one" }, { uniqueKey: "k" })
  await transaction(tx => note.enqueue(tx, { text: "two" }, { uniqueKey: "k" }))
  await other.enqueue(db(), { text: "" }, { uniqueKey: "k" })
  await jobs.settle()
  await note.enqueue(db(), { text: "three" }, { uniqueKey: "k" })
  await jobs.settle()
  expect(ran.sort()).toEqual(["one", "other"])
})

function noteOptions(kind: string) {
  return { kind, payload: z.object({ text: z.string() }) }
}

test("[M1] a job waits for its time", async () => {
  const jobs = start([note])
  await note.enqueue(db(), { text: "later" }, { runAt: new Date(now().getTime() + 60_000) })
  await jobs.settle()
  expect(ran).toEqual([])
  advance(60_000)
  await jobs.settle()
  expect(ran).toEqual(["later"])
})

test("[M1] a failing job is tried again after growing pauses, told its last attempt, then dead with its error", async () => {
  const attempts: { attempt: number; lastAttempt: boolean }[] = []
  const dead: string[] = []
  const flaky = defineJob({
    ...noteOptions("flaky"),
    attempts: 3,
    backoff: attempt => attempt * 10_000,
    run: async (_, { attempt, lastAttempt }) => {
      attempts.push({ attempt, lastAttempt })
      throw new Error(`no answer for ?token=${"x".repeat(43)}`)
    },
    onDead: async ({ text }, error) => void dead.push(`${text}: ${error.message.slice(0, 9)}`),
  })
  const jobs = start([flaky])
  await flaky.enqueue(db(), { text: "hello" })
  await jobs.settle()
  await jobs.settle()
  expect(attempts).toHaveLength(1)
  advance(7_900)
  await jobs.settle()
  expect(attempts).toHaveLength(1)
  advance(2_100)
  await jobs.settle()
  advance(20_000)
  await jobs.settle()
  expect(attempts).toEqual([
    { attempt: 1, lastAttempt: false },
    { attempt: 2, lastAttempt: false },
    { attempt: 3, lastAttempt: true },
  ])
  expect(dead).toEqual(["hello: no answer"])
  expect(await rows()).toMatchObject([
    { state: "dead", attempts: 3, lastError: "no answer for ?token=[redacted]" },
  ])
  expect(levels()).toEqual(["warn", "warn", "error"])
  advance(24 * 3_600_000)
  await jobs.settle()
  expect(attempts).toHaveLength(3)
})

test("[M1] a payload that does not fit its kind is dead at once, and a kind nobody listed is left alone", async () => {
  const jobs = start([note])
  const row = { runAt: now(), createdAt: now() }
  await db().job.create({ data: { ...row, id: "1", kind: "note", payload: '{"text":1}' } })
  await db().job.create({ data: { ...row, id: "2", kind: "unknown", payload: "{}" } })
  await jobs.settle()
  expect(await rows()).toMatchObject([
    { state: "dead", attempts: 1 },
    { state: "queued", attempts: 0 },
  ])
  expect(levels()).toEqual(["error"])
})

test("[M1] two processes at one queue run each job once", async () => {
  const other = await connect(database.file)
  const here = start([note])
  const there = withDatabase(other, () => start([note]))
  await transaction(async tx => {
    for (let i = 0; i < 40; i++) await note.enqueue(tx, { text: String(i) })
  })
  await Promise.all([here.settle(), there.settle()])
  expect(ran).toHaveLength(40)
  expect(new Set(ran).size).toBe(40)
  expect(new Set((await rows()).map(row => `${row.state} ${row.attempts}`))).toEqual(new Set(["done 1"]))
  await there.stop()
  await other.close()
})

test("[M1] at most five run at once, and none waits for a slow one", async () => {
  let open = 0
  let most = 0
  const slow = defineJob({
    ...noteOptions("slow"),
    run: async () => {
      most = Math.max(most, ++open)
      await new Promise(end => setTimeout(end, 20))
      open--
    },
  })
  const jobs = start([slow])
  for (let i = 0; i < 12; i++) await slow.enqueue(db(), { text: "" })
  await jobs.settle()
  expect(most).toBe(5)
  expect(new Set((await rows()).map(row => row.state))).toEqual(new Set(["done"]))
})

test("[R8] what a dead process left running is run again at the next start, what a living one runs is not", async () => {
  const row = { kind: "note", state: "running", attempts: 1, runAt: now(), createdAt: now() }
  const leaseUntil = new Date(now().getTime() + 30_000)
  const deadHere = `${hostname()}/4194305/abc`
  await db().job.create({
    data: { ...row, id: "1", payload: '{"text":"dead"}', leaseUntil, leaseToken: deadHere },
  })
  await db().job.create({
    data: { ...row, id: "2", payload: '{"text":"box"}', leaseUntil, leaseToken: "old-box/1/a" },
  })
  const first = start([
    defineJob({ ...noteOptions("long"), run: () => new Promise(end => setTimeout(end, 60)) }),
    note,
  ])
  await db().job.create({
    data: { ...row, id: "0", kind: "long", state: "queued", attempts: 0, payload: '{"text":""}' },
  })
  const settled = first.settle()
  await expect
    .poll(async () => (await db().job.findUnique({ where: { id: "0" } }))?.state, patiently)
    .toBe("running")
  const second = start([note])
  await Promise.all([settled, second.settle()])
  expect(ran.sort()).toEqual(["box", "dead"])
  expect(await rows()).toMatchObject([
    { id: "0", state: "done", attempts: 1 },
    { id: "1", state: "done", attempts: 2 },
    { id: "2", state: "done", attempts: 2 },
  ])
})

test("[R8] a job whose process is killed while it runs is run again at the next start", async () => {
  const file = database.file
  await closeDatabase()
  const killed = spawnSync(process.execPath, ["--import", "tsx", "tests/support/killed-worker.ts", file])
  expect(killed.signal).toBe("SIGKILL")
  await openDatabase(file)
  expect(await rows()).toMatchObject([{ state: "running", attempts: 1 }])
  expect(await db().setting.count()).toBe(1)
  const again = defineJob({
    kind: "fatal",
    payload: z.object({}),
    run: async (_, { attempt }) => void ran.push(`attempt ${attempt}`),
  })
  await start([again]).settle()
  expect(ran).toEqual(["attempt 2"])
  expect(await rows()).toMatchObject([{ state: "done", attempts: 2 }])
})

test("[R8] a lease that has ended is taken over without a restart", async () => {
  const alive = `${hostname()}/${process.ppid}/abc`
  const row = {
    kind: "note",
    state: "running",
    attempts: 1,
    runAt: now(),
    createdAt: now(),
    leaseToken: alive,
  }
  const leaseUntil = new Date(now().getTime() + 30_000)
  await db().job.create({ data: { ...row, id: "1", payload: '{"text":"a"}', leaseUntil } })
  const jobs = start([note])
  await jobs.settle()
  expect(ran).toEqual([])
  advance(30_000)
  await jobs.settle()
  expect(ran).toEqual(["a"])
})

test("[R8] a job that ends the process each time it runs is dead after a few starts", async () => {
  const killer = defineJob({ ...noteOptions("killer"), attempts: 2, run: async () => void ran.push("again") })
  const row = { kind: "killer", state: "running", attempts: 4, runAt: now(), createdAt: now() }
  await db().job.create({
    data: { ...row, id: "1", payload: '{"text":""}', leaseUntil: now(), leaseToken: "gone/1/a" },
  })
  await start([killer]).settle()
  expect(ran).toEqual([])
  expect(await rows()).toMatchObject([{ state: "dead" }])
  expect(levels()).toEqual(["error"])
})

test("[M1] the worker starts by itself on a wake, a timer or a forgotten wake, and outside the caller's transaction", async () => {
  const writing = defineJob({
    ...noteOptions("writing"),
    run: async ({ text }) => {
      await transaction(tx => tx.setting.create({ data: { key: text, value: "", updatedAt: now() } }))
      ran.push(text)
    },
  })
  start([writing], false)
  await transaction(async tx => {
    await writing.enqueue(tx, { text: "woken" })
    wakeJobs()
    await new Promise(end => setTimeout(end, 20))
    expect(ran).toEqual([])
  })
  await expect.poll(() => ran, patiently).toEqual(["woken"])
  await writing.enqueue(db(), { text: "soon" }, { runAt: new Date(now().getTime() + 150) })
  await writing.enqueue(db(), { text: "forgotten" })
  await expect.poll(() => ran, patiently).toEqual(["woken", "forgotten", "soon"])
  expect(levels()).toEqual([])
})

test("[R8] stop waits for what runs and takes nothing new", async () => {
  let release = () => {}
  const held = defineJob({
    ...noteOptions("held"),
    run: ({ text }) =>
      new Promise(end => {
        ran.push(text)
        release = end
      }),
  })
  const jobs = start([held], false)
  await held.enqueue(db(), { text: "one" })
  await expect.poll(() => ran, patiently).toEqual(["one"])
  const stopping = jobs.stop()
  await held.enqueue(db(), { text: "two" })
  wakeJobs()
  await new Promise(end => setTimeout(end, 80))
  release()
  await stopping
  expect(ran).toEqual(["one"])
  expect((await rows()).map(row => row.state).sort()).toEqual(["done", "queued"])
})

test("[L20] done jobs are purged after KEEP_JOBS, dead and waiting ones kept, and a second purge does nothing", async () => {
  setEnv({ KEEP_JOBS: "7d" })
  const old = new Date(now().getTime() - 8 * 86_400_000)
  const row = { kind: "note", payload: "{}", runAt: old, createdAt: old }
  const many = Array.from({ length: 1_200 }, (_, i) => ({
    ...row,
    id: `old${i}`,
    state: "done",
    finishedAt: old,
  }))
  await db().job.createMany({ data: many })
  await db().job.create({ data: { ...row, id: "dead", state: "dead", finishedAt: old } })
  await db().job.create({ data: { ...row, id: "waiting", state: "queued" } })
  await db().job.create({ data: { ...row, id: "young", state: "done", finishedAt: now() } })
  expect(await purgeJobs()).toBe(1_200)
  expect(await purgeJobs()).toBe(0)
  expect((await rows()).map(row => row.id)).toEqual(["dead", "waiting", "young"])
})

test("[R7] schedules run at the start and at their times, never beside themselves; a failure is logged and not the end", async () => {
  let runs = 0
  let open = 0
  const jobs = startJobs(
    [],
    [
      {
        name: "each second",
        cron: "* * * * * *",
        atStart: true,
        run: async () => {
          expect(++open).toBe(1)
          await new Promise(end => setTimeout(end, 1_500))
          open--
          if (++runs === 1) throw new Error("first")
        },
      },
    ],
  )
  started.push(jobs)
  await expect.poll(() => runs, patiently).toBe(2)
  await jobs.stop()
  expect(open).toBe(0)
  expect(logged.records.filter(record => record.level === "error")).toMatchObject([
    { schedule: "each second" },
  ])
})
