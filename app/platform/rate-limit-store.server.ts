import { fromNow, now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { mainConnection, runOutsideScope } from "~/platform/db-scope.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { log } from "~/platform/log.server"
import type { Counter, CounterRecord } from "~/platform/rate-limit-counter.server"

/*
 * Durable counters live in memory and are written behind: a second after a change, and at stop. A crash forgets at most
 * that second. Rows are named by limit and bucket, never by address.
 */

const counters = new Map<string, Counter>()
const changed = new Set<string>()
/** Rows read at the start whose limit was not defined yet: modules may be loaded later. */
const unclaimed = new Map<string, CounterRecord[]>()

const delay = 1_000
const rowsAtOnce = 500
let timer: NodeJS.Timeout | undefined
let saving: Promise<void> = Promise.resolve()

export function keepCounter(name: string, counter: Counter): void {
  counters.set(name, counter)
  counter.restore(unclaimed.get(name) ?? [])
  unclaimed.delete(name)
}

/** Says that a bucket has to be written. */
export function markChanged(name: string, bucket: string): void {
  changed.add(`${name}:${bucket}`)
  if (timer || !mainConnection()) return
  timer = setTimeout(() => {
    timer = undefined
    runOutsideScope(saveLimits).catch(error => log.warn({ err: error }, "rate limits were not saved"))
  }, delay)
  timer.unref()
}

/** Forgets what was to be written. */
export function dropChanges(): void {
  clearTimeout(timer)
  timer = undefined
  changed.clear()
  unclaimed.clear()
}

/** Writes every durable counter that has changed. Call it before the database is closed. */
export function saveLimits(): Promise<void> {
  saving = saving.catch(() => {}).then(saveChanged)
  return saving
}

async function saveChanged(): Promise<void> {
  const keys = [...changed]
  for (let i = 0; i < keys.length; i += rowsAtOnce) {
    const some = keys.slice(i, i + rowsAtOnce)
    for (const key of some) changed.delete(key)
    try {
      await writeRows(some)
    } catch (error) {
      for (const key of some) changed.add(key)
      throw error
    }
  }
}

const keep = joiningStatement<[string, number, number]>(`
  INSERT INTO RateLimit (key, points, expiresAt) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET points = excluded.points, expiresAt = excluded.expiresAt`)
const drop = joiningStatement<[string]>("DELETE FROM RateLimit WHERE key = ?")

async function writeRows(keys: string[]): Promise<void> {
  const rows = await Promise.all(keys.map(readRow))
  await transaction(async tx => {
    for (const { key, points, msLeft } of rows) {
      if (points > 0 && msLeft > 0) await keep.run(tx, key, points, +fromNow(msLeft))
      else await drop.run(tx, key)
    }
  })
}

async function readRow(key: string) {
  const { name, bucket } = split(key)
  const { points, msLeft } = (await counters.get(name)?.get(bucket)) ?? { points: 0, msLeft: 0 }
  return { key, points, msLeft }
}

/** Reads the durable counters back and deletes the expired ones. Call it once the database is open. */
export async function restoreLimits(): Promise<void> {
  await db().rateLimit.deleteMany({ where: { expiresAt: { lte: now() } } })
  const records = new Map<string, CounterRecord[]>()
  for (const { key, points, expiresAt } of await db().rateLimit.findMany()) {
    const { name, bucket } = split(key)
    const list = records.get(name) ?? []
    list.push({ bucket, points, expiresAt })
    records.set(name, list)
  }
  for (const [name, list] of records) {
    const counter = counters.get(name)
    if (counter) counter.restore(list)
    else unclaimed.set(name, list)
  }
}

function split(key: string): { name: string; bucket: string } {
  const colon = key.lastIndexOf(":")
  return { name: key.slice(0, colon), bucket: key.slice(colon + 1) }
}
