import { redirect } from "@remix-run/node"
import { expect, test } from "vitest"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { paths } from "~/lib/paths"
import { setUpWorld, signIn, type World } from "../support/world"
import { ask, type Question, type Reply } from "./ask"

const world = setUpWorld()

/** Checks the one shape, and answers the code. */
function codeOf({ headers, text }: Reply): string {
  expect(headers["content-type"]).toMatch(/^application\/json/)
  expect(headers["cache-control"]).toBe("no-store")
  const { error, ...rest } = JSON.parse(text)
  expect(rest).toEqual({})
  expect(error.code).toMatch(/^[a-z_]+$/)
  expect(error.message).toMatch(/^[A-Z].*\.$/s)
  expect(error.requestId).toMatch(/^[\w.-]{8,64}$/)
  expect(headers["x-request-id"]).toBe(error.requestId)
  return error.code
}

const post = (w: World, path: string, question: Question = {}) =>
  ask(w.url + path, {
    method: "POST",
    ...question,
    headers: { Origin: w.url, "Content-Type": "application/json", ...question.headers },
  })

test("[A1] whatever the front refuses under /api, it refuses in the one shape, with the request's id", async () => {
  const w = await world()
  const long = JSON.stringify({ email: "x".repeat(70_000) })
  const kinds: [string, number, string, Promise<Reply>][] = [
    ["a malformed address", 400, "malformed", ask(`${w.url}/api/%zz`)],
    ["a bare malformed address", 400, "malformed", ask(`${w.url}/api?x=1`, { headers: { Host: "a b" } })],
    ["a walk", 400, "malformed", ask(`${w.url}/api/../login`)],
    ["one loader alone", 400, "data_parameter", ask(`${w.url}/api/x?_data=root`)],
    ["another host", 421, "unknown_host", ask(`${w.url}/api/x`, { headers: { Host: "evil.example" } })],
    ["an unknown method", 405, "method_not_allowed", ask(`${w.url}/api/x`, { method: "PROPFIND" })],
    [
      "another origin",
      403,
      "forbidden_origin",
      post(w, "/api/x", { headers: { Origin: "https://evil.test" } }),
    ],
    [
      "no JSON",
      415,
      "json_expected",
      post(w, "/api/x", { headers: { "Content-Type": "text/plain" }, body: "{}" }),
    ],
    [
      "a coding",
      415,
      "json_expected",
      post(w, "/api/x", { headers: { "Content-Encoding": "gzip" }, body: "{}" }),
    ],
    ["too much", 413, "too_large", post(w, "/api/x", { body: long })],
    ["nowhere", 404, "not_found", ask(`${w.url}/api/x`)],
    ["nowhere, bare", 404, "not_found", ask(`${w.url}/api?x=1`)],
  ]
  for (const [name, status, code, answer] of kinds) {
    const reply = await answer
    expect([reply.status, codeOf(reply)], name).toEqual([status, code])
  }
})

test("[A1] a page is refused in words, not in JSON", async () => {
  const w = await world()
  const { headers, text } = await ask(`${w.url}/login`, { method: "POST" })
  expect(headers["content-type"]).toMatch(/^text\/html/)
  expect(text).toContain("did not come from one of our pages")
})

test("[A1] however an address of the API is spelled, guests and strangers are refused in JSON", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, w.cast.charlie.email)
  const Cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  const spellings = ["/api/onboarding/progress", "/API/onboarding/progress", "/%61pi/onboarding/progress/"]
  for (const path of spellings) {
    const guest = await ask(`${w.url}${path}?org=acme`)
    expect([guest.status, codeOf(guest)], path).toEqual([401, "signed_out"])
    const stranger = await ask(`${w.url}${path}?org=acme`, { headers: { Cookie } })
    expect([stranger.status, codeOf(stranger)], path).toEqual([404, "not_found"])
  }
  const plain = await ask(`${w.url}/API/auth/profile`)
  expect([plain.status, codeOf(plain)]).toEqual([401, "signed_out"])
})

test("[A1] the session check in front of everything answers in the same shape", async () => {
  const w = await world()
  const guest = await ask(`${w.url}/api/auth/profile`)
  expect([guest.status, codeOf(guest), guest.headers["www-authenticate"]]).toEqual([
    401,
    "signed_out",
    "Bearer",
  ])
  const wrong = await ask(`${w.url}/api/auth/profile`, { headers: { Authorization: "Bearer nonsense" } })
  expect([wrong.status, codeOf(wrong)]).toEqual([401, "invalid_token"])
  expect(wrong.headers["www-authenticate"]).toBe('Bearer error="invalid_token"')
  expect(wrong.headers["x-request-id"]).not.toBe(guest.headers["x-request-id"])
})

