import { expect, test } from "vitest"
import { deviceLabel } from "~/domain/accounts/device.server"
import { findSessionById } from "~/domain/accounts/sessions.server"
import { organizationFor, readAccessToken } from "~/domain/sign-in/access-tokens.server"
import { db } from "~/platform/db.server"
import { buildMembership } from "../support/cast"
import { hours, minutes, seconds } from "../support/clock"
import { Program, signInProgram } from "../support/program"
import { enter } from "../support/tenancy"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()
const profile = "/api/auth/profile"
const logout = "/api/auth/logout"
const everywhere = "/api/auth/logout-everywhere"
const switching = "/api/auth/switch-org"

const program = (w: World, user = w.cast.alice) => signInProgram(new Program(w.url), user)
const codeOf = (called: { status: number; json: { error?: { code: string } } }) => [
  called.status,
  called.json?.error?.code,
]
const cleared = ["gatehouse-refresh=; Max-Age=0; Path=/api/auth", "gatehouse=; Max-Age=0; Path=/"]

function expectCleared(headers: Headers) {
  const lines = headers.getSetCookie()
  expect(lines).toHaveLength(2)
  for (const [i, start] of cleared.entries()) expect(lines[i]?.startsWith(start), lines[i]).toBe(true)
}

const events = async (kind: string) => db().securityEvent.findMany({ where: { kind } })

/** The claims of a token, unproven. */
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())

test("[A2] signing out by token ends its session: token and refresh token are dead, others go on", async () => {
  const w = await world()
  const [p, other] = [await program(w), await program(w)]
  const answer = await p.call("POST", logout)
  expect([answer.status, answer.text]).toEqual([204, ""])
  expectCleared(answer.headers)
  expect(codeOf(await p.call("GET", profile))).toEqual([401, "invalid_token"])
  expect(codeOf(await p.withCookie("/api/auth/refresh"))).toEqual([401, "invalid_token"])
  expect((await other.call("GET", profile)).status).toBe(200)
  expect((await events("sign_out")).map(event => event.userId)).toEqual([w.cast.alice.id])
})

test("[A2] once the access token has run out, the refresh cookie alone signs out, beside it or without it", async () => {
  const w = await world()
  const [one, two] = [await program(w), await program(w)]
  w.clock.advance(hours(2))
  expect((await one.withCookie(logout, { Authorization: `Bearer ${one.accessToken}` })).status).toBe(204)
  expect((await two.withCookie(logout)).status).toBe(204)
  expect([one.refreshToken, two.refreshToken]).toEqual([undefined, undefined])
  const rows = await db().session.findMany()
  expect(rows.map(row => row.endedBecause)).toEqual(["signed_out", "signed_out"])
  expect(await events("sign_out")).toHaveLength(2)
})

test("[A2] a page signs out by its cookie, and nobody is left signed in by a cookie that was taken away", async () => {
  const w = await world()
  const page = await enter(w.browser(), w.cast.alice)
  const elsewhere = await enter(w.browser(), w.cast.alice)
  const answer = await page.json(logout, {})
  expect(answer.status).toBe(204)
  expectCleared(answer.headers)
  expect(page.cookies.size).toBe(0)
  expect((await elsewhere.get(profile)).status).toBe(200)

  const p = await program(w)
  const cookie = `gatehouse=${elsewhere.cookies.get("gatehouse")}; gatehouse-refresh=${p.refreshToken}`
  expect((await p.withCookie(logout, { Cookie: cookie })).status).toBe(204)
  expect(await db().session.count({ where: { endedAt: null } })).toBe(0)
  expect(await events("sign_out")).toHaveLength(3)
})

test("[A2] signing out twice, or without a session, is done already; another site's page signs nobody out", async () => {
  const w = await world()
  const p = await program(w)
  await p.call("POST", logout)
  expect((await p.call("POST", logout)).status).toBe(204)
  expect((await w.browser().json(logout, {})).status).toBe(204)
  expect(await events("sign_out")).toHaveLength(1)
  const page = await enter(w.browser(), w.cast.bob)
  expect((await page.post(logout, {}, { Origin: "https://evil.example" })).status).toBe(403)
  expect((await page.get(profile)).status).toBe(200)
  expect((await page.get(logout)).status).toBe(405)
})

