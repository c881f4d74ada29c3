import { connect } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import { staticFiles } from "~/http/static-files.server"
import { setEnv } from "~/platform/env.server"
import { captureLog } from "~/platform/log.server"
import { type RunningApp, startApp } from "../support/app"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { ask, askRaw, mirror, production, settingsWith } from "./ask"

const host = { Host: "gate.example.com" }
const settings = settingsWith({ ...production, STRIPE_SECRET_KEY: "sk_test_1" })
let database: FreshDatabase
let app: RunningApp
beforeAll(async () => {
  setEnv({})
  database = await freshDatabase()
  app = await startApp({ settings, files: staticFiles("public") })
})
afterAll(async () => {
  await app.close()
  await database.close()
})

const everyAnswer = [
  "x-content-type-options",
  "cross-origin-resource-policy",
  "strict-transport-security",
  "content-security-policy",
  "cache-control",
]
const answersOfBrowsers = [
  "x-frame-options",
  "referrer-policy",
  "permissions-policy",
  "cross-origin-opener-policy",
  "x-request-id",
]
/** Answered before Remix, for programs: headers about documents would only cost time there. */
const forPrograms = ["/healthz", "/readyz", "/api/auth/profile"]

test("[H3] every kind of answer carries the security headers", async () => {
  const origin = { Origin: "https://gate.example.com" }
  const kinds: [string, number, Parameters<typeof ask>[1]?][] = [
    ["/", 200],
    ["/?_routes=root", 200],
    ["/_root.data", 200],
    ["/no-such-page", 404],
    ["/healthz", 200],
    ["/readyz", 200],
    ["/api/auth/profile", 401],
    ["/robots.txt", 200],
    ["/assets/no-such-file.js", 404],
    ["/?_data=root", 400],
    ["/%zz", 400],
    ["/", 421, { headers: { Host: "evil.example" } }],
    ["/", 403, { method: "POST" }],
    ["/", 405, { method: "TRACE" }],
    ["/", 204, { method: "OPTIONS" }],
    ["/", 413, { method: "POST", headers: { ...host, ...origin }, body: "x".repeat(70_000) }],
    ["/api/x", 415, { method: "POST", headers: { ...host, ...origin }, body: "x" }],
  ]
  for (const [path, status, question] of kinds) {
    const reply = await ask(app.url + path, { headers: host, ...question })
    const wanted = forPrograms.includes(path) ? everyAnswer : [...everyAnswer, ...answersOfBrowsers]
    const missing = wanted.filter(name => !reply.headers[name])
    expect({ path, status: reply.status, missing }).toEqual({ path, status, missing: [] })
    expect(reply.headers["content-security-policy"], path).toContain("frame-ancestors 'none'")
    expect(reply.headers["x-powered-by"]).toBeUndefined()
  }
})

test("[H3] what cannot even be parsed is answered with them too", async () => {
  const port = Number(new URL(app.url).port)
  const nonsense = await askRaw(port, "GET / HTTP/9.9\r\n\r\n")
  expect(nonsense).toMatch(/^HTTP\/1.1 400 /)
  expect(nonsense).toContain("frame-ancestors 'none'")
  const long = await askRaw(
    port,
    `GET / HTTP/1.1\r\nHost: gate.example.com\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
  )
  expect(long).toMatch(/^HTTP\/1.1 431 /)
})

test("[H3] the nonce of a page differs with each request and is on each of its scripts", async () => {
  const pages = await Promise.all([1, 2, 3].map(() => ask(`${app.url}/`, { headers: host })))
  const nonces = pages.map(({ headers, text }) => {
    const nonce = /script-src [^;]*'nonce-([\w-]+)'/.exec(String(headers["content-security-policy"]))?.[1]
    const scripts = text.match(/<script\b[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter(script => !script.includes(`nonce="${nonce}"`))).toEqual([])
    return nonce
  })
  expect(nonces.every(nonce => nonce && nonce.length >= 22)).toBe(true)
  expect(new Set(nonces).size).toBe(3)
})

test("[H3] scripts run by nonce only, and forms may lead to Stripe's pages", async () => {
  const { headers } = await ask(`${app.url}/`, { headers: host })
  const policy = String(headers["content-security-policy"])
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
  expect(policy).toContain("form-action 'self' https://checkout.stripe.com https://billing.stripe.com")
})

test("[B15] where the local Stripe stands in, forms may lead to it", async () => {
  const local = settingsWith({ STRIPE_SECRET_KEY: "sk_test_1", STRIPE_API_URL: "http://127.0.0.1:4242/v1" })
  const other = await startApp({ settings: local, remix: mirror })
  try {
    const { headers } = await ask(`${other.url}/`)
    expect(headers["content-security-policy"]).toContain(" http://127.0.0.1:4242;")
    expect(headers["strict-transport-security"]).toBeUndefined()
  } finally {
    await other.close()
  }
})

test("[H3] pages are not stored; files of public/ may be kept", async () => {
  expect((await ask(`${app.url}/`, { headers: host })).headers["cache-control"]).toBe("no-store")
  const file = await ask(`${app.url}/robots.txt`, { headers: host })
  expect(file.headers["cache-control"]).toBe("public, max-age=3600")
})

test("[L10] no path leaves by Referer, not even to ourselves", async () => {
  const { headers } = await ask(`${app.url}/login/link?token=secret`, { headers: host })
  expect(headers["referrer-policy"]).toBe("strict-origin")
})

test("[L10] [R7] the access log has method, path, status and time, never the query", async () => {
  const capture = captureLog()
  await ask(`${app.url}/no-such-page?token=abc`, { headers: host })
  capture.stop()
  const line = capture.records.find(record => record.msg === "request")
  expect(line).toMatchObject({ method: "GET", path: "/no-such-page", status: 404 })
  expect(line?.ms).toBeTypeOf("number")
  expect(line?.requestId).toBeTypeOf("string")
  expect(JSON.stringify(capture.records)).not.toContain("abc")
  expect(capture.records.filter(record => record.level === "error")).toEqual([])
})

test("[R8] a slow client is cut off with 408", async () => {
  const slow = await startApp({ settings, remix: mirror })
  slow.server.headersTimeout = 300
  slow.server.requestTimeout = 600
  try {
    const reply = await new Promise<string>(resolve => {
      const socket = connect(Number(new URL(slow.url).port), "127.0.0.1", () =>
        socket.write("GET / HTTP/1.1\r\n"),
      )
      let text = ""
      socket.setEncoding("utf8").on("data", part => {
        text += part
      })
      socket.on("close", () => resolve(text))
    })
    expect(reply).toMatch(/^HTTP\/1.1 408 /)
  } finally {
    await slow.close()
  }
})