test("[A1] an endpoint has no data for pages, alone or with others", async () => {
  const w = await world()
  const paths = [
    "/api/auth/profile.data",
    "/api/auth/profile.data?_routes=routes/api/profile",
    "/api/nope.data",
  ]
  for (const path of paths) {
    const read = await ask(w.url + path)
    expect([read.status, codeOf(read)], path).toEqual([404, "not_found"])
    const written = await post(w, path, { body: "{}" })
    expect([written.status, codeOf(written)], path).toEqual([404, "not_found"])
  }
  const within = await ask(`${w.url}/api/auth/profile?_routes=root`)
  expect([within.status, codeOf(within)]).toEqual([401, "signed_out"])
  expect((await ask(`${w.url}/api/docs.data`)).status).toBe(200)
})

test("[A1] a method that is not there is answered with those that are, on every kind of address", async () => {
  const w = await world()
  const kinds: [string, string, string][] = [
    ["DELETE", "/api/auth/profile", "GET, HEAD, PATCH"],
    ["GET", "/api/billing/portal", "POST"],
    ["PUT", "/api/onboarding/progress", "GET, HEAD, PATCH"],
    ["POST", "/api/openapi.json", "GET, HEAD"],
    ["POST", "/api/docs", "GET, HEAD"],
    ["GET", "/api/webhooks/stripe", "POST"],
    ["PUT", "/api/webhooks/stripe", "POST"],
  ]
  for (const [method, path, allow] of kinds) {
    const reply = await ask(w.url + path, { method, headers: { Origin: w.url } })
    expect([reply.status, codeOf(reply), reply.headers.allow], `${method} ${path}`).toEqual([
      405,
      "method_not_allowed",
      allow,
    ])
  }
})

test("[A1] HEAD is answered as GET is, without the body; OPTIONS does nothing", async () => {
  const w = await world()
  for (const path of ["/api/auth/profile", "/api/onboarding/progress", "/api/nope", "/api/openapi.json"]) {
    const [head, got] = [await ask(w.url + path, { method: "HEAD" }), await ask(w.url + path)]
    expect([head.status, head.text], path).toEqual([got.status, ""])
    const options = await ask(w.url + path, { method: "OPTIONS" })
    expect([options.status, options.text], path).toEqual([204, ""])
  }
})

test("[A1] a bug says nothing but that there was one, and its id finds it in the log", async () => {
  const w = await world()
  w.expectErrors()
  await w.database.close()
  const reply = await ask(`${w.url}/api/auth/profile`, { headers: { Cookie: `gatehouse=${"a".repeat(43)}` } })
  const slow = await ask(`${w.url}/api/onboarding/progress`, {
    headers: { Cookie: `gatehouse=${"a".repeat(43)}` },
  })
  for (const failed of [reply, slow]) {
    expect([failed.status, codeOf(failed)]).toEqual([500, "failed"])
    expect(failed.text).not.toMatch(/database|\.ts|stack/i)
    const id = failed.headers["x-request-id"]
    const logged = w.log.records.find(record => record.requestId === id && record.level === "error")
    expect(logged?.err).toBeDefined()
  }
})

test("[A1] a guard's way to a page reaches no program; the way to another address of the API does", async () => {
  const leadingTo = async (location: string) => {
    const lead = endpoint({ summary: "Leads", area: "Session", who: "anyone" }, async () => {
      throw redirect(location)
    })
    const here = resource("/api/leading", { GET: lead })
    const context = { cspNonce: "", requestId: "", clientAddress: "", cookies: [] }
    return here.loader({ request: new Request("http://localhost/api/leading"), params: {}, context })
  }
  const toSignIn = await leadingTo(paths.signIn.start("/account"))
  expect([toSignIn.status, toSignIn.headers.get("Location")]).toEqual([401, null])
  expect((await toSignIn.json()).error.code).toBe("signed_out")
  expect((await leadingTo("/")).status).toBe(403)
  expect((await leadingTo("https://evil.example/x")).status).toBe(403)
  const onwards = await leadingTo("/api/organizations/acme")
  expect([onwards.status, onwards.headers.get("Location")]).toEqual([302, "/api/organizations/acme"])
})
