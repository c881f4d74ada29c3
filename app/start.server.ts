import type { Server } from "node:http"
import type { ServerBuild } from "@remix-run/node"
import { createHandler } from "~/http/front.server"
import { type Lifecycle, stopServer } from "~/http/graceful-stop.server"
import { createHttpServer, listen } from "~/http/http-server.server"
import { remixHandler } from "~/http/remix-handler.server"
import { developmentContentPolicy } from "~/http/security-headers.server"
import { type Middleware, staticFiles } from "~/http/static-files.server"
import { closeDatabase, openDatabase } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"

/** Where the app's pages come from: the compiled build, or Vite in development. */
export type Pages =
  | { build: () => Promise<ServerBuild>; clientDirectory: string }
  | { build: () => Promise<ServerBuild>; vite: Middleware; server: Server }

export type Jobs = { stop: (withinMs: number) => Promise<void> }

/** Orchestrators kill ten seconds after they ask; the requests get most of them, the rest is for the last writes. */
const requestsMs = 7_000
const jobsMs = 1_500

/** Starts this process: settings, database, limits, jobs, then the door. Throws what keeps it from starting. */
export async function start(pages: Pages): Promise<void> {
  const settings = env()
  await openDatabase()
  const lifecycle: Lifecycle = { stopping: false }
  const server = "server" in pages ? pages.server : createHttpServer()
  const vite = "vite" in pages
  server.on(
    "request",
    createHandler({
      settings,
      lifecycle,
      remix: remixHandler(pages.build, vite ? "development" : settings.mode, settings.appUrl),
      files: "vite" in pages ? pages.vite : staticFiles(pages.clientDirectory),
      adjustContentPolicy: vite ? developmentContentPolicy : undefined,
    }),
  )
  const port = await listen(server, settings.host, settings.port)
  log.info({ port, url: settings.appUrl }, "listening")
  stopOnSignal(async () => {
    await stopServer(server, lifecycle, requestsMs)
    await closeDatabase()
  })
  await pages.build()
}

/** Runs `stop` at the first SIGTERM or SIGINT, then exits; the second one exits at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let asked = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (asked) process.exit(1)
    asked = true
    log.info({ signal }, "stopping")
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
