import { afterAll, beforeAll, expect, test } from "vitest"
import { type RunningApp, startApp } from "../support/app"
import { ask, askRaw, mirror, settingsWith } from "./ask"

const kilobyte = 1024
let app: RunningApp
beforeAll(async () => {
  app = await startApp({ settings: settingsWith({ NODE_ENV: "test" }), remix: mirror })
})
afterAll(() => app.close())

const from = () => ({ Origin: app.url })

function* pieces(bytes: number) {
  for (let sent = 0; sent < bytes; sent += kilobyte) yield "x".repeat(Math.min(kilobyte, bytes - sent))
}

test("[S16] a form of 64 kB arrives whole, declared or chunked", async () => {
  const body = "x".repeat(64 * kilobyte)
  const declared = await ask(`${app.url}/login`, { method: "POST", headers: from(), body })
  expect(JSON.parse(declared.text).bytes).toBe(64 * kilobyte)
  const chunked = await ask(`${app.url}/login`, {
    method: "POST",
    headers: from(),
    chunks: pieces(64 * kilobyte),
  })
  expect(JSON.parse(chunked.text).bytes).toBe(64 * kilobyte)
})

test("[S16] one byte more is refused, declared or chunked, in an answer the client can read", async () => {
  const body = "x".repeat(64 * kilobyte + 1)
  const declared = await ask(`${app.url}/login`, { method: "POST", headers: from(), body })
  expect(declared.status).toBe(413)
  expect(declared.text).toContain("too large")
  const chunked = await ask(`${app.url}/login`, {
    method: "POST",
    headers: from(),
    chunks: pieces(body.length),
  })
  expect(chunked.status).toBe(413)
})

test("[S16] a client that goes on sending after the refusal still reads it", async () => {
  const megabytes = await ask(`${app.url}/login`, {
    method: "POST",
    headers: from(),
    chunks: pieces(8 * kilobyte * kilobyte),
  })
  expect(megabytes.status).toBe(413)
  expect(megabytes.headers.connection).toBe("close")
})

test("[S16] JSON endpoints say it in JSON", async () => {
  const reply = await ask(`${app.url}/api/auth/login`, {
    method: "POST",
    headers: { ...from(), "Content-Type": "application/json" },
    body: JSON.stringify({ email: "x".repeat(64 * kilobyte) }),
  })
  expect(reply.status).toBe(413)
  expect(JSON.parse(reply.text).error.code).toBe("too_large")
})

test("[B4] a webhook may be as large as 1 MB, chunked too, and no larger", async () => {
  const send = async (bytes: number) =>
    ask(`${app.url}/api/webhooks/stripe`, { method: "POST", chunks: pieces(bytes) })
  expect(JSON.parse((await send(kilobyte * kilobyte)).text).bytes).toBe(kilobyte * kilobyte)
  expect((await send(kilobyte * kilobyte + 1)).status).toBe(413)
})

test("[S16] a length that lies is found out", async () => {
  const port = Number(new URL(app.url).port)
  const head = `POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n`
  const longer = await askRaw(port, `${head}Content-Length: 3\r\n\r\nabcdef GET / nonsense\r\n\r\n`)
  expect(longer).toMatch(/HTTP\/1.1 400 /)
  expect(longer).not.toMatch(/"bytes":(?!3\b)/)
  const both = await askRaw(port, `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)
  expect(both).toMatch(/^HTTP\/1.1 400 /)
  const twice = await askRaw(port, `${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`)
  expect(twice).toMatch(/^HTTP\/1.1 400 /)
})

test("[S16] a GET with a body is read within the limit and its body given to nobody", async () => {
  const small = await ask(`${app.url}/`, { headers: { "Content-Length": "3" }, body: "abc" })
  expect(JSON.parse(small.text).bytes).toBe(0)
  const chunked = { "Transfer-Encoding": "chunked" }
  expect((await ask(`${app.url}/`, { headers: chunked, chunks: pieces(65 * kilobyte) })).status).toBe(413)
})
