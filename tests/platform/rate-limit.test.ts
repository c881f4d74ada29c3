import { afterEach, beforeEach, expect, test } from "vitest"
import { clientKey } from "~/platform/client-key.server"
import { now, setClock } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { clearLimits, defineLimit, restoreLimits, saveLimits } from "~/platform/rate-limit.server"
import { type FreshDatabase, freshDatabase } from "../support/database"

let database: FreshDatabase
let names = 0
beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(async () => {
  clearLimits()
  setClock()
  await database.close()
})

const limitOf = (points: number, seconds: number, more = {}) =>
  defineLimit({ name: `test-${names++}`, points: () => points, seconds, ...more })
const advance = (seconds: number) => {
  const to = now().getTime() + seconds * 1_000
  setClock(() => to)
}
const refusals = async (limit: ReturnType<typeof limitOf>, times: number, key = "k") => {
  let wait = 0
  for (let i = 0; i < times; i++) {
    const answer = await limit.consume(key)
    wait = answer.ok ? 0 : answer.error.retryAfterSeconds
  }
  return wait
}

test("[L16] of fifty parallel attempts on five points exactly five pass", async () => {
  for (const penalty of [false, true]) {
    const limit = limitOf(5, 60, { penalty, durable: true })
    const answers = await Promise.all(Array.from({ length: 50 }, () => limit.consume("k")))
    expect(answers.filter(answer => answer.ok)).toHaveLength(5)
    for (const answer of answers) if (!answer.ok) expect(answer.error.retryAfterSeconds).toBeGreaterThan(0)
  }
})

test("[L16] a refusal says when to come back, and then it is so; other keys are not held up", async () => {
  const limit = limitOf(2, 900)
  expect(await refusals(limit, 2)).toBe(0)
  const answer = await limit.consume("k")
  expect(answer).toEqual({ ok: false, error: { retryAfterSeconds: 900 } })
  expect(await limit.consume("another")).toEqual({ ok: true, value: undefined })
  advance(890)
  expect(await refusals(limit, 1)).toBeGreaterThan(0)
  advance(11)
  expect(await refusals(limit, 1)).toBe(0)
})

test("[L16] looking counts nothing, a point can be given back once per point, and a limit can be forgotten", async () => {
  const limit = limitOf(2, 60)
  for (let i = 0; i < 5; i++) expect((await limit.peek("k")).ok).toBe(true)
  await limit.reward("k")
  await refusals(limit, 2)
  expect((await limit.peek("k")).ok).toBe(false)
  await limit.reward("k")
  expect((await limit.consume("k")).ok).toBe(true)
  expect((await limit.consume("k")).ok).toBe(false)
  await limit.reset("k")
  expect((await limit.consume("k")).ok).toBe(true)
  await refusals(limit, 3)
  await limit.reset()
  expect((await limit.peek("k")).ok).toBe(true)
})

test("[L16] a changed setting counts from the next attempt", async () => {
  let points = 1
  const limit = defineLimit({ name: "setting", points: () => points, seconds: 60 })
  expect(await refusals(limit, 1)).toBe(0)
  expect(await refusals(limit, 1)).toBeGreaterThan(0)
  points = 5
  expect(await refusals(limit, 1)).toBe(0)
})

test("[L16] repeat offenders wait longer each time, a day at most, and a well-behaved day clears them", async () => {
  const limit = limitOf(1, 3_600, { penalty: true })
  const waits: number[] = []
  for (let i = 0; i < 7; i++) {
    const wait = await refusals(limit, 2)
    waits.push(Math.round(wait / 3_600))
    advance(wait + 1)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 24, 24])
  advance(2 * 86_400)
  expect(Math.round((await refusals(limit, 2)) / 3_600)).toBe(1)
})

test("[L16] a few impatient clicks cost nothing more, hammering does", async () => {
  const limit = limitOf(5, 900, { penalty: true })
  expect(await refusals(limit, 5)).toBe(0)
  expect(await refusals(limit, 5)).toBe(900)
  expect(await refusals(limit, 1)).toBe(1_800)
  expect(await refusals(limit, 5)).toBe(3_600)
  expect(await refusals(limitOf(5, 900), 40)).toBe(900)
})

test("[L16] durable counters and penalties outlive a restart, expired and plain ones do not", async () => {
  const kept = limitOf(3, 900, { durable: true, penalty: true })
  const plain = limitOf(3, 900)
  const short = limitOf(3, 10, { durable: true })
  await refusals(kept, 4)
  await refusals(plain, 4)
  await refusals(short, 4)
  await saveLimits()
  clearLimits()
  expect((await kept.peek("k")).ok).toBe(true)
  advance(60)
  await restoreLimits()
  expect((await plain.peek("k")).ok).toBe(true)
  expect((await short.peek("k")).ok).toBe(true)
  const answer = await kept.peek("k")
  expect(answer.ok || answer.error.retryAfterSeconds).toBeLessThanOrEqual(840)
  expect(answer.ok || answer.error.retryAfterSeconds).toBeGreaterThan(830)
  expect(await refusals(kept, 5)).toBe(1_800)
})

test("[L16] a limit defined after the restore finds its counters", async () => {
  const options = { name: "late", points: () => 1, seconds: 900, durable: true }
  await refusals(defineLimit(options), 2)
  await saveLimits()
  clearLimits()
  await db().rateLimit.updateMany({ data: { key: (await onlyKey()).replace("late", "later") } })
  await restoreLimits()
  const bucket = (await onlyKey()).split(":")[1]
  const late = defineLimit({ ...options, name: "later" })
  await late.reset()
  await saveLimits()
  expect(bucket).toMatch(/^[0-9a-f]{4}$/)
  expect(await db().rateLimit.count()).toBe(0)
})

const onlyKey = async () => (await db().rateLimit.findFirstOrThrow()).key

test("[L16] changes are written about a second later, also when counted inside a transaction", async () => {
  const limit = limitOf(3, 900, { durable: true })
  await transaction(async () => {
    await limit.consume("k")
  })
  expect(await db().rateLimit.count()).toBe(0)
  await expect.poll(() => db().rateLimit.count(), { timeout: 10_000 }).toBe(1)
})

test("[L9] the table names no address, only a bucket of sixteen bits", async () => {
  const limit = limitOf(3, 900, { durable: true })
  await limit.consume("alice@example.com")
  await limit.consume("203.0.113.7")
  await saveLimits()
  const stored = JSON.stringify(await db().rateLimit.findMany())
  expect(stored).not.toMatch(/alice|203/)
  expect(await onlyKey()).toMatch(/^test-\d+:[0-9a-f]{4}$/)
})

test("[L16] a client is an IPv4 address or an IPv6 /64, however it is written", () => {
  expect(clientKey("203.0.113.7")).toBe("203.0.113.7")
  expect(clientKey("::ffff:203.0.113.7")).toBe("203.0.113.7")
  expect(clientKey("::ffff:cb00:7107")).toBe("203.0.113.7")
  expect(clientKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64")
  expect(clientKey("2001:0DB8:0001:0002::1")).toBe("2001:db8:1:2::/64")
  expect(clientKey("[fe80::1%eth0]")).toBe("fe80:0:0:0::/64")
  expect(clientKey("::1")).toBe("0:0:0:0::/64")
  expect(clientKey("unknown")).toBe("unknown")
})
