import { expect, test } from "vitest"
import { action } from "~/routes/theme"

async function post(fields: Record<string, string>): Promise<{ status: number; headers: Headers }> {
  const request = new Request("http://localhost:3000/theme", {
    method: "POST",
    body: new URLSearchParams(fields),
  })
  const context = { cspNonce: "n", requestId: "r", clientAddress: "127.0.0.1", cookies: [] }
  const answer = await action({ request, context, params: {} })
  return "init" in answer
    ? { status: answer.init?.status ?? 200, headers: new Headers(answer.init?.headers) }
    : answer
}

test("[L18] without JavaScript the person is led back to where they were", async () => {
  const answer = await post({ theme: "dark", returnTo: "/pricing?plan=starter" })
  expect(answer.status).toBe(302)
  expect(answer.headers.get("Location")).toBe("/pricing?plan=starter")
  expect(answer.headers.get("Set-Cookie")).toContain("theme=dark")
})

test("[L15] the way back never leads outside", async () => {
  for (const returnTo of ["//evil.example", "/\\evil.example", "https://evil.example", "/.//evil.example"]) {
    expect((await post({ theme: "dark", returnTo })).headers.get("Location"), returnTo).toBe("/")
  }
})

test("[H2] with JavaScript the page stays, and anything unknown is the device's theme", async () => {
  const answer = await post({ theme: "neon" })
  expect(answer.status).toBe(200)
  expect(answer.headers.get("Set-Cookie")).toContain("theme=system; Path=/; Max-Age=0")
})
