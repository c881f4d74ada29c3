import { afterEach, beforeEach, expect, test } from "vitest"
import { captureLog, type LogRecord, log, withRequestId } from "~/platform/log.server"

let captured: { records: LogRecord[]; stop: () => void }
beforeEach(() => {
  captured = captureLog()
})
afterEach(() => captured.stop())

const token = "dGhpcy1pcy1hLXRva2VuLW9mLTMyLXJhbmRvbS1ieXQ"
const logged = () => JSON.stringify(captured.records)

test("[R7] a line carries level, time, fields, message and the request's id", async () => {
  await withRequestId("req-1", async () => {
    await Promise.resolve()
    log.info({ user: "u1", ms: 12 }, "signed in")
  })
  log.warn("outside")
  expect(captured.records).toMatchObject([
    { level: "info", requestId: "req-1", user: "u1", ms: 12, msg: "signed in" },
    { level: "warn", msg: "outside" },
  ])
  expect(captured.records[1]).not.toHaveProperty("requestId")
  expect(Date.parse(captured.records[0]?.time ?? "")).toBeGreaterThan(0)
})

test("[L10] fields with a secret's name are blank at any depth", () => {
  log.info({
    headers: {
      Authorization: "Bearer abc",
      cookie: "a=b",
      "Set-Cookie": ["s=1"],
      "stripe-signature": "t=1,v1=abc",
    },
    body: { password: "hunter2", newPassword: "hunter3", link: { code: "K7XQ2M", requestToken: "xyz" } },
    client_secret: "shh",
    APIKey: "k",
  })
  for (const secret of ["abc", "a=b", "s=1", "hunter", "K7XQ2M", "xyz", "shh", '"k"']) {
    expect(logged()).not.toContain(secret)
  }
})

test("[L10] tokens inside addresses, messages and errors are blank", () => {
  const error = new Error(`GET /login/link?token=${token}&x=1 failed`, { cause: new Error(`sk_live_abc123`) })
  log.error(
    { err: error, url: new URL(`https://gate.example/onboarding/pending?session_id=cs_test_a1`) },
    "failed",
  )
  log.info(`posted /api/auth/magic-link/verify/${token}`)
  log.info({ list: [`?code=K7XQ2M&state=abc`, "whsec_abcdef"], note: `token ${token}` }, `Bearer ${token}`)
  for (const secret of [token, "abc123", "cs_test_a1", "K7XQ2M", "abcdef", "state=abc"]) {
    expect(logged()).not.toContain(secret)
  }
  expect(logged()).toContain("x=1 failed")
  expect(captured.records[0]).toMatchObject({
    err: { type: "Error", cause: { message: "sk_live_[redacted]" } },
  })
})

test("[R7] what is useful stays: ids, error codes, times and Stripe's object ids", () => {
  const error = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:25"), { code: "ECONNREFUSED" })
  const at = new Date(0)
  log.warn({ err: error, event: "evt_1PqRsT", id: "0193".repeat(8), at, status: 429 }, "retrying")
  expect(captured.records[0]).toMatchObject({
    err: { code: "ECONNREFUSED", message: "connect ECONNREFUSED 127.0.0.1:25" },
    event: "evt_1PqRsT",
    id: "0193".repeat(8),
    at: "1970-01-01T00:00:00.000Z",
    status: 429,
  })
})

test("[R7] a value that points at itself is logged and ends", () => {
  const loop: Record<string, unknown> = { name: "loop" }
  loop.self = loop
  log.info({ loop }, "still here")
  expect(captured.records[0]).toMatchObject({ msg: "still here", loop: { name: "loop" } })
})

test("[R7] an error given alone is logged with its stack", () => {
  log.error(new TypeError("no"))
  expect(captured.records[0]).toMatchObject({ level: "error", err: { type: "TypeError", message: "no" } })
})

test("[R7] nothing is captured after stop", () => {
  captured.stop()
  log.info("unseen")
  expect(captured.records).toEqual([])
})
