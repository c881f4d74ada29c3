/**
 * The demo's clock [B15]: as far ahead as the local Stripe's, so that grace, read-only and the archive can be seen in a minute.
 * The settings refuse it in production and wherever Stripe itself is spoken to. The file is read each time the clock is: a
 * webhook that follows from a move finds the clock moved.
 */
import { readFileSync } from "node:fs"
import { now, setClock } from "~/platform/clock.server"
import { log } from "~/platform/log.server"

/** How often the file is looked at, how long the clock has to stand still, and what counts as a move. In milliseconds. */
const lookEvery = 250
const standsStillFor = 1_000
const aMove = 30_000

/** Lets this process keep the time that the file tells. */
export function followClock(file: string): void {
  let ahead = 0
  setClock(() => {
    ahead = readAhead(file) ?? ahead
    return Date.now() + ahead
  })
}

/** Calls `catchUp` after each move of the clock, once it has stood still for a second. Returns what ends that. */
export function onClockMoved(catchUp: () => Promise<void>): () => void {
  let seen = aheadNow()
  let movedAt: number | undefined
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    const ahead = aheadNow()
    if (Math.abs(ahead - seen) >= aMove) movedAt = performance.now()
    seen = ahead
    if (movedAt === undefined || running || performance.now() - movedAt < standsStillFor) return
    movedAt = undefined
    running = catchUp()
      .catch(error => log.error({ err: error }, "catching up with the moved clock failed"))
      .finally(() => {
        running = undefined
      })
  }, lookEvery)
  timer.unref()
  return () => clearInterval(timer)
}

/** Milliseconds by which the app's clock is ahead of the wall's. */
export function aheadNow(): number {
  return now().getTime() - Date.now()
}

function readAhead(file: string): number | undefined {
  try {
    const ahead = Number(readFileSync(file, "utf8").trim() || Number.NaN)
    return Number.isFinite(ahead) ? ahead : undefined
  } catch {
    return undefined
  }
}
