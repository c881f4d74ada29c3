import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { saveLastSeen } from "~/domain/accounts/last-seen.server"
import { purgeSessions } from "~/domain/accounts/sessions.server"
import { refreshGrace, refreshSession } from "~/domain/sign-in/refresh-tokens.server"
import { refreshCookie } from "~/http/refresh-cookie.server"
import { now } from "~/platform/clock.server"
import { hashToken } from "~/platform/crypto.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { days, hours, minutes, seconds } from "../support/clock"
import { Program, signInProgram } from "../support/program"
import { enter } from "../support/tenancy"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()
const refresh = "/api/auth/refresh"
const profile = "/api/auth/profile"
const requester = { userAgent: "Ledger/2.1", clientAddress: "192.0.2.8" }

const program = (w: World, user = w.cast.alice) => signInProgram(new Program(w.url), user)

/** The same program a second time: whoever has a copy of its tokens. */
function copyOf(original: Program): Program {
  return Object.assign(new Program(original.base, original.userAgent), {
    accessToken: original.accessToken,
    refreshToken: original.refreshToken,
  })
}

const codeOf = (called: { status: number; json: { error?: { code: string } } }) => [
  called.status,
  called.json.error?.code,
]

const endings = async () =>
  (await db().session.findMany({ where: { endedAt: { not: null } } })).map(row => row.endedBecause)

test("[A2] a refresh gives an access token that counts and the next refresh token, in a cookie only", async () => {
  const w = await world()
  const p = await program(w)
  const [before, old] = [p.refreshToken, p.accessToken]
  w.clock.advance(seconds(2))
  const answer = await p.withCookie(refresh)
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({
    status: "signed_in",
    accessToken: expect.any(String),
    tokenType: "Bearer",
    expiresIn: 3600,
    user: { id: w.cast.alice.id, email: "alice@acme.test", name: "Alice Archer", isOperator: false },
    organization: { id: w.cast.acme.id, slug: "acme", name: "Acme", role: "owner" },
  })
  expect(p.refreshToken).not.toBe(before)
  expect(Buffer.from(p.refreshToken ?? "", "base64url")).toHaveLength(64)
  expect(answer.text).not.toContain(p.refreshToken)
  expect(answer.headers.get("Cache-Control")).toBe("no-store")
  expect(answer.headers.getSetCookie()).toEqual([
    `gatehouse-refresh=${p.refreshToken}; Max-Age=2592000; Path=/api/auth; HttpOnly; SameSite=Strict`,
  ])
  expect(p.accessToken).not.toBe(old)
  for (const token of [old, p.accessToken])
    expect((await p.call("GET", profile, undefined, token)).json.user.email).toBe("alice@acme.test")
})

test("[A2] over https the cookie is for https alone, under a name that says so", async () => {
  const w = await world()
  w.settings({ APP_URL: "https://gate.example", APP_SECRET: "a secret for https, long enough to count" })
  expect(refreshCookie.serialize("x")).toBe(
    "__Secure-gatehouse-refresh=x; Max-Age=2592000; Path=/api/auth; HttpOnly; Secure; SameSite=Strict",
  )
})

test("[A2] without a refresh token, or with one that is none, there is nothing but 401", async () => {
  const w = await world()
  const p = await program(w)
  const page = await enter(w.browser(), w.cast.alice)
  const guest = new Program(w.url)
  for (const value of [
    undefined,
    "x",
    "x".repeat(5_000),
    p.accessToken,
    page.cookies.get("gatehouse"),
    "%00",
  ]) {
    guest.refreshToken = value
    const answer = await guest.withCookie(refresh)
    expect(codeOf(answer), value?.slice(0, 20)).toEqual([401, "invalid_token"])
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(answer.headers.get("WWW-Authenticate")).toBe('Bearer error="invalid_token"')
  }
  expect(codeOf(await p.call("POST", refresh))).toEqual([401, "invalid_token"])
  expect(await endings()).toEqual([])
})

