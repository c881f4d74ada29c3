import { Cron } from "croner"
import { log } from "~/platform/log.server"

export type Schedule = {
  name: string
  /** Five fields (or six with seconds), in the time zone of the process. */
  cron: string
  run: () => Promise<void>
  /** Also once right after the start. */
  atStart?: boolean
}

export type Schedules = {
  stop: () => Promise<void>
  /** Runs each once now, one after the other in their order. */
  runAll: () => Promise<void>
}

/** What stop waits for a function that runs. In milliseconds. */
const patience = 10_000

/** Runs each function at its times, never beside itself. One that throws is logged and runs again at its next time. */
export function startSchedules(schedules: Schedule[]): Schedules {
  const running = new Set<Promise<void>>()
  const crons = schedules.map(schedule => {
    const run = () => {
      const one: Promise<void> = runOnce(schedule).finally(() => running.delete(one))
      running.add(one)
      return one
    }
    const cron = new Cron(schedule.cron, { name: schedule.name, protect: true, unref: true }, run)
    if (schedule.atStart) setImmediate(() => void cron.trigger())
    return { cron, run }
  })
  return {
    runAll: async () => {
      for (const { run } of crons) await run()
    },
    stop: async () => {
      for (const { cron } of crons) cron.stop()
      await Promise.race([Promise.all(running), new Promise(end => setTimeout(end, patience).unref())])
    },
  }
}

async function runOnce(schedule: Schedule): Promise<void> {
  const started = performance.now()
  try {
    await schedule.run()
    log.debug({ schedule: schedule.name, ms: Math.round(performance.now() - started) }, "schedule ran")
  } catch (error) {
    log.error({ err: error, schedule: schedule.name }, "schedule failed")
  }
}
