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