test("[A2] what never was a refresh token begins no transaction: it is answered while somebody else writes", async () => {
  const w = await world()
  const p = await program(w)
  const nonsense = new Program(w.url)
  nonsense.refreshToken = "x".repeat(86)
  await transaction(async tx => {
    await tx.setting.create({ data: { key: "writing", value: "", updatedAt: new Date() } })
    // An answer that waited for the end of this transaction would never come.
    expect((await nonsense.withCookie(refresh)).status).toBe(401)
    expect((await nonsense.withCookie("/api/auth/logout")).status).toBe(204)
  })
  expect((await p.withCookie(refresh)).status).toBe(200)
})

test("[A2] a refresh works beside an access token that has run out, and beside none of one's own", async () => {
  const w = await world()
  const p = await program(w)
  w.clock.advance(hours(2))
  const old = { Authorization: `Bearer ${p.accessToken}` }
  expect(codeOf(await p.call("GET", profile))).toEqual([401, "invalid_token"])
  expect((await p.withCookie(refresh, old)).status).toBe(200)
  expect((await p.withCookie(refresh, { Authorization: "Bearer gatehouse_nothing" })).status).toBe(200)
  expect((await p.call("GET", profile)).status).toBe(200)
})

test("[S16] another site's page refreshes nothing, and a call that says nothing of where it comes from neither", async () => {
  const w = await world()
  const p = await program(w)
  const others: Record<string, string>[] = [
    { Origin: "https://evil.example" },
    { Origin: w.url, "Sec-Fetch-Site": "cross-site" },
    { Origin: "null" },
  ]
  for (const headers of others) expect((await p.withCookie(refresh, headers)).status).toBe(403)
  const cookie = { Cookie: `gatehouse-refresh=${p.refreshToken}` }
  expect((await p.send("POST", refresh, undefined, cookie)).status).toBe(403)
  expect((await p.send("POST", refresh, undefined, { ...cookie, Authorization: "Bearer x" })).status).toBe(
    403,
  )
  expect(await db().refreshToken.count({ where: { usedAt: { not: null } } })).toBe(0)
})

test("[A2] two refreshes at once go on with the same token, and nobody is signed out", async () => {
  const w = await world()
  const one = await program(w)
  const two = copyOf(one)
  const answers = await Promise.all([one.withCookie(refresh), two.withCookie(refresh)])
  expect(answers.map(answer => answer.status)).toEqual([200, 200])
  expect(one.refreshToken).toBe(two.refreshToken)
  w.clock.advance(refreshGrace * 3)
  expect((await one.withCookie(refresh)).status).toBe(200)
  for (const p of [one, two]) expect((await p.call("GET", profile)).status).toBe(200)
  expect(await endings()).toEqual([])
})

test("[A2] an answer that got lost is told again within ten seconds, the same one, however often", async () => {
  const w = await world()
  const p = await program(w)
  const lost = copyOf(p)
  await p.withCookie(refresh)
  for (let time = 0; time < 3; time++) {
    w.clock.advance(seconds(3))
    const again = copyOf(lost)
    expect((await again.withCookie(refresh)).status).toBe(200)
    expect(again.refreshToken).toBe(p.refreshToken)
  }
  expect(await db().refreshToken.count()).toBe(2)
})

test("[A2] fifty uses at once leave one successor and one live session, over two connections, too", async () => {
  const w = await world()
  const p = await program(w)
  const copies = Array.from({ length: 50 }, () => copyOf(p))
  const answers = await Promise.all(copies.map(copy => copy.withCookie(refresh)))
  expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([200]))
  expect(new Set(copies.map(copy => copy.refreshToken)).size).toBe(1)
  expect(await db().refreshToken.count()).toBe(2)

  const next = copies[0]?.refreshToken ?? ""
  const others = await Promise.all([connect(w.database.file), connect(w.database.file)])
  try {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const connection = others[i % 2]
        if (!connection) throw new Error("There are two.")
        return withDatabase(connection, () => refreshSession(next, requester))
      }),
    )
    const tokens = results.map(result => (result.ok ? result.value.token : result.error))
    expect(new Set(tokens).size).toBe(1)
  } finally {
    for (const connection of others) await connection.close()
  }
  expect(await db().refreshToken.count()).toBe(3)
  expect(await db().refreshToken.count({ where: { usedAt: null } })).toBe(1)
  expect(await endings()).toEqual([])
})

