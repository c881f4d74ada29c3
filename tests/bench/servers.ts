import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { get } from "node:http"
import { createServer } from "node:net"
import { availableParallelism } from "node:os"
import { z } from "zod"
import { portOf } from "../stand-ins/mailbox/smtp"
import { appSecret } from "./requests"

export type Side = "raw" | "ours"

export type BenchServer = {
  side: Side
  port: number
  /** Milliseconds from spawning to the first 200 on /healthz. */
  startedIn: number
  /** Seconds of processor time spent so far. */
  cpu: () => number
  /** Memory the process holds now, in MB of 1,000,000 bytes. */
  memory: () => number
  stop: () => Promise<void>
}

/** The flags of Node that `npm start` and the container set. */
const { scripts } = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")))
const nodeFlags = scripts.start.match(/--\S+/g) ?? []

const commands: Record<Side, string[]> = {
  raw: ["--import", "tsx", "tests/bench/raw/server.ts"],
  ours: ["build/server/index.js"],
}

const manyLimits = Object.fromEntries(
  [
    "LIMIT_LINKS_PER_ADDRESS_HOUR",
    "LIMIT_LINKS_PER_ADDRESS_MINUTE",
    "LIMIT_LINKS_PER_CLIENT",
    "LIMIT_CHECKS_PER_CLIENT",
    "MAIL_BUDGET_PER_HOUR",
  ].map(name => [name, "1000000000"]),
)

/** Servers on one core, the client on the other. Where that cannot be had, the figures say less. */
export const canPin = availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0

export function pinClient(): void {
  if (canPin) execFileSync("taskset", ["-a", "-p", "-c", "1", String(process.pid)])
}

export type ServerOptions = { file: string; smtpPort?: number; cpuProfiles?: string }

/** Starts a production server, ours as built or the raw one, on this machine only, and waits until it answers. */
export async function startServer(side: Side, options: ServerOptions): Promise<BenchServer> {
  const port = await freePort()
  const profile = options.cpuProfiles ? ["--cpu-prof", `--cpu-prof-dir=${options.cpuProfiles}`] : []
  const node = [process.execPath, ...nodeFlags, ...profile, ...commands[side]]
  const [command = "", ...args] = canPin ? ["taskset", "-c", "0", ...node] : node
  const began = performance.now()
  const child = spawn(command, args, {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      APP_URL: `http://localhost:${port}`,
      APP_SECRET: appSecret,
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_FILE: options.file,
      ...manyLimits,
      ...(options.smtpPort && {
        SMTP_HOST: "127.0.0.1",
        SMTP_PORT: String(options.smtpPort),
        SMTP_TLS: "none",
        MAIL_FROM: "Gatehouse <hello@gatehouse.test>",
      }),
    },
    stdio: ["ignore", "ignore", "inherit"],
  })
  const startedIn = (await firstAnswer(child, port)) - began
  return {
    side,
    port,
    startedIn,
    cpu: () => processorTime(child.pid),
    memory: () => memoryOf(child.pid),
    stop: () => stop(child, options.cpuProfiles ? "SIGTERM" : "SIGKILL"),
  }
}

async function firstAnswer(child: ChildProcess, port: number): Promise<number> {
  const giveUp = performance.now() + 20_000
  while (performance.now() < giveUp && child.exitCode === null) {
    if (await isHealthy(port)) return performance.now()
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  throw new Error("A server of the bench did not start.")
}

function isHealthy(port: number): Promise<boolean> {
  return new Promise(resolve => {
    get({ port, host: "127.0.0.1", path: "/healthz", agent: false, headers: { Host: `localhost:${port}` } })
      .on("response", response => {
        response.resume()
        resolve(response.statusCode === 200)
      })
      .on("error", () => resolve(false))
  })
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, "exit")
  child.kill(signal)
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const port = portOf(server)
  server.close()
  await once(server, "close")
  return port
}

/** Fields 14 and 15 of /proc/<pid>/stat, in clock ticks of 10 ms; NaN where there is no /proc. */
function processorTime(pid: number | undefined): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function memoryOf(pid: number | undefined): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1]
  return (Number(kibibytes) * 1024) / 1e6
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
