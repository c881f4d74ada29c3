import { expect, test } from "vitest"
import { env } from "~/platform/env.server"
import { startApp } from "../support/app"
import { Program, signInProgram } from "../support/program"
import { setUpWorld } from "../support/world"

const world = setUpWorld()
const friend = "https://app.example.com"
const fromPage = { Origin: friend, "Sec-Fetch-Site": "cross-site" }

test("[S16] a page of an allowed origin signs in and acts by its token, and never by our cookies", async () => {
  const w = await world()
  const open = await startApp({ settings: { ...env(), apiAllowedOrigins: [friend] } })
  try {
    const page = await signInProgram(new Program(open.url), w.cast.alice)
    const bearer = { ...fromPage, Authorization: `Bearer ${page.accessToken}` }
    const asked = await page.send("POST", "/api/auth/login", { email: "alice@acme.test" }, fromPage)
    const read = await page.send("GET", "/api/auth/profile", undefined, bearer)
    const wish = { org: "acme", postponed: true }
    const written = await page.send("PATCH", "/api/onboarding/progress", wish, bearer)
    expect([asked.status, read.status, written.status]).toEqual([202, 200, 200])
    expect(read.json.user.email).toBe("alice@acme.test")
    for (const { headers } of [asked, read, written]) {
      expect(headers.get("Access-Control-Allow-Origin")).toBe(friend)
      expect(headers.get("Access-Control-Allow-Credentials")).toBeNull()
    }
    const Cookie = `gatehouse-refresh=${page.refreshToken}`
    const refreshed = await page.send("POST", "/api/auth/refresh", undefined, { ...fromPage, Cookie })
    expect([refreshed.status, refreshed.json.error.code]).toEqual([403, "forbidden_origin"])
    const closed = await new Program(w.url).send("PATCH", "/api/onboarding/progress", wish, bearer)
    expect([closed.status, closed.json.error.code]).toEqual([403, "forbidden_origin"])
  } finally {
    await open.close()
  }
})