test("[A2] logout everywhere on one device: every token, page and refresh token of the person is dead at the next request", async () => {
  const w = await world()
  const [here, there] = [await program(w), await program(w)]
  const page = await enter(w.browser(), w.cast.alice)
  const bob = await program(w, w.cast.bob)
  // Each was used before: what is remembered of a token must not outlive its session.
  for (const p of [here, there]) expect((await p.call("GET", profile)).status).toBe(200)
  const answer = await here.call("POST", everywhere)
  expect([answer.status, answer.json]).toEqual([200, { ended: 3 }])
  expectCleared(answer.headers)
  for (const p of [here, there]) {
    expect(codeOf(await p.call("GET", profile))).toEqual([401, "invalid_token"])
    expect((await p.withCookie("/api/auth/refresh")).status).toBe(401)
  }
  expect((await page.get(profile)).status).toBe(401)
  expect((await bob.call("GET", profile)).status).toBe(200)
  expect((await events("sessions_ended")).map(event => event.detail)).toEqual(["3"])
  expect(codeOf(await here.call("POST", everywhere))).toEqual([401, "invalid_token"])
  expect(codeOf(await here.withCookie(everywhere))).toEqual([401, "signed_out"])
})

test("[A2] logout everywhere by a page's cookie ends its programs, too", async () => {
  const w = await world()
  const p = await program(w)
  const page = await enter(w.browser(), w.cast.alice)
  expect((await page.json(everywhere, {})).status).toBe(200)
  expect(page.cookies.size).toBe(0)
  expect((await p.call("GET", profile)).status).toBe(401)
})

test("[A2] logout everywhere by token leaves another person's cookies in the same browser as they are", async () => {
  const w = await world()
  const [bob, alices] = [await program(w, w.cast.bob), await program(w)]
  const page = await enter(w.browser(), w.cast.alice)
  const both = `gatehouse=${page.cookies.get("gatehouse")}; gatehouse-refresh=${alices.refreshToken}`
  const headers = { Authorization: `Bearer ${bob.accessToken}`, Cookie: both, Origin: w.url }
  const answer = await bob.send("POST", everywhere, undefined, headers)
  expect([answer.status, answer.json, answer.headers.getSetCookie()]).toEqual([200, { ended: 1 }, []])
  expect((await page.get(profile)).status).toBe(200)
  expect((await alices.withCookie("/api/auth/refresh")).status).toBe(200)

  const again = await program(w, w.cast.bob)
  expectCleared(
    (await again.withCookie(everywhere, { Authorization: `Bearer ${again.accessToken}` })).headers,
  )
})

test("[O1] switching: the new token speaks of the other organisation, the next ones too, and nothing changes for others", async () => {
  const w = await world()
  const { alice, acme, birch } = w.cast
  await buildMembership(db(), { user: alice, organization: birch, role: "member" })
  const [p, other, bob] = [await program(w), await program(w), await program(w, w.cast.bob)]
  const answer = await p.call("POST", switching, { organization: "birch" })
  expect(answer.status).toBe(200)
  expect(answer.json.organization).toEqual({ id: birch.id, slug: "birch", name: "Birch", role: "member" })
  expect(claimsOf(answer.json.accessToken)).toMatchObject({ sub: alice.id, org: birch.id, sid: p.sessionId })
  expect(answer.headers.getSetCookie()).toEqual([])
  expect((await readAccessToken(answer.json.accessToken))?.organizationId).toBe(birch.id)
  w.clock.advance(seconds(1))
  await other.call("POST", switching, { organization: "acme" })
  await p.withCookie("/api/auth/refresh")
  expect(claimsOf(p.accessToken).org).toBe(birch.id)
  await other.withCookie("/api/auth/refresh")
  expect(claimsOf(other.accessToken).org).toBe(acme.id)
  await bob.withCookie("/api/auth/refresh")
  expect(claimsOf(bob.accessToken).org).toBe(acme.id)
})

test("[O1] the organisation switched to is the one the person used last", async () => {
  const w = await world()
  const { alice, birch } = w.cast
  await buildMembership(db(), { user: alice, organization: birch, role: "member" })
  const p = await program(w)
  w.clock.advance(seconds(1))
  await p.call("POST", switching, { organization: "birch" })
  const fresh = await program(w)
  await fresh.withCookie("/api/auth/refresh")
  expect(claimsOf(fresh.accessToken).org).toBe(birch.id)
})

