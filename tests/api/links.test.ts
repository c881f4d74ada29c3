import { expect, test } from "vitest"
import { issueLink } from "~/domain/links/issue.server"
import { db } from "~/platform/db.server"
import { days, hours, minutes } from "../support/clock"
import { call, codeOf, mailed, whoseToken } from "../support/mailed-program"
import { givePassword, goodPassword, otherPassword, typePassword } from "../support/passwords"
import { withTwoFactor } from "../support/two-factor"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"
const generate = "/api/auth/magic-link/generate"
const refresh = "/api/auth/magic-link/refresh"
const at = (token: string) => `/api/auth/magic-link/verify/${token}`

const reset = (w: World, address = email, more = {}) =>
  mailed(w, address, { path: generate, purpose: "password_reset", ...more })
const hashOf = async (userId: string) => (await db().password.findUnique({ where: { userId } }))?.hash

test("[L1] reading tells what a link is worth and spends nothing, however often", async () => {
  const w = await world()
  const { token } = await mailed(w, email, { path: generate, redirectTo: "/o/acme/members" })
  const link = await db().link.findFirstOrThrow()
  for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) {
    const read = await call(w.browser(), at(token), undefined, method)
    expect(read.status).toBe(method === "OPTIONS" ? 204 : 200)
    expect(read.setCookies).toEqual([])
    if (method !== "GET") continue
    expect(read.json).toEqual({
      state: "open",
      purpose: "sign_in",
      maskedEmail: "a•••@a•••.test",
      redirectTo: "/o/acme/members",
      expiresAt: link.expiresAt.toISOString(),
    })
  }
  expect(await db().link.findFirstOrThrow()).toEqual(link)
  const entered = await call(w.browser(), at(token), {})
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
  expect(entered.json.redirectTo).toBe("/o/acme/members")
  expect((await call(w.browser(), at(token))).json.state).toBe("used")
  expect(codeOf(await call(w.browser(), at(token), {}))).toEqual([410, "link_used"])
  expect(await db().session.count()).toBe(1)
})

test("[L1] an expired link is told as expired, and signs nobody in", async () => {
  const w = await world()
  const { token } = await mailed(w, email)
  w.clock.advance(minutes(16))
  expect((await call(w.browser(), at(token))).json.state).toBe("expired")
  expect(codeOf(await call(w.browser(), at(token), {}))).toEqual([410, "link_expired"])
  expect(await db().session.count()).toBe(0)
})

/** What takes a link in its body, and what else it takes. */
const spending = [
  ["/api/auth/verify", {}],
  [refresh, {}],
  ["/api/auth/activate", { name: "x" }],
] as const

test("[L8] a link for another address is told as such, spends nothing, and stays good there; what is none has one code everywhere", async () => {
  const w = await world()
  for (const purpose of [
    "invitation",
    "email_change",
    "operator_setup",
    "not_me",
    "account_setup",
  ] as const) {
    const { token, id } = await issueLink(db(), { purpose, email })
    for (const body of [undefined, {}, { password: goodPassword }])
      expect(codeOf(await call(w.browser(), at(token), body)), purpose).toEqual([409, "link_purpose"])
    for (const [path, more] of spending)
      expect(codeOf(await call(w.browser(), path, { token, ...more })), path).toEqual([409, "link_purpose"])
    expect(await db().link.findUniqueOrThrow({ where: { id } })).toMatchObject({
      usedAt: null,
      renewedAt: null,
    })
    w.clock.advance(minutes(16))
  }
  const none = [400, "link_invalid"]
  const token = "x".repeat(43)
  expect(codeOf(await call(w.browser(), `/api/auth/activate?token=${token}`))).toEqual(none)
  for (const body of [undefined, {}]) expect(codeOf(await call(w.browser(), at(token), body))).toEqual(none)
  for (const [path, more] of spending)
    expect(codeOf(await call(w.browser(), path, { token, ...more })), path).toEqual(none)
  expect(await db().session.count()).toBe(0)
})

