import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { type Hostile, type Mischief, startHostile } from "../stand-ins/openid/hostile"
import type { Browser } from "../support/browser"
import { minutes } from "../support/clock"
import { setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()
let hostile: Hostile
beforeAll(async () => {
  hostile = await startHostile("gatehouse")
})
afterAll(() => hostile.stop())

/** Its word counts here: whatever it gets past the checks opens Alice's account. */
const honest = { email: "alice@acme.test", email_verified: true }

let installations = 0
async function installed(mischief: Mischief): Promise<World> {
  const w = await world()
  hostile.does(mischief)
  installations += 1
  // Another secret each time, so that what was said to an earlier test is asked for anew.
  const OIDC_CLIENT_SECRET = `secret ${installations}`
  w.settings({ OIDC_ISSUER: hostile.issuer, OIDC_CLIENT_ID: "gatehouse", OIDC_CLIENT_SECRET })
  return w
}

async function sent(browser: Browser): Promise<string> {
  return (await browser.get("/api/auth/oidc")).location ?? ""
}

/** From the button to the end; what the app says of it. */
async function comes(w: World, browser = w.browser(), more: Record<string, string | undefined> = {}) {
  const away = await sent(browser)
  if (!away.startsWith(hostile.issuer)) return { browser, location: away }
  const { location } = await browser.get(browser.inside(hostile.answerTo(away, more)))
  return { browser, location: location ?? "" }
}

const nobodyCameIn = async () => {
  expect(await db().session.count()).toBe(0)
  expect(await db().identity.count()).toBe(0)
  expect(await db().waitingIdentity.count()).toBe(0)
}

test("[S13] what this file's provider does right lets somebody in", async () => {
  const w = await installed({ claims: honest })
  const { browser } = await comes(w)
  expect(await whoIs(browser)).toBe("alice@acme.test")
})

test("[S13] the address may come from the userinfo endpoint, of the same subject only", async () => {
  const w = await installed({ userinfo: { sub: "h-1", ...honest } })
  const { browser } = await comes(w)
  expect(await whoIs(browser)).toBe("alice@acme.test")
  await db().identity.deleteMany()
  await db().session.deleteMany()
  hostile.does({ userinfo: { sub: "h-2", ...honest } })
  expect((await comes(w)).location).toContain("why=refused")
  await nobodyCameIn()
})

describe("[S13] a token opens nothing that", () => {
  const past = Math.floor(Date.now() / 1000) - 3600
  test.each<[string, Mischief]>([
    ["names another issuer", { claims: { ...honest, iss: "https://accounts.google.com" } }],
    ["was made for another client", { claims: { ...honest, aud: "somebody-else" } }],
    [
      "was made for several, and not by our order",
      { claims: { ...honest, aud: ["gatehouse", "b"], azp: "b" } },
    ],
    ["answers another request", { claims: { ...honest, nonce: "another" } }],
    ["answers none", { claims: { ...honest, nonce: undefined } }],
    ["has run out", { claims: { ...honest, iat: past, exp: past + 60 } }],
    ["has no subject", { claims: { ...honest, sub: undefined } }],
    ["is signed with another key", { claims: honest, signature: "another key" }],
    ["is not signed", { claims: honest, signature: "none" }],
  ])("%s", async (_, mischief) => {
    const w = await installed(mischief)
    const { location } = await comes(w)
    expect(location).toContain("/login/trouble?why=refused")
    await nobodyCameIn()
  })
})

describe("[S13] an answer counts", () => {
  test("once", async () => {
    const w = await installed({ claims: honest })
    const browser = w.browser()
    const back = browser.inside(hostile.answerTo(await sent(browser)))
    const both = await Promise.all([browser.get(back), browser.get(back)])
    const where = both.map(({ location }) => location?.replace(/&.*/, "")).sort()
    expect(where).toEqual(["/login/trouble?why=over", "/start"])
    expect((await browser.get(back)).location).toContain("why=over")
    expect(await db().session.count()).toBe(1)
  })

  test("only in the browser that was sent", async () => {
    const w = await installed({ claims: honest })
    const own = w.browser()
    const back = hostile.answerTo(await sent(own))
    const lured = w.browser()
    expect((await lured.get(lured.inside(back))).location).toContain("why=over")
    await sent(lured)
    expect((await lured.get(lured.inside(back))).location).toContain("why=over")
    await nobodyCameIn()
    // Nor is it used up by them.
    expect((await own.get(own.inside(back))).location).toBe("/start")
  })

  test("for ten minutes", async () => {
    const w = await installed({ claims: honest })
    const browser = w.browser()
    const back = browser.inside(hostile.answerTo(await sent(browser)))
    w.clock.advance(minutes(10) + 1)
    expect((await browser.get(back)).location).toContain("why=over")
    await nobodyCameIn()
  })

  test("only at the address of the provider that was asked, and from that provider", async () => {
    const w = await installed({ claims: honest })
    const google = {
      GOOGLE_CLIENT_ID: "gatehouse",
      GOOGLE_CLIENT_SECRET: "x",
      GOOGLE_ISSUER_URL: hostile.issuer,
    }
    w.settings({
      OIDC_ISSUER: hostile.issuer,
      OIDC_CLIENT_ID: "gatehouse",
      OIDC_CLIENT_SECRET: "mix-up",
      ...google,
    })
    const browser = w.browser()
    const back = browser.inside(hostile.answerTo(await sent(browser)))
    expect((await browser.get(back.replace("/oidc/", "/google/"))).location).toContain("why=over")
    for (const iss of ["https://accounts.google.com", undefined])
      expect((await comes(w, w.browser(), { iss })).location).toContain("why=refused")
    await nobodyCameIn()
  })

  test("with one state and one code", async () => {
    const w = await installed({ claims: honest })
    expect((await w.browser().get("/api/auth/oidc/callback")).location).toContain("why=over")
    const browser = w.browser()
    const back = browser.inside(hostile.answerTo(await sent(browser)))
    expect((await browser.get(`${back}&code=another`)).location).toContain("why=refused")
    await nobodyCameIn()
  })

  test("in two tabs of one browser", async () => {
    const w = await installed({ claims: honest })
    const browser = w.browser()
    const [first, second] = [await sent(browser), await sent(browser)]
    expect((await browser.get(browser.inside(hostile.answerTo(first)))).location).toBe("/start")
    expect((await browser.get(browser.inside(hostile.answerTo(second)))).location).toBe("/start")
    expect(await whoIs(browser)).toBe("alice@acme.test")
  })
})

describe("[S13] what a provider says of an error", () => {
  const hostileText = `<script>alert(1)</script>\n\nCall +1 555 0100 to save your account ${"now ".repeat(200)}`

  test("reaches no page, and the log as one short line", async () => {
    const w = await installed({})
    const { browser, location } = await comes(w, w.browser(), {
      error: "server_error",
      error_description: hostileText,
    })
    expect(location).toBe("/login/trouble?why=refused&provider=oidc")
    const page = await browser.get(location)
    expect(page.status).toBe(403)
    expect(page.body).not.toMatch(/555 0100|alert\(1\)/)
    const [line] = w.log.records.filter(({ msg }) => msg === "provider refused")
    expect(String(line?.said)).toMatch(/^<script>alert\(1\)<\/script> Call/)
    expect(String(line?.said)).not.toContain("\n")
    expect(String(line?.said).length).toBeLessThanOrEqual(200)
  })

  test("an address somebody made up shows none of it either", async () => {
    const w = await installed({})
    const browser = w.browser()
    const made = `/api/auth/oidc/callback?error=x&error_description=${encodeURIComponent(hostileText)}`
    expect((await browser.get(made)).location).toBe("/login/trouble?why=over&provider=oidc")
    const asked = await browser.get(`/login/trouble?why=${encodeURIComponent(hostileText)}&provider=x`)
    expect(asked.location).toBe("/login")
    const named = await browser.get(`/login/trouble?why=refused&provider=${encodeURIComponent(hostileText)}`)
    expect(named.body).not.toContain("555 0100")
  })

  test("going back there is no failure", async () => {
    const w = await installed({})
    const { location } = await comes(w, w.browser(), { code: undefined, error: "access_denied" })
    expect(location).toContain("why=declined")
    expect((await w.browser().get(location)).body).toContain("Nothing has happened")
  })
})

describe("[S13] a provider that", () => {
  const big = (res: import("node:http").ServerResponse) => {
    res.writeHead(200, { "Content-Type": "application/json" })
    res.end(JSON.stringify({ padding: "x".repeat(600_000) }))
  }
  test.each<[string, Mischief, string]>([
    ["calls itself by another name", { metadata: { issuer: "https://accounts.google.com" } }, "refused"],
    [
      "signs people in without https",
      { metadata: { authorization_endpoint: "javascript:alert(1)" } },
      "unreachable",
    ],
    ["sends without end", { token: big }, "unreachable"],
    [
      "sends nonsense",
      { token: res => res.writeHead(200, { "Content-Type": "application/json" }).end("{") },
      "refused",
    ],
    ["fails", { token: res => res.writeHead(502).end() }, "unreachable"],
    [
      "leads its guests elsewhere",
      { token: res => res.writeHead(307, { Location: "http://127.0.0.1:1/" }).end() },
      "unreachable",
    ],
    [
      "does not know our secret",
      {
        token: res =>
          res.writeHead(401, { "Content-Type": "application/json" }).end('{"error":"invalid_client"}'),
      },
      "set_up",
    ],
    [
      "does not know our secret, and asks for it",
      { token: res => res.writeHead(401, { "WWW-Authenticate": "Basic" }).end() },
      "set_up",
    ],
    [
      "says the code is used",
      {
        token: res =>
          res.writeHead(400, { "Content-Type": "application/json" }).end('{"error":"invalid_grant"}'),
      },
      "refused",
    ],
  ])("%s is refused in plain words", async (_, mischief, why) => {
    const w = await installed(mischief)
    const { browser, location } = await comes(w)
    expect(location).toContain(`why=${why}`)
    expect((await browser.get(location)).body).toContain("sign in another way")
    await nobodyCameIn()
  })

  test("does not answer holds nobody up for long, and is asked again the next time", async () => {
    const w = await installed({ at: { path: "/", answer: () => {} } })
    const began = performance.now()
    const [late] = await Promise.all([sent(w.browser()), sent(w.browser())])
    expect(late).toContain("why=unreachable")
    expect(performance.now() - began).toBeLessThan(12_000)
    hostile.does({ claims: honest })
    expect((await comes(w)).location).toBe("/start")
  }, 30_000)

  test("writes into names and addresses does not get further than a line", async () => {
    const name = `<b>Eve</b>\u202e\n${"x".repeat(300)}`
    const w = await installed({ claims: { sub: "h-9", email: "eve@new.test", email_verified: true, name } })
    await comes(w)
    const user = await db().user.findUniqueOrThrow({ where: { email: "eve@new.test" } })
    expect(user.name.length).toBeLessThanOrEqual(80)
    expect(user.name).toMatch(/^<b>Eve<\/b> x+$/)
    hostile.does({
      claims: { sub: "h-10", email: "not an address\nBcc: x@y.test", email_verified: true, name },
    })
    const asked = await comes(w)
    expect(asked.location).toBe("/login/mailbox")
    const page = await asked.browser.get(asked.location)
    expect(page.body).not.toContain("<b>Eve")
  })
})
