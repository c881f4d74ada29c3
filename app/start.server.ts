import type { Server } from "node:http"
import type { ServerBuild } from "@remix-run/node"
import { saveLastSeen } from "~/domain/accounts/last-seen.server"
import { warnOfHalfSetUpStripe } from "~/domain/billing/stripe-state.server"
import { saveKeysUsed } from "~/domain/organizations/api-key-lookup.server"
import { offerOperatorSetup } from "~/domain/sign-in/operator-setup.server"
import { fastPaths } from "~/http/fast-path-table.server"
import { createHandler } from "~/http/front.server"
import { type Lifecycle, stopServer } from "~/http/graceful-stop.server"
import { createHttpServer, listen } from "~/http/http-server.server"
import { remixHandler } from "~/http/remix-handler.server"
import { developmentContentPolicy } from "~/http/security-headers.server"
import { type Middleware, staticFiles } from "~/http/static-files.server"
import { startAllJobs } from "~/jobs.server"
import { closeDatabase, openDatabase } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { followClock, onClockMoved } from "~/platform/followed-clock.server"
import { log } from "~/platform/log.server"
import { closeMailer } from "~/platform/mailer.server"
import { restoreLimits, saveLimits } from "~/platform/rate-limit.server"

/** Where the app's pages come from: the compiled build, or Vite in development. */
export type Pages =
  | { build: () => Promise<ServerBuild>; clientDirectory: string }
  | { build: () => Promise<ServerBuild>; vite: Middleware; server: Server }

/** Orchestrators kill ten seconds after they ask: most of them for requests and jobs, the rest for the last writes. */
const finishMs = 7_500
const deadlineMs = 9_500

/** Starts this process: settings, database, limits, jobs, then the door. Throws what keeps it from starting. */
export async function start(pages: Pages): Promise<void> {
  const settings = env()
  exitOnBugs()
  if (settings.clockFile) followClock(settings.clockFile)
  warnOfHalfSetUpStripe()
  // The database, its backups and its journal are for this user alone.
  process.umask(0o077)
  await openDatabase()
  await restoreLimits()
  const lifecycle: Lifecycle = { stopping: false }
  const server = "vite" in pages ? pages.server : createHttpServer()
  const vite = "vite" in pages
  server.on(
    "request",
    createHandler({
      settings,
      lifecycle,
      fastPaths,
      remix: remixHandler(pages.build, vite ? "development" : settings.mode, settings.appUrl),
      files: "vite" in pages ? pages.vite : staticFiles(pages.clientDirectory),
      adjustContentPolicy: vite ? developmentContentPolicy : undefined,
    }),
  )
  const port = await listen(server, settings.host, settings.port)
  log.info({ port, url: settings.appUrl }, "listening")
  // Only whoever holds the port runs jobs: started twice by mistake, the second process must not take the first one's.
  const jobs = startAllJobs()
  if (settings.clockFile) onClockMoved(jobs.catchUp)
  await offerOperatorSetup()
  stopOnSignal(async () => {
    await Promise.all([stopServer(server, lifecycle, finishMs), within(finishMs, jobs.stop())])
    await closeMailer()
    await saveLastSeen()
    await saveKeysUsed()
    await saveLimits()
    await closeDatabase()
  })
  await pages.build()
}

/** After an error nobody caught the state of the process is unknown: it says so and leaves, and is started again. */
function exitOnBugs(): void {
  const leave = (error: unknown) => {
    log.fatal({ err: error }, "an error nobody caught")
    process.exit(1)
  }
  process.on("uncaughtException", leave).on("unhandledRejection", leave)
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const timeout = new Promise<void>(resolve => setTimeout(resolve, ms).unref())
  await Promise.race([work, timeout])
}

/** Runs `stop` at the first SIGTERM or SIGINT, then exits; the second one exits at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let asked = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (asked) process.exit(1)
    asked = true
    log.info({ signal }, "stopping")
    setTimeout(() => process.exit(1), deadlineMs).unref()
    stop().then(
      () => process.exit(0),
      error => {
        log.fatal({ err: error }, "the stop failed")
        process.exit(1)
      },
    )
  }
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal)
}
