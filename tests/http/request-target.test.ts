import { afterAll, beforeAll, expect, test } from "vitest"
import { type RunningApp, startApp } from "../support/app"
import { ask, askRaw, mirror, settingsWith } from "./ask"

let app: RunningApp
beforeAll(async () => {
  app = await startApp({ settings: settingsWith({ NODE_ENV: "test" }), remix: mirror })
})
afterAll(() => app.close())

test("[S16] _data is refused however it is spelled", async () => {
  for (const query of ["?_data=root", "?a=1&_data=routes/login", "?%5fdata=root", "?_data"]) {
    expect((await ask(`${app.url}/login${query}`)).status, query).toBe(400)
  }
  expect((await ask(`${app.url}/login?data=1`)).status).toBe(200)
})

test("[S16] malformed addresses are refused", async () => {
  for (const path of ["/%", "/%ff%fe", "/a%00b", "//evil.example/x", "/\\evil.example"]) {
    expect((await ask(app.url + path)).status, path).toBe(400)
  }
  const port = Number(new URL(app.url).port)
  for (const target of ["http://evil.example/", "*", "evil"]) {
    const reply = await askRaw(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect(reply, target).toMatch(/^HTTP\/1.1 400 /)
  }
})

test("[S16] methods nobody serves get 405 with the list of those that are", async () => {
  for (const method of ["TRACE", "PROPFIND", "PURGE"]) {
    const reply = await ask(`${app.url}/`, { method })
    expect(reply.status, method).toBe(405)
    expect(reply.headers.allow).toContain("GET, HEAD, POST")
  }
  const posted = await ask(`${app.url}/healthz`, { method: "POST" })
  expect(posted.status).toBe(405)
  expect(posted.headers.allow).toBe("GET, HEAD")
})

test("[L1] OPTIONS is answered by the front and runs nothing", async () => {
  const reply = await ask(`${app.url}/login/link?token=x`, { method: "OPTIONS" })
  expect(reply).toMatchObject({ status: 204, text: "" })
})

test("[R7] HEAD on a fast path has no body", async () => {
  const reply = await ask(`${app.url}/healthz`, { method: "HEAD" })
  expect(reply).toMatchObject({ status: 200, text: "" })
})