test("[O1] a page switches by its cookie and gets a token for its own session", async () => {
  const w = await world()
  const page = await enter(w.browser(), w.cast.bob)
  const answer = await page.json(switching, { organization: "acme" })
  expect(answer.status).toBe(200)
  expect(answer.setCookies).toEqual([])
  const { accessToken } = JSON.parse(answer.body)
  const caller = new Program(w.url)
  expect((await caller.call("GET", profile, undefined, accessToken)).json.user.email).toBe("bob@acme.test")
  await page.json(logout, {})
  expect((await caller.call("GET", profile, undefined, accessToken)).status).toBe(401)
})

test("[O9] a stranger cannot switch to an organisation, nor tell one that is there from one that is not", async () => {
  const w = await world()
  const p = await program(w, w.cast.charlie)
  const answers = await Promise.all(
    ["acme", "nowhere", "ACME'--", ""].map(organization => p.call("POST", switching, { organization })),
  )
  for (const answer of answers) {
    expect(codeOf(answer)).toEqual([404, "not_found"])
    expect(answer.json.error.message).toBe(answers[0]?.json.error.message)
  }
  expect((await db().session.findUniqueOrThrow({ where: { id: p.sessionId } })).organizationId).toBeNull()
  for (const body of [{}, { organization: 1 }, { organization: { contains: "" } }, [], null, undefined])
    expect(codeOf(await p.call("POST", switching, body))).toEqual([400, "invalid_input"])
})

test("[O8] nobody switches to an archived organisation, its owner neither, and no token speaks of it any more", async () => {
  const w = await world()
  const [p, bob] = [await program(w), await program(w, w.cast.bob)]
  await p.call("POST", switching, { organization: "acme" })
  await db().organization.update({ where: { id: w.cast.acme.id }, data: { archivedAt: new Date() } })
  for (const caller of [p, bob])
    expect(codeOf(await caller.call("POST", switching, { organization: "acme" }))).toEqual([403, "archived"])
  const refreshed = await p.withCookie("/api/auth/refresh")
  expect([refreshed.json.organization, claimsOf(p.accessToken).org]).toEqual([null, null])
})

test("[A1] a token got by showing a token ends when that one does; by refresh or by a page's cookie it is a full hour", async () => {
  const w = await world()
  const [p, thief] = [await program(w), new Program(w.url)]
  thief.accessToken = p.accessToken
  const { exp } = claimsOf(p.accessToken)
  for (const left of [30, 5]) {
    w.clock.advance(minutes(left === 30 ? 30 : 25))
    const next = await thief.call("POST", switching, { organization: "acme" })
    expect([next.status, claimsOf(next.json.accessToken).exp]).toEqual([200, exp])
    expect(Math.abs(next.json.expiresIn - left * 60)).toBeLessThan(30)
    thief.accessToken = next.json.accessToken
  }
  w.clock.advance(minutes(5) + seconds(1))
  expect(codeOf(await thief.call("GET", profile))).toEqual([401, "invalid_token"])
  expect(codeOf(await thief.call("POST", switching, { organization: "acme" }))).toEqual([
    401,
    "invalid_token",
  ])
  const refreshed = await p.withCookie("/api/auth/refresh", { Authorization: `Bearer ${p.accessToken}` })
  const page = await enter(w.browser(), w.cast.alice)
  const byPage = JSON.parse((await page.json(switching, { organization: "acme" })).body)
  for (const { expiresIn, accessToken } of [refreshed.json, byPage]) {
    const { iat, exp } = claimsOf(accessToken)
    expect([expiresIn, exp - iat]).toEqual([3600, 3600])
  }
})