test("[L8] a link to sign in sets no password, and one for a password does not sign in", async () => {
  const w = await world()
  const { token } = await mailed(w, email)
  const resetting = await reset(w)
  const astray = [
    [await call(w.browser(), "/api/auth/verify", { token: resetting.token }), "/magic-link/verify/{token}"],
    [await call(w.browser(), "/api/auth/activate", { token, name: "Alice" }), "POST /api/auth/verify."],
    [await call(w.browser(), `/api/auth/activate?token=${token}`), "POST /api/auth/verify."],
  ] as const
  for (const [answer, place] of astray) {
    expect(codeOf(answer)).toEqual([409, "link_purpose"])
    expect(answer.json.error.message).toContain(place)
  }
  expect((await call(w.browser(), at(token), { password: goodPassword })).status).toBe(200)
  expect(await hashOf(w.cast.alice.id)).toBeUndefined()
})

test("[S6] a link for a new password takes it, signs in, and signs out all that was", async () => {
  const w = await world()
  await givePassword(w.cast.alice, otherPassword)
  const elsewhere = w.browser()
  await signIn(w, elsewhere, email)
  w.clock.advance(minutes(2))
  const { token, request } = await reset(w, email, { redirectTo: "/account/security" })
  expect(request).toBeUndefined()
  expect((await call(w.browser(), at(token))).json).toMatchObject({
    state: "open",
    purpose: "password_reset",
    redirectTo: "/account/security",
  })
  const browser = w.browser()
  const entered = await call(browser, at(token), { password: goodPassword })
  expect(entered.status).toBe(200)
  expect(entered.json).toMatchObject({ status: "signed_in", redirectTo: "/account/security" })
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
  expect(browser.cookies.has("gatehouse")).toBe(false)
  expect(await whoIs(elsewhere)).toBeUndefined()
  expect((await typePassword(w.browser(), email, goodPassword)).status).toBe(303)
  expect((await typePassword(w.browser(), email, otherPassword)).status).toBe(400)
  expect(codeOf(await call(w.browser(), at(token), { password: otherPassword }))).toEqual([410, "link_used"])
})

test("[S6] the destination of a link for a new password holds on its page, too", async () => {
  const w = await world()
  const { token } = await reset(w, email, { redirectTo: "/account/security" })
  const done = await w.browser().post(`/login/reset?token=${token}`, { token, password: goodPassword })
  expect(done.location).toContain(encodeURIComponent("/account/security"))
})

test("[L6] a password that is missing or refused leaves the link good; of two at once one counts", async () => {
  const w = await world()
  const { token } = await reset(w)
  for (const body of [{}, { password: "short" }, { password: "password1" }, { password: 7 }]) {
    const refused = await call(w.browser(), at(token), body)
    expect(codeOf(refused)).toEqual([400, "invalid_input"])
    expect(Object.keys(refused.json.error.fields)).toEqual(["password"])
  }
  const answers = await Promise.all(
    [goodPassword, otherPassword].map(password => call(w.browser(), at(token), { password })),
  )
  expect(answers.map(answer => answer.status).sort()).toEqual([200, 410])
  expect(await db().session.count({ where: { endedAt: null } })).toBe(1)
})

test("[S9] a new password does not get past a second factor", async () => {
  const w = await world()
  await withTwoFactor(w.cast.bob.id)
  const { token } = await reset(w, "bob@acme.test")
  const entered = await call(w.browser(), at(token), { password: goodPassword })
  expect(entered.json.status).toBe("second_factor")
  expect(entered.setCookies).toEqual([])
  expect(await db().session.count()).toBe(0)
  expect(await hashOf(w.cast.bob.id)).toBeDefined()
})

test("[L11] someone disabled since the mail was sent stays out, and keeps their password", async () => {
  const w = await world()
  await givePassword(w.cast.bob)
  const before = await hashOf(w.cast.bob.id)
  const { token } = await reset(w, "bob@acme.test")
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  const refused = await call(w.browser(), at(token), { password: otherPassword })
  expect(codeOf(refused)).toEqual([403, "account_disabled"])
  expect(await hashOf(w.cast.bob.id)).toBe(before)
})

