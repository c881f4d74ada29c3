import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { codeOf, programByKey, programOf } from "../support/callers"
import { Program } from "../support/program"
import { enter } from "../support/tenancy"
import { setUpWorld, whoIs } from "../support/world"

const world = setUpWorld()

const list = "/api/auth/devices"
const one = (id: string) => `${list}/${id}`
type Device = { id: string; current: boolean; program: boolean; label: string }

test("[S3] one's devices are listed, programs and browsers apart, and the one that asks is named", async () => {
  const w = await world()
  const { bob, alice } = w.cast
  const bobs = await programOf(w, bob)
  await enter(w.browser(), bob)
  await programOf(w, alice)
  const { status, json } = await bobs.call("GET", list)
  expect(status).toBe(200)
  expect(json.data).toHaveLength(2)
  expect(json.data.find((device: Device) => device.current)).toEqual({
    id: bobs.sessionId,
    label: "Ledger",
    address: "192.0.2.8",
    program: true,
    current: true,
    signedInAt: expect.any(String),
    lastSeenAt: expect.any(String),
  })
  expect(json.data.map((device: Device) => device.program).sort()).toEqual([false, true])
})

test("[S3] ending one shuts out its next call, token and refresh alike, or its next page; others go on", async () => {
  const w = await world()
  const { bob } = w.cast
  const [bobs, lost, page] = [await programOf(w, bob), await programOf(w, bob), await enter(w.browser(), bob)]
  expect((await bobs.call("DELETE", one(lost.sessionId))).status).toBe(204)
  expect(codeOf(await lost.call("GET", list))).toBe("401 invalid_token")
  expect((await lost.withCookie("/api/auth/refresh")).status).toBe(401)
  expect(codeOf(await bobs.call("DELETE", one(lost.sessionId)))).toBe("404 not_found")
  const { json } = await bobs.call("GET", list)
  const browser = json.data.find((device: Device) => !device.program)
  expect((await bobs.call("DELETE", one(browser.id))).status).toBe(204)
  expect(await whoIs(page)).toBeUndefined()
  expect((await bobs.call("DELETE", one(bobs.sessionId))).status).toBe(204)
  expect(codeOf(await bobs.call("GET", list))).toBe("401 invalid_token")
  expect(await db().securityEvent.count({ where: { userId: bob.id, kind: "sessions_ended" } })).toBe(3)
})

test("[S3] many who end one at once end it once", async () => {
  const w = await world()
  const { bob } = w.cast
  const [bobs, lost] = [await programOf(w, bob), await programOf(w, bob)]
  const answers = await Promise.all(Array.from({ length: 6 }, () => bobs.call("DELETE", one(lost.sessionId))))
  expect(answers.map(codeOf).sort()).toEqual(["204 done", ...Array(5).fill("404 not_found")])
})

test("[S3] nobody ends or sees another's: not a stranger, not a key, not a guest", async () => {
  const w = await world()
  const { bob, alice, charlie } = w.cast
  const bobs = await programOf(w, bob)
  for (const user of [alice, charlie]) {
    const program = await programOf(w, user)
    expect(codeOf(await program.call("DELETE", one(bobs.sessionId)))).toBe("404 not_found")
    expect((await program.call("GET", list)).text).not.toContain(bobs.sessionId)
  }
  const key = await programByKey(w, alice)
  const guest = new Program(w.url)
  for (const [method, path] of [
    ["GET", list],
    ["DELETE", one(bobs.sessionId)],
  ] as const) {
    expect(codeOf(await key.call(method, path))).toBe("403 scope_missing")
    expect(codeOf(await guest.send(method, path, undefined, { Origin: w.url }))).toBe("401 signed_out")
  }
  expect((await bobs.call("GET", list)).status).toBe(200)
})
