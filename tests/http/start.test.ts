import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { freshFile } from "../support/database"
import { ensureBuilt, spawnServer, startProcess } from "../support/process"
import { ask } from "./ask"

let folder: string
let database: Awaited<ReturnType<typeof freshFile>>
beforeAll(async () => {
  ensureBuilt()
  database = await freshFile()
  folder = mkdtempSync(join(tmpdir(), "gatehouse-start-"))
}, 400_000)
afterAll(() => {
  database.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function refusedStart(env: Record<string, string>) {
  const server = spawnServer({ DATABASE_FILE: database.file, PORT: "0", ...env })
  return { code: await server.ended, words: server.logs() }
}

test("[R2] a production start names every setting that is missing or weak, in plain lines", async () => {
  const { code, words } = await refusedStart({
    NODE_ENV: "production",
    APP_URL: "http://gate.example.com",
    APP_SECRET: "short",
    STRIPE_API_URL: "http://127.0.0.1:4242",
    GATEHOUSE_CRASH_AT: "somewhere",
  })
  expect(code).toBe(1)
  for (const name of ["APP_URL", "APP_SECRET", "STRIPE_API_URL", "GATEHOUSE_CRASH_AT"]) {
    expect(words).toContain(`  ${name}: `)
  }
  expect(words).not.toMatch(/^\s+at /m)
})

test("[R2] a secret may come from a file, and a file that cannot be read is named", async () => {
  const secret = join(folder, "secret")
  writeFileSync(secret, "0123456789abcdefghijklmnopqrstuvwxyz\n")
  const production = {
    NODE_ENV: "production",
    APP_URL: "http://localhost:3000",
    DATABASE_FILE: database.file,
    HOST: "127.0.0.1",
  }
  const server = await startProcess({ env: { ...production, APP_SECRET_FILE: secret } })
  expect(await server.stop()).toBe(0)
  const { code, words } = await refusedStart({ ...production, APP_SECRET_FILE: join(folder, "missing") })
  expect(code).toBe(1)
  expect(words).toContain("APP_SECRET_FILE: the file")
})

test("[R2] a port in use, or one that needs permission, is said in one line", async () => {
  const other = createServer().listen(0, "127.0.0.1")
  await new Promise(resolve => other.once("listening", resolve))
  const address = other.address()
  const port = typeof address === "object" ? String(address?.port) : ""
  const { code, words } = await refusedStart({ PORT: port, HOST: "127.0.0.1" })
  other.close()
  expect(code).toBe(1)
  expect(words.trim()).toBe(
    `Port ${port} is in use by another program. Stop that one, or choose another port with PORT.`,
  )
})

test("[R2] a host that is none of this machine's is said in one line", async () => {
  const { code, words } = await refusedStart({ HOST: "203.0.113.7" })
  expect(code).toBe(1)
  expect(words.trim().split("\n")).toHaveLength(1)
  expect(words).toContain("HOST=203.0.113.7")
})

test("[R8] SIGTERM ends the built server with 0, after the request under way", async () => {
  const server = await startProcess({ env: { DATABASE_FILE: database.file } })
  const page = await ask(`${server.url}/`)
  expect(page.status).toBe(200)
  const began = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(server.logs()).toContain('"signal":"SIGTERM"')
})

test("[H2] the built server sends its files compressed and for keeps", async () => {
  const server = await startProcess({ env: { DATABASE_FILE: database.file } })
  try {
    const page = await ask(`${server.url}/`)
    const script = /href="(\/assets\/entry\.client-[^"]+\.js)"/.exec(page.text)?.[1] ?? ""
    for (const coding of ["gzip", "br"]) {
      const file = await ask(server.url + script, { headers: { "Accept-Encoding": coding } })
      expect(file.status).toBe(200)
      expect(file.headers["content-encoding"]).toBe(coding)
      expect(file.headers["cache-control"]).toBe("public, max-age=31536000, immutable")
      expect(file.headers.vary).toMatch(/accept-encoding/i)
    }
  } finally {
    await server.stop()
  }
})

test("[R8] a second signal ends the process at once", async () => {
  const server = await startProcess({ env: { DATABASE_FILE: database.file } })
  // A connection that stays open makes the graceful stop take its time.
  const idle = connect(Number(new URL(server.url).port), "127.0.0.1")
  await once(idle, "connect")
  const first = server.stop()
  await new Promise(resolve => setTimeout(resolve, 200))
  const began = performance.now()
  process.kill(server.pid, "SIGTERM")
  expect(await first).toBe(1)
  expect(performance.now() - began).toBeLessThan(1_000)
  idle.destroy()
})
