import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type RunningApp, startApp } from "../support/app"
import { ask, askRaw, mirror, production, settingsWith } from "./ask"

describe("in production", () => {
  let app: RunningApp
  beforeAll(async () => {
    app = await startApp({ settings: settingsWith(production), remix: mirror })
  })
  afterAll(() => app.close())

  const statusFor = async (host: string, path = "/") =>
    (await ask(app.url + path, { headers: { Host: host } })).status

  test("[L14] only the host of APP_URL is served", async () => {
    expect(await statusFor("gate.example.com")).toBe(200)
    expect(await statusFor("GATE.example.com:443")).toBe(200)
    expect(await statusFor("evil.example")).toBe(421)
    expect(await statusFor("gate.example.com.evil.example")).toBe(421)
    expect(await statusFor("gate.example.com:8080")).toBe(421)
    expect(await statusFor("localhost")).toBe(421)
    expect(await statusFor("127.0.0.1:3000")).toBe(421)
  })

  test("[L14] a malformed host is refused as such", async () => {
    for (const host of ["gate.example.com/x", "a b", "user@gate.example.com", "gate.example.com:99999999"]) {
      expect(await statusFor(host), host).toBe(400)
    }
    const { port } = new URL(app.url)
    expect(await askRaw(Number(port), "GET / HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /)
    const empty = "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"
    expect(await askRaw(Number(port), empty)).toMatch(/^HTTP\/1.1 400 /)
  })

  test("[L14] two hosts in one request are refused", async () => {
    const { port } = new URL(app.url)
    const reply = await askRaw(
      Number(port),
      "GET / HTTP/1.1\r\nHost: gate.example.com\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    )
    expect(reply).toMatch(/^HTTP\/1.1 400 /)
  })

  test("[R7] health checks are answered whatever name they come by", async () => {
    expect(await statusFor("10.0.0.7:3000", "/healthz")).toBe(200)
    expect(await statusFor("10.0.0.7:3000", "/healthz?x=1")).toBe(200)
  })
})

test("[L14] outside production loopback names are served on any port, others not", async () => {
  const app = await startApp({ settings: settingsWith({ NODE_ENV: "test" }), remix: mirror })
  try {
    for (const host of ["localhost:5555", "127.0.0.1", "[::1]:80"]) {
      expect((await ask(`${app.url}/`, { headers: { Host: host } })).status, host).toBe(200)
    }
    expect((await ask(`${app.url}/`, { headers: { Host: "localhost.evil.example" } })).status).toBe(421)
  } finally {
    await app.close()
  }
})