test("[S6] without passwords no link for one is mailed, used or renewed", async () => {
  const w = await world()
  const { token } = await reset(w)
  w.settings({ PASSWORDS: "off" })
  const off = [403, "passwords_off"]
  expect(codeOf(await call(w.browser(), generate, { email, purpose: "password_reset" }))).toEqual(off)
  expect(codeOf(await call(w.browser(), at(token), { password: goodPassword }))).toEqual(off)
  w.clock.advance(hours(2))
  expect(codeOf(await call(w.browser(), refresh, { token }))).toEqual(off)
  await w.settle()
  expect(w.mailbox.messages()).toHaveLength(1)
})

test("[A1] a link is mailed and never answered; no other purpose is to be had", async () => {
  const w = await world()
  const asked = await call(w.browser(), generate, { email })
  expect(asked.status).toBe(202)
  await w.settle()
  const token = new URL(w.mailbox.latestTo(email).link ?? "").searchParams.get("token") ?? ""
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(asked.body + JSON.stringify([...asked.headers])).not.toContain(token)
  for (const purpose of ["invitation", "email_change", "operator_setup", "purchase_access", "", 1, null]) {
    const refused = await call(w.browser(), generate, { email, purpose })
    expect(codeOf(refused)).toEqual([400, "invalid_input"])
    expect(Object.keys(refused.json.error.fields)).toEqual(["purpose"])
  }
  const astray = await call(w.browser(), generate, { email, purpose: "activation", redirectTo: "/account" })
  expect(Object.keys(astray.json.error.fields)).toEqual(["redirectTo"])
  expect(await db().job.count({ where: { finishedAt: null } })).toBe(0)
  expect(w.mailbox.messages()).toHaveLength(1)
})

test("[L11] for each purpose, known, unknown and disabled addresses are answered alike", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited", LIMIT_LINKS_PER_CLIENT: "100" })
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  for (const purpose of ["sign_in", "password_reset", "activation"]) {
    const told = []
    for (const address of [email, "nobody@acme.test", "bob@acme.test"]) {
      const { status, json, setCookies, headers } = await call(w.browser(), generate, {
        email: address,
        purpose,
      })
      told.push([status, json.status, Object.keys(json), setCookies, [...headers.keys()]])
    }
    expect(told[0]?.slice(0, 2)).toEqual([202, "link_sent"])
    for (const one of told) expect(one).toEqual(told[0])
    w.clock.advance(days(1))
    await w.settle()
  }
})

test("[L16] links by each purpose are limited by address as on the pages, and by client", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "4" })
  const browser = w.browser()
  const ask = (purpose: string, address = email) => call(browser, generate, { email: address, purpose })
  expect((await ask("password_reset")).status).toBe(202)
  const again = await ask("password_reset")
  expect(codeOf(again)).toEqual([429, "too_many_requests"])
  expect(Number(again.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect((await ask("sign_in")).status).toBe(202)
  expect((await ask("activation", "bob@acme.test")).status).toBe(202)
  expect((await ask("sign_in", "amir@acme.test")).status).toBe(429)
})

test("[L16] guesses at tokens are counted", async () => {
  const w = await world()
  const { token } = await mailed(w, email)
  for (let i = 0; i < 10; i++) expect((await call(w.browser(), at(`guess${i}`), {})).status, `${i}`).toBe(400)
  expect(codeOf(await call(w.browser(), at("guess"), {}))).toEqual([429, "too_many_requests"])
  expect(codeOf(await call(w.browser(), refresh, { token: "guess" }))).toEqual([429, "too_many_requests"])
  expect(codeOf(await call(w.browser(), at(token), {}))).toEqual([429, "too_many_requests"])
  expect((await db().link.findFirstOrThrow()).usedAt).toBeNull()
})

