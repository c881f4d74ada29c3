import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { environment } from "~/platform/environment.server"

export type RunningProcess = {
  url: string
  pid: number
  /** Everything written so far, both streams. */
  logs: () => string
  /** The exit code, once it has ended by itself or by a signal (then null). */
  ended: Promise<number | null>
  kill: () => Promise<void>
  /** Asks for a graceful stop and returns the exit code. */
  stop: () => Promise<number | null>
}

/**
 * The built server in a process of its own, answering. `env` is its whole environment: settings of this machine do not
 * leak in. Give it `DATABASE_FILE` (see freshFile); the port is a free one unless `PORT` is set.
 */
export async function startProcess({ env }: { env: Record<string, string> }): Promise<RunningProcess> {
  const port = env.PORT ?? String(await freePort())
  const started = spawnServer({ APP_URL: `http://localhost:${port}`, ...env, PORT: port })
  const url = `http://localhost:${port}`
  await Promise.race([
    answering(`http://127.0.0.1:${port}/readyz`),
    started.ended.then(code => {
      throw new Error(`The server ended with ${code} while starting:\n${started.logs()}`)
    }),
  ])
  return { url, ...started }
}

/** As in the Dockerfile and `npm start`. */
const containerFlags = ["--max-old-space-size=256", "--max-semi-space-size=8", "--liftoff-only"]

/** The same without waiting for it to answer: for starts that are to fail. */
export function spawnServer(env: Record<string, string>): Omit<RunningProcess, "url"> {
  ensureBuilt()
  const child = spawn(process.execPath, [...containerFlags, "build/server/index.js"], {
    env: { ...blankSettings(), NODE_ENV: "test", LOG_LEVEL: "debug", PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let logs = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", part => (logs += part))
  const ended = once(child, "close").then(([code]): number | null => code)
  return {
    pid: child.pid ?? 0,
    logs: () => logs,
    ended,
    kill: () => signal(child, "SIGKILL", ended).then(() => undefined),
    stop: () => signal(child, "SIGTERM", ended),
  }
}

let built = false

/** Builds once for all test files, unless the build is of these sources already. */
export function ensureBuilt(): void {
  if (built) return
  const result = spawnSync(process.execPath, ["tests/support/ensure-built.mjs"], { encoding: "utf8" })
  if (result.status !== 0) throw new Error(result.stderr)
  built = true
}

/** Set and empty counts as unset, and keeps a developer's .env from filling it. */
function blankSettings(): Record<string, string> {
  return Object.fromEntries(Object.keys(environment.shape).map(name => [name, ""]))
}

async function signal(child: ChildProcess, name: NodeJS.Signals, ended: Promise<number | null>) {
  child.kill(name)
  return ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("No free port.")
  return address.port
}

async function answering(url: string): Promise<void> {
  const until = performance.now() + 20_000
  while (performance.now() < until) {
    const ready = await fetch(url).then(
      response => response.ok,
      () => false,
    )
    if (ready) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`${url} did not answer within 20 seconds.`)
}
