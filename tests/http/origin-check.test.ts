import { afterAll, beforeAll, expect, test } from "vitest"
import { type RunningApp, startApp } from "../support/app"
import { ask, mirror, production, settingsWith } from "./ask"

const own = "https://gate.example.com"
let app: RunningApp
beforeAll(async () => {
  app = await startApp({ settings: settingsWith(production), remix: mirror })
})
afterAll(() => app.close())

async function post(headers: Record<string, string>, path = "/logout", method = "POST") {
  return (await ask(app.url + path, { method, headers: { Host: "gate.example.com", ...headers } })).status
}

test("[S16] a request of our own pages passes", async () => {
  expect(await post({ Origin: own })).toBe(200)
  expect(await post({ "Sec-Fetch-Site": "same-origin" })).toBe(200)
  expect(await post({ Origin: own, "Sec-Fetch-Site": "same-origin", Cookie: "a=b" })).toBe(200)
})

test("[S16] a request of another origin is refused, whichever header says so", async () => {
  const elsewhere = [
    "https://evil.example",
    "null",
    "http://gate.example.com",
    "https://gate.example.com:444",
  ]
  for (const origin of [...elsewhere, "https://gate.example.com.evil.example", ""]) {
    expect(await post({ Origin: origin }), origin).toBe(403)
  }
  for (const site of ["cross-site", "same-site", "none"]) {
    expect(await post({ "Sec-Fetch-Site": site }), site).toBe(403)
    expect(await post({ Origin: own, "Sec-Fetch-Site": site }), site).toBe(403)
  }
  expect(await post({ Origin: "https://evil.example", "Sec-Fetch-Site": "same-origin" })).toBe(403)
})

test("[S16] a request that tells no origin at all is refused, with every method that changes things", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    expect(await post({ Cookie: "a=b" }, "/logout", method), method).toBe(403)
    expect(await post({}, "/logout", method), method).toBe(403)
  }
  for (const method of ["GET", "HEAD"]) expect(await post({ Cookie: "a=b" }, "/", method), method).toBe(200)
})

test("[S16] loopback origins are strangers in production", async () => {
  expect(await post({ Origin: "http://localhost:3000" })).toBe(403)
})

test("[S16] a bearer token passes, unless cookies come along", async () => {
  expect(await post({ Authorization: "Bearer abc" })).toBe(200)
  expect(await post({ Authorization: "Bearer abc", Cookie: "a=b" })).toBe(403)
  expect(await post({ Authorization: "Basic abc" })).toBe(403)
})

const friend = "https://app.example.com"

async function allowing(origins: string) {
  return startApp({ settings: settingsWith({ ...production, API_ALLOWED_ORIGINS: origins }), remix: mirror })
}

test("[S16] a page of an allowed origin may call the API without cookies, with a token or none", async () => {
  const open = await allowing(`${friend}, https://other.example.com`)
  const call = (headers: Record<string, string>, path = "/api/auth/login") =>
    ask(open.url + path, { method: "POST", headers: { Host: "gate.example.com", ...headers } })
  try {
    for (const site of ["cross-site", "same-site"]) {
      const asBrowser = { Origin: friend, "Sec-Fetch-Site": site }
      for (const headers of [asBrowser, { ...asBrowser, Authorization: "Bearer abc" }]) {
        const answer = await call(headers)
        expect(answer.status).toBe(200)
        expect(answer.headers["access-control-allow-origin"]).toBe(friend)
        expect(answer.headers["access-control-allow-credentials"]).toBeUndefined()
        expect(answer.headers["access-control-expose-headers"]).toMatch(/X-Request-Id.*Retry-After/)
        expect(answer.headers.vary).toBe("Origin")
        expect((await call({ ...headers, Cookie: "a=b" })).status).toBe(403)
        expect((await call(headers, "/logout")).status).toBe(403)
        expect((await call(headers, "/logout")).headers["access-control-allow-origin"]).toBeUndefined()
      }
    }
  } finally {
    await open.close()
  }
})

