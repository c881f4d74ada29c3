import { actingWithoutKey } from "~/platform/acting-key.server"

declare global {
  var gatehouseSleepers: Set<() => void> | undefined
}

// On globalThis, because the development server loads modules anew while the worker lives on.
globalThis.gatehouseSleepers ??= new Set()
const sleepers = globalThis.gatehouseSleepers

/** Long enough for the request that enqueued to commit and answer. In milliseconds. */
const soon = 50
let reminder: NodeJS.Timeout | undefined

/** Registers a worker; the returned function takes it off again. */
export function onWake(wake: () => void): () => void {
  sleepers.add(wake)
  return () => sleepers.delete(wake)
}

/** Lets the workers look for due jobs, after whatever runs now: call it after the commit, when the answer is made. */
export function wakeJobs(): void {
  setImmediate(() =>
    actingWithoutKey(() => {
      for (const wake of sleepers) wake()
    }),
  )
}

/** The same a moment later. Every enqueue does it, so that a forgotten `wakeJobs` costs a moment and no more. */
export function wakeJobsSoon(): void {
  if (reminder || sleepers.size === 0) return
  reminder = setTimeout(() => {
    reminder = undefined
    wakeJobs()
  }, soon)
  reminder.unref()
}