test("[S1] a cookie whose name stands twice is none: a sibling host may have set one of them", async () => {
  const w = await world()
  const [p, thief] = [await program(w), await program(w, w.cast.charlie)]
  const [page, other] = [await enter(w.browser(), w.cast.alice), await enter(w.browser(), w.cast.charlie)]
  const status = async (method: string, path: string, Cookie: string) =>
    (await p.send(method, path, undefined, { Cookie, Origin: w.url })).status
  const [own, tossed] = [p, thief].map(({ refreshToken }) => `gatehouse-refresh=${refreshToken}`)
  const [ownPage, tossedPage] = [page, other].map(({ cookies }) => `gatehouse=${cookies.get("gatehouse")}`)
  for (const [one, two] of [
    [own, tossed],
    [tossed, own],
    [own, own],
    [own, "gatehouse-refresh="],
    ["gatehouse-refresh =x", own],
  ])
    expect(await status("POST", "/api/auth/refresh", `${one}; ${two}`), `${one}; ${two}`).toBe(401)
  expect(await db().refreshToken.count({ where: { usedAt: { not: null } } })).toBe(0)
  for (const path of [profile, `${profile}/`]) {
    expect(await status("GET", path, `${tossedPage}; ${ownPage}`)).toBe(401)
    expect(await status("GET", path, `${ownPage};${tossedPage}`)).toBe(401)
    // Other names that hold this one are none of it, and neither is a value.
    expect(await status("GET", path, `xgatehouse=1; ${own}; ${ownPage}; x=gatehouse=1; gatehouse`)).toBe(200)
  }
  expect(await status("POST", "/api/auth/refresh", `${ownPage}; ${own}; ${tossedPage}`)).toBe(200)
})

test("[O12] nobody switches to an organisation that asks for another way in than theirs, or for a second factor", async () => {
  const w = await world()
  const where = { id: w.cast.acme.id }
  const p = await program(w)
  await db().organization.update({ where, data: { signInMethods: "passkey" } })
  expect(codeOf(await p.call("POST", switching, { organization: "acme" }))).toEqual([403, "sign_in_method"])
  await db().organization.update({ where, data: { signInMethods: "", requireMfa: true } })
  expect(codeOf(await p.call("POST", switching, { organization: "acme" }))).toEqual([403, "second_factor"])
  const signedIn = findSessionById(p.sessionId)
  if (!signedIn) throw new Error("The session lives.")
  expect(await organizationFor(signedIn, w.cast.acme.id)).toBeUndefined()
})

test("[A4] whoever was removed from the organisation chosen gets the next token for one they are in", async () => {
  const w = await world()
  const { alice, acme, birch } = w.cast
  await buildMembership(db(), { user: alice, organization: birch, role: "member" })
  const p = await program(w)
  await p.call("POST", switching, { organization: "birch" })
  await db().membership.deleteMany({ where: { userId: alice.id, organizationId: birch.id } })
  await p.withCookie("/api/auth/refresh")
  expect(claimsOf(p.accessToken).org).toBe(acme.id)
  expect(codeOf(await p.call("POST", switching, { organization: "birch" }))).toEqual([404, "not_found"])
})

test("[S3] a program stands among the devices under the name it gives itself, and can be signed out there", async () => {
  const w = await world()
  const p = await program(w)
  const odd = await signInProgram(new Program(w.url, "curl/8.5.0"), w.cast.alice)
  const page = await enter(w.browser(), w.cast.alice)
  const { body } = await page.get("/account/devices")
  for (const name of ["Sign out Ledger", "Sign out curl", "Sign out Firefox on Linux"])
    expect(body).toContain(`aria-label="${name}"`)
  expect(body.match(/By the API/g)).toHaveLength(2)
  expect(body).not.toContain("Unknown browser")
  await page.post("/account/devices", { intent: "end", session: odd.sessionId })
  expect((await odd.call("GET", profile)).status).toBe(401)
  expect((await p.call("GET", profile)).status).toBe(200)
  await page.post("/account/devices", { intent: "end-others" })
  expect((await p.withCookie("/api/auth/refresh")).status).toBe(401)
  expect((await page.get(profile)).status).toBe(200)
})

test("[S3] whatever a program calls itself, its name is short and plain", () => {
  const labels: [string, string][] = [
    ["node", "node"],
    ["python-requests/2.31.0", "python-requests"],
    ["Ledger/5 CFNetwork/1490.0.4 Darwin/23.2.0", "Ledger"],
    ["<script>alert(1)</script>", "Unknown browser on unknown system"],
    ["x".repeat(400), "Unknown browser on unknown system"],
    ["", "Unknown browser on unknown system"],
  ]
  for (const [userAgent, label] of labels) expect(deviceLabel(userAgent), userAgent).toBe(label)
})