test("[L7] an expired link has a fresh one mailed, once, with its destination; its request goes with the code", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_ADDRESS_MINUTE: "10" })
  const old = await mailed(w, email, { redirectTo: "/o/acme/members" })
  w.clock.advance(minutes(16))
  const answers = await Promise.all([
    call(w.browser(), refresh, { token: old.token }),
    call(w.browser(), refresh, { token: old.token }),
  ])
  const asked = answers.find(answer => answer.status === 202)
  expect(asked?.json).toEqual({ status: "link_sent", request: expect.any(String) })
  expect(answers.map(answer => answer.status).sort()).toEqual([202, 409])
  await w.settle()
  expect(w.mailbox.messages(email)).toHaveLength(2)
  w.clock.advance(minutes(2))
  expect(codeOf(await call(w.browser(), refresh, { token: old.token }))).toEqual([409, "link_renewed"])
  const fresh = w.mailbox.latestTo(email)
  const entered = await call(w.browser(), "/api/auth/verify", {
    request: asked?.json.request,
    code: fresh.code,
  })
  expect(entered.json).toMatchObject({ user: { email }, redirectTo: "/o/acme/members" })
  expect(codeOf(await call(w.browser(), at(old.token), {}))[0]).toBe(410)
})

test("[L7] only an expired link is replaced", async () => {
  const w = await world()
  expect(codeOf(await call(w.browser(), refresh, { token: "x".repeat(43) }))).toEqual([400, "link_invalid"])
  const { token } = await mailed(w, email)
  expect(codeOf(await call(w.browser(), refresh, { token }))).toEqual([409, "link_good"])
  await call(w.browser(), at(token), {})
  expect(codeOf(await call(w.browser(), refresh, { token }))).toEqual([410, "link_used"])
  await w.settle()
  expect(w.mailbox.messages()).toHaveLength(1)
})

test("[L7] an expired link for a new password is replaced by one of its kind", async () => {
  const w = await world()
  const old = await reset(w, email, { redirectTo: "/account/security" })
  w.clock.advance(hours(2))
  const asked = await call(w.browser(), refresh, { token: old.token })
  expect([asked.status, asked.json]).toEqual([202, { status: "link_sent" }])
  await w.settle()
  const token = new URL(w.mailbox.latestTo(email).link ?? "").searchParams.get("token") ?? ""
  expect((await call(w.browser(), at(token))).json).toMatchObject({
    state: "open",
    purpose: "password_reset",
    redirectTo: "/account/security",
  })
  expect((await call(w.browser(), at(token), { password: goodPassword })).status).toBe(200)
})

test("[L21] a link that is refused elsewhere can be replaced there", async () => {
  const w = await world()
  w.settings({ SIGN_IN_CODE_ELSEWHERE: "on" })
  const { token } = await mailed(w, email)
  const asked = await call(w.browser(), refresh, { token })
  expect(asked.status).toBe(202)
  await w.settle()
  expect(w.mailbox.messages(email)).toHaveLength(2)
})

test("[L10] the token in the path reaches no log, however it is written", async () => {
  const w = await world()
  const { token } = await mailed(w, email)
  const first = token.charCodeAt(0).toString(16)
  const encoded = `%${first}${token.slice(1)}`
  const spellings = [
    at(token),
    at(encoded),
    at(`${token})`),
    at(`${token}x`),
    `${at(token)}?x=1`,
    `${at(token)}.data`,
    `/API/Auth/Magic-Link/Verify/${token}y`,
    `/api/auth/magic%2Dlink/verify/${encoded}`,
    `/api/auth/magic-link/verify/${encoded}%20`,
  ]
  for (const path of spellings) {
    await w.browser().get(path)
    await w.browser().json(path, { password: 1 }, "POST")
  }
  await w.browser().json(at(token), {})
  await call(w.browser(), at(token), {})
  const requests = w.log.records.filter(record => record.msg === "request")
  expect(requests.filter(record => String(record.path).includes("[redacted]")).length).toBeGreaterThan(10)
  const told = JSON.stringify([
    w.log.records,
    await db().mail.findMany(),
    await db().securityEvent.findMany(),
    await db().auditEntry.findMany(),
  ])
  // A part of it, too: what is encoded hides its first letter only.
  expect(told).not.toContain(token.slice(1))
  expect(told).not.toContain(token.slice(0, 30))
})