test("[A2] a used token after ten seconds ends the family: for the thief, for the owner, and it is written down", async () => {
  const w = await world()
  const owner = await program(w)
  const thief = copyOf(owner)
  await owner.withCookie(refresh)
  w.clock.advance(refreshGrace + 1)
  expect(codeOf(await thief.withCookie(refresh))).toEqual([401, "invalid_token"])
  expect(codeOf(await owner.withCookie(refresh))).toEqual([401, "invalid_token"])
  for (const p of [owner, thief]) expect(codeOf(await p.call("GET", profile))).toEqual([401, "invalid_token"])
  expect(await endings()).toEqual(["refresh_token_reused"])
  const events = await db().securityEvent.findMany({ where: { kind: "refresh_token_reused" } })
  expect(events.map(event => event.userId)).toEqual([w.cast.alice.id])
  const warned = w.log.records.filter(record => String(record.msg).includes("used twice"))
  expect(warned).toHaveLength(1)
  expect(warned[0]).toMatchObject({ level: "warn", user: w.cast.alice.id, session: owner.sessionId })
})

test("[A2] a token from further back ends the family as well, and other sessions of the person go on", async () => {
  const w = await world()
  const p = await program(w)
  const other = await program(w)
  const page = await enter(w.browser(), w.cast.alice)
  const first = copyOf(p)
  for (let time = 0; time < 3; time++) {
    w.clock.advance(hours(1))
    expect((await p.withCookie(refresh)).status).toBe(200)
  }
  expect((await first.withCookie(refresh)).status).toBe(401)
  expect((await p.withCookie(refresh)).status).toBe(401)
  expect((await other.withCookie(refresh)).status).toBe(200)
  expect((await page.get(profile)).status).toBe(200)
})

test("[A2] a clock that is put back does not make the ten seconds longer", async () => {
  const w = await world()
  const p = await program(w)
  const copy = copyOf(p)
  await p.withCookie(refresh)
  w.clock.advance(-hours(1))
  expect((await copy.withCookie(refresh)).status).toBe(401)
  expect(await endings()).toEqual(["refresh_token_reused"])
})

test("[A2] thirty days without a refresh, and the last token is worth nothing", async () => {
  const w = await world()
  const p = await program(w)
  w.clock.advance(days(29))
  expect((await p.withCookie(refresh)).status).toBe(200)
  await saveLastSeen()
  w.clock.advance(days(25))
  await db().session.update({ where: { id: p.sessionId }, data: { lastSeenAt: now() } })
  w.clock.advance(days(5) + seconds(1))
  expect(codeOf(await p.withCookie(refresh))).toEqual([401, "invalid_token"])
  expect(await endings()).toEqual([])
})

test("[A2] a copy is known as long as the session lives: its owner, back after a month, ends the family the thief went on with", async () => {
  const w = await world()
  const owner = await program(w)
  const thief = copyOf(owner)
  for (let week = 0; week < 5; week++) {
    expect((await thief.withCookie(refresh)).status).toBe(200)
    await saveLastSeen()
    w.clock.advance(days(8))
    await purgeSessions()
  }
  expect(codeOf(await owner.withCookie(refresh))).toEqual([401, "invalid_token"])
  expect(await endings()).toEqual(["refresh_token_reused"])
  expect(codeOf(await thief.withCookie(refresh))).toEqual([401, "invalid_token"])
})

