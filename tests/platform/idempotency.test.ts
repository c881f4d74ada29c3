import { spawnSync } from "node:child_process"
import { afterEach, beforeEach, expect, test } from "vitest"
import { closeDatabase, db, openDatabase } from "~/platform/db.server"
import {
  type Answer,
  answerOnce,
  type KeyedCall,
  purgeIdempotentAnswers,
} from "~/platform/idempotency.server"
import { hours, seconds, type TestClock, testClock } from "../support/clock"
import { type FreshDatabase, freshDatabase } from "../support/database"

const call: KeyedCall = { caller: "user 1", call: "POST /things", key: "k", sent: "{}" }
let database: FreshDatabase
let clock: TestClock
let made = 0

beforeEach(async () => {
  database = await freshDatabase()
  clock = testClock()
  made = 0
})
afterEach(async () => {
  clock.restore()
  await database.close()
})

/** Makes a thing and answers its number. */
async function make(status = 201): Promise<Answer> {
  made += 1
  return { status, headers: [["content-type", "application/json"]], body: `{"number":${made}}` }
}

const numberOf = (answered: Awaited<ReturnType<typeof answerOnce>>) =>
  answered.ok ? JSON.parse(answered.value.body).number : answered.error.why

const ask = async (change: Partial<KeyedCall> = {}) =>
  numberOf(await answerOnce({ ...call, ...change }, make))

test("[A3] a key is one thing: per caller, call and body", async () => {
  expect([await ask(), await ask()]).toEqual([1, 1])
  expect(await ask({ sent: '{"a":1}' })).toBe("key_reused")
  expect(await ask({ caller: "user 2" })).toBe(2)
  expect(await ask({ call: "POST /others" })).toBe(3)
  expect(await ask({ key: "K" })).toBe(4)
  expect([await ask(), await ask({ caller: "user 2" })]).toEqual([1, 2])
})

test("[A3] what ran together is not mixed up: parts of one name do not flow into the next", async () => {
  expect(await ask({ caller: "user 1", call: 'POST /things","k' })).toBe(1)
  expect(await ask({ caller: 'user 1","POST /things', call: "k" })).toBe(2)
})

test("[A3] an answer is kept for a day, sealed, and then forgotten", async () => {
  expect(await ask()).toBe(1)
  const row = await db().idempotentAnswer.findFirstOrThrow()
  expect(JSON.stringify(row)).not.toMatch(/number|user 1|things/)
  clock.advance(hours(23))
  await purgeIdempotentAnswers()
  expect(await ask()).toBe(1)
  clock.advance(hours(2))
  expect(await ask()).toBe(2)
  clock.advance(hours(25))
  await purgeIdempotentAnswers()
  expect(await db().idempotentAnswer.count()).toBe(0)
})

test("[A3] only success is kept: a failure, answered or thrown, frees the key", async () => {
  expect(numberOf(await answerOnce(call, () => make(409)))).toBe(1)
  const thrown = answerOnce(call, async () => {
    throw new Error("no")
  })
  await expect(thrown).rejects.toThrow("no")
  expect(await db().idempotentAnswer.count()).toBe(0)
  expect(numberOf(await answerOnce({ ...call, sent: "other" }, () => make(204)))).toBe(2)
})

test("[A3] whoever comes while the first is at work waits, and one with another body is told so", async () => {
  let finish = () => {}
  const gate = new Promise<void>(resolve => {
    finish = resolve
  })
  const first = answerOnce(call, async () => {
    await gate
    return make()
  })
  const during = await answerOnce(call, make)
  expect(during).toEqual({ ok: false, error: { why: "in_progress", retryAfterSeconds: 2 } })
  expect(await ask({ sent: "other" })).toBe("key_reused")
  finish()
  expect(numberOf(await first)).toBe(1)
  expect(await ask()).toBe(1)
})

test("[A3] one so slow that another took over keeps nothing: whoever asks later gets the one answer", async () => {
  let finish = () => {}
  const gate = new Promise<void>(resolve => {
    finish = resolve
  })
  const slow = answerOnce(call, async () => {
    const answer = await make()
    await gate
    return answer
  })
  while (made === 0) await new Promise(setImmediate)
  clock.advance(seconds(61))
  expect(await ask()).toBe(2)
  finish()
  expect(numberOf(await slow)).toBe(1)
  expect([await ask(), await ask()]).toEqual([2, 2])
})

test("[A3] of many who take over from a dead one, one does", async () => {
  const at = new Date()
  await answerOnce(call, make)
  await db().idempotentAnswer.updateMany({ data: { status: null, answer: null, expiresAt: at } })
  clock.advance(seconds(1))
  const all = await Promise.all(Array.from({ length: 20 }, () => ask()))
  expect(made).toBe(2)
  expect(new Set(all.filter(answer => answer !== "in_progress"))).toEqual(new Set([2]))
})

test("[A3] a process killed midway blocks its key for a minute, and then no longer", async () => {
  await closeDatabase()
  const args = ["--import", "tsx", "tests/support/killed-answer.ts", database.file]
  expect(spawnSync(process.execPath, args).signal).toBe("SIGKILL")
  await openDatabase(database.file)
  expect(await db().setting.count()).toBe(1)
  expect([await ask(), await ask({ sent: "other" })]).toEqual(["in_progress", "key_reused"])
  clock.advance(seconds(61))
  expect([await ask(), await ask()]).toEqual([1, 1])
})
