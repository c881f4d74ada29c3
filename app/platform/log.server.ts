import { AsyncLocalStorage } from "node:async_hooks"
import { type DestinationStream, destination, type LogFn, type Logger, pino } from "pino"
import { env } from "~/platform/env.server"
import { redactFields, redactText } from "~/platform/log-redaction.server"

export type LogRecord = {
  level: string
  time: string
  msg?: string
  requestId?: string
  [field: string]: unknown
}

const requestIds = new AsyncLocalStorage<string>()
const captures = new Set<LogRecord[]>()
let root: Logger | undefined

/**
 * One JSON line per call on standard output: level, time, the request's id, the fields and the message [R7].
 * Secrets are taken out by name and by shape, at any depth, so that no token reaches a log [L10].
 */
export const log = {
  debug: write("debug"),
  info: write("info"),
  warn: write("warn"),
  error: write("error"),
  fatal: write("fatal"),
}

/** Everything logged while `work` runs, also later on from what it started, carries this id. */
export function withRequestId<T>(id: string, work: () => T): T {
  return requestIds.run(id, work)
}

/** The id of the request this code runs for, if any. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore()
}

/** For tests: what is logged from here on, until `stop`. */
export function captureLog(): { records: LogRecord[]; stop: () => void } {
  const records: LogRecord[] = []
  captures.add(records)
  return { records, stop: () => captures.delete(records) }
}

/** The logger is made at the first line, not at import: settings may be missing then, and that must be said first. */
function write(level: "debug" | "info" | "warn" | "error" | "fatal"): LogFn {
  return (...line: unknown[]) => {
    root ??= makeLogger()
    const logger = root
    Reflect.apply(logger[level], logger, line)
  }
}

function makeLogger(): Logger {
  const { mode, logLevel } = env()
  // Tests are quiet unless a level other than the default is asked for, and capture everything.
  const quiet = mode === "test" && logLevel === "info"
  return pino(
    {
      level: mode === "test" ? "debug" : logLevel,
      base: undefined,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      mixin: () => {
        const requestId = requestIds.getStore()
        return requestId ? { requestId } : {}
      },
      // Errors are made plain by redact; pino's own serializer would come after it.
      serializers: { err: plainError => plainError },
      formatters: {
        level: label => ({ level: label }),
        log: fields => redactFields(fields),
      },
      hooks: {
        logMethod(line, method) {
          for (const [i, part] of line.entries()) if (typeof part === "string") line[i] = redactText(part)
          method.apply(this, line)
        },
      },
    },
    tee(quiet ? undefined : destination({ fd: 1, sync: true })),
  )
}

function tee(output: DestinationStream | undefined): DestinationStream {
  return {
    write(line) {
      for (const records of captures) records.push(JSON.parse(line))
      output?.write(line)
    },
  }
}