test("[L16] a session refreshes thirty times a minute, is told when to come back, and goes on then; others do not notice", async () => {
  const w = await world()
  const [p, other] = [await program(w), await program(w)]
  const first = copyOf(p)
  for (let i = 0; i < 30; i++) expect((await p.withCookie(refresh)).status).toBe(200)
  const kept = p.refreshToken
  const refused = await p.withCookie(refresh)
  expect(codeOf(refused)).toEqual([429, "too_many_requests"])
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect([p.refreshToken, await db().refreshToken.count()]).toEqual([kept, 32])
  expect((await other.withCookie(refresh)).status).toBe(200)
  expect((await p.call("GET", profile)).status).toBe(200)
  w.clock.advance(minutes(1))
  expect((await p.withCookie(refresh)).status).toBe(200)
  for (let i = 0; i < 29; i++) await p.withCookie(refresh)
  expect((await p.withCookie(refresh)).status).toBe(429)
  expect(codeOf(await first.withCookie(refresh))).toEqual([401, "invalid_token"])
  expect(await endings()).toEqual(["refresh_token_reused"])
})

test("[L16] the same refresh sent again within the ten seconds is told three hundred times a minute, and counts for no more", async () => {
  const w = await world()
  const p = await program(w)
  const token = p.refreshToken ?? ""
  const again = () => refreshSession(token, requester)
  const first = await again()
  for (let i = 0; i < 300; i++) expect(await again()).toEqual(first)
  expect(await again()).toEqual({ ok: false, error: { retryAfterSeconds: expect.any(Number) } })
  expect(await db().refreshToken.count()).toBe(2)
  expect((await refreshSession(first.ok ? first.value.token : "", requester)).ok).toBe(true)
})

test("[A2] refresh tokens are deleted with their session", async () => {
  const w = await world()
  const [p, other] = [await program(w), await program(w)]
  await p.withCookie(refresh)
  await p.call("POST", "/api/auth/logout")
  w.clock.advance(days(20))
  await db().session.update({ where: { id: other.sessionId }, data: { lastSeenAt: now() } })
  w.clock.advance(days(20))
  await purgeSessions()
  expect((await db().refreshToken.findMany()).map(row => row.sessionId)).toEqual([other.sessionId])
})

test("[A2] the token of a session that ended, ran out, or whose person is shut out or gone gets nothing", async () => {
  const w = await world()
  const ends: [string, (p: Program) => Promise<unknown>][] = [
    ["ended", p => db().session.update({ where: { id: p.sessionId }, data: { endedAt: new Date() } })],
    ["ran out", p => db().session.update({ where: { id: p.sessionId }, data: { expiresAt: new Date(0) } })],
    ["idle", p => db().session.update({ where: { id: p.sessionId }, data: { lastSeenAt: new Date(0) } })],
    ["disabled", () => db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })],
    ["deleted", () => db().user.delete({ where: { id: w.cast.bob.id } })],
  ]
  const programs = await Promise.all(ends.map(() => program(w, w.cast.bob)))
  for (const [i, [name, end]] of ends.entries()) {
    const p = programs[i]
    if (!p) throw new Error("One for each.")
    await end(p)
    expect(codeOf(await p.withCookie(refresh)), name).toEqual([401, "invalid_token"])
    expect(codeOf(await p.call("GET", profile)), name).toEqual([401, "invalid_token"])
  }
})

test("[A2] [L9] neither database nor log holds a refresh token, used or not", async () => {
  const w = await world()
  const p = await program(w)
  const tokens = [p.refreshToken ?? ""]
  for (let time = 0; time < 2; time++) {
    await p.withCookie(refresh)
    tokens.push(p.refreshToken ?? "")
  }
  const folder = dirname(w.database.file)
  const bytes = readdirSync(folder).map(name => readFileSync(join(folder, name), "latin1"))
  const log = JSON.stringify(w.log.records)
  expect(bytes.some(file => file.includes(hashToken(tokens[2] ?? "")))).toBe(true)
  for (const token of tokens) {
    for (const text of [...bytes, log]) expect(text.includes(token)).toBe(false)
  }
})