test("[S16] other origins get no such leave, however alike, and a token does not help them", async () => {
  const open = await allowing(friend)
  try {
    for (const origin of [
      "https://evil.example",
      `${friend}.evil.example`,
      `${friend}:444`,
      "null",
      "http://app.example.com",
    ])
      for (const authorization of [{}, { Authorization: "Bearer abc" }]) {
        const headers = { Host: "gate.example.com", Origin: origin, ...authorization }
        const posted = await ask(`${open.url}/api/auth/login`, { method: "POST", headers })
        const read = await ask(`${open.url}/api/auth/other`, { headers })
        expect([posted.status, read.status], origin).toEqual([403, 200])
        for (const answer of [posted, read]) {
          expect(Object.keys(answer.headers).filter(name => name.startsWith("access-control-"))).toEqual([])
          expect(answer.headers.vary, origin).toBe("Origin")
        }
      }
    expect(await post({ Origin: friend, Authorization: "Bearer abc" }, "/api/auth/login")).toBe(403)
  } finally {
    await open.close()
  }
})

test("[S16] the front answers what a browser asks beforehand, for the API and allowed origins only", async () => {
  const open = await allowing(friend)
  const preflight = (path: string, origin: string) =>
    ask(open.url + path, {
      method: "OPTIONS",
      headers: {
        Host: "gate.example.com",
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
      },
    })
  try {
    for (const path of ["/api/auth/login", "/api/auth/profile", "/API/auth/login"]) {
      const { status, headers, text } = await preflight(path, friend)
      expect([status, text], path).toEqual([204, ""])
      expect(headers).toMatchObject({
        "access-control-allow-origin": friend,
        "access-control-allow-methods": "GET,HEAD,POST,PUT,PATCH,DELETE",
        "access-control-allow-headers": "Authorization,Content-Type,Idempotency-Key",
        "access-control-max-age": "600",
        vary: "Origin",
      })
      expect(headers["access-control-allow-credentials"]).toBeUndefined()
      const foreign = await preflight(path, "https://evil.example")
      expect(Object.keys(foreign.headers).filter(name => name.startsWith("access-control-"))).toEqual([])
    }
    const page = await preflight("/login", friend)
    expect(Object.keys(page.headers).filter(name => /^access-control-|^vary$/.test(name))).toEqual([])
  } finally {
    await open.close()
  }
})

test("[S16] the session check in front of everything is open to allowed origins, too", async () => {
  const open = await startApp({
    settings: settingsWith({ ...production, API_ALLOWED_ORIGINS: friend }),
    fastPaths: new Map([["/api/auth/profile", () => ({ status: 200, json: "{}" })]]),
  })
  const profile = (headers: Record<string, string>) =>
    ask(`${open.url}/api/auth/profile`, { headers: { Host: "gate.example.com", ...headers } })
  try {
    expect((await profile({ Origin: friend })).headers["access-control-allow-origin"]).toBe(friend)
    const foreign = await profile({ Origin: "https://evil.example" })
    expect(foreign.headers["access-control-allow-origin"]).toBeUndefined()
    expect(foreign.headers.vary).toBe("Origin")
    const { headers } = await ask(`${open.url}/healthz`, { headers: { Origin: friend } })
    expect(headers["access-control-allow-origin"]).toBeUndefined()
  } finally {
    await open.close()
  }
})

test("[B4] the webhook passes by its exact address only", async () => {
  expect(await post({}, "/api/webhooks/stripe")).toBe(200)
  for (const path of ["/API/webhooks/stripe", "/api/%77ebhooks/stripe", "/api/webhooks"]) {
    expect(await post({}, path), path).toBe(403)
  }
  for (const path of [
    "/x/../api/webhooks/stripe",
    "/api/webhooks/../../logout",
    "/api/webhooks/%2e%2e/%2e%2e/logout",
    "/api/webhooks/..%2f..%2flogout",
  ]) {
    expect(await post({}, path), path).toBe(400)
  }
})

test("[S16] data requests and resource routes are checked like documents", async () => {
  expect(await post({ Origin: "https://evil.example" }, "/logout.data")).toBe(403)
  expect(await post({ Origin: "https://evil.example" }, "/api/auth/login")).toBe(403)
})

test("[S16] JSON endpoints take application/json only, by whatever spelling of the path they are reached", async () => {
  const send = async (type: string | undefined, path = "/api/auth/login") =>
    (
      await ask(app.url + path, {
        method: "POST",
        headers: { Host: "gate.example.com", Origin: own, ...(type && { "Content-Type": type }) },
        body: "{}",
      })
    ).status
  expect(await send("application/json")).toBe(200)
  expect(await send("application/json; charset=utf-8")).toBe(200)
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", undefined]) {
    expect(await send(type), type).toBe(415)
  }
  for (const path of ["/API/auth/login", "/%61pi/auth/login", "/api/auth/login.data"]) {
    expect(await send("text/plain", path), path).toBe(415)
  }
  expect(await send("application/x-www-form-urlencoded", "/login")).toBe(200)
})
