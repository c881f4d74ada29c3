import { setImmediate as turn } from "node:timers/promises"
import { expect, test } from "vitest"
import { verifyPassword } from "~/domain/accounts/password-hashing.server"
import { db } from "~/platform/db.server"
import { days, minutes } from "../support/clock"
import { call, codeOf, mailed, whoseToken } from "../support/mailed-program"
import { givePassword, goodPassword, otherPassword } from "../support/passwords"
import { withTwoFactor } from "../support/two-factor"
import { confirm, setUpWorld, signIn, whoIs } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"
const login = "/api/auth/login"
const verify = "/api/auth/verify"
const iPhone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"

/** Every mail there was, by template and mailbox. */
const mailsOf = async () =>
  (await db().mail.findMany({ orderBy: { createdAt: "asc" } })).map(m => `${m.template} ${m.recipient}`)

test("[A1] an address alone has a link mailed; its token signs in with tokens, and no cookie of the pages", async () => {
  const w = await world()
  const browser = w.browser()
  const asked = await call(browser, login, { email: "Alice@ACME.test", redirectTo: "/o/acme/members" })
  expect(asked.status).toBe(202)
  expect(asked.json).toEqual({ status: "link_sent", request: expect.stringMatching(/^[\w-]{43}\.[\w-]+$/) })
  expect(asked.setCookies).toEqual([])
  await w.settle()
  const token = new URL(w.mailbox.latestTo(email).link ?? "").searchParams.get("token")
  const entered = await call(browser, verify, { token })
  expect(entered.status).toBe(200)
  expect(entered.json).toMatchObject({
    status: "signed_in",
    tokenType: "Bearer",
    user: { email, name: "Alice Archer" },
    organization: { slug: "acme", role: "owner" },
    redirectTo: "/o/acme/members",
  })
  expect(entered.setCookies.map(line => line.split("=")[0])).toEqual(["gatehouse-refresh"])
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
  expect(await mailsOf()).toEqual([`sign_in ${email}`])
  expect(await db().session.findMany({ select: { method: true, secondFactor: true } })).toEqual([
    { method: "email", secondFactor: null },
  ])
})

test("[L4] the code signs in beside its request, however it is typed, and uses up the link", async () => {
  const w = await world()
  const { request, code, token } = await mailed(w, email)
  const typed = `${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`
  const entered = await call(w.browser(), verify, { request, code: typed })
  expect(entered.status).toBe(200)
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
  expect(codeOf(await call(w.browser(), verify, { token }))).toEqual([410, "link_used"])
  expect(codeOf(await call(w.browser(), verify, { request, code }))).toEqual([410, "link_used"])
  expect(await db().session.count()).toBe(1)
})

test("[L11] by API a wrong code is wrong also after the link was used; only the right one hears of it", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited", LIMIT_CHECKS_PER_CLIENT: "100" })
  const { request, code, token } = await mailed(w, email)
  const asked = await call(w.browser(), login, { email: "nobody@acme.test" })
  const wrong = code === "ZZZZZZ" ? "YYYYYY" : "ZZZZZZ"
  await call(w.browser(), verify, { token })
  for (const one of [request, asked.json.request])
    expect(codeOf(await call(w.browser(), verify, { request: one, code: wrong }))).toEqual([
      400,
      "code_wrong",
    ])
  expect(codeOf(await call(w.browser(), verify, { request, code }))).toEqual([410, "link_used"])
})

test("[L4] the code is worth nothing beside another request, and a request nothing without its code", async () => {
  const w = await world()
  const { code } = await mailed(w, email)
  const other = await mailed(w, "bob@acme.test")
  for (const request of [other.request, "x.y", "x", ""])
    expect(codeOf(await call(w.browser(), verify, { request, code }))).toEqual([400, "code_wrong"])
  expect(codeOf(await call(w.browser(), verify, { request: other.request }))).toEqual([400, "invalid_input"])
  expect(codeOf(await call(w.browser(), verify, { code }))).toEqual([400, "invalid_input"])
  const misshapen = await call(w.browser(), verify, { request: other.request, code: "12" })
  expect(misshapen.json.error.fields).toEqual({ code: ["The code has six letters and digits."] })
  expect(await db().session.count()).toBe(0)
})

test("[L4] asked again with the earlier request, the codes of both mails count", async () => {
  const w = await world()
  const first = await mailed(w, email)
  const second = await mailed(w, email, { request: first.request })
  expect(second.request).toBe(first.request)
  const foreign = await mailed(w, "bob@acme.test", { request: first.request })
  expect(foreign.request).not.toBe(first.request)
  const entered = await call(w.browser(), verify, { request: first.request, code: first.code })
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
  expect(codeOf(await call(w.browser(), verify, { token: second.token }))).toEqual([410, "link_used"])
})

test("[L5] six wrong codes void the code and not the link", async () => {
  const w = await world()
  const { request, code, token } = await mailed(w, email)
  const wrong = code === "ZZZZZZ" ? "YYYYYY" : "ZZZZZZ"
  for (let i = 0; i < 6; i++)
    expect(codeOf(await call(w.browser(), verify, { request, code: wrong }))).toEqual([400, "code_wrong"])
  expect(await db().link.findFirstOrThrow()).toMatchObject({
    wrongCodes: 6,
    codeVoidedAt: expect.any(Date),
    usedAt: null,
  })
  expect(codeOf(await call(w.browser(), verify, { request, code }))).toEqual([400, "code_wrong"])
  expect((await call(w.browser(), verify, { token })).status).toBe(200)
})

test("[L5] five wrong codes, and the right one still signs in", async () => {
  const w = await world()
  const { request, code } = await mailed(w, email)
  const wrong = code === "ZZZZZZ" ? "YYYYYY" : "ZZZZZZ"
  for (let i = 0; i < 5; i++) await call(w.browser(), verify, { request, code: wrong })
  expect((await call(w.browser(), verify, { request, code })).status).toBe(200)
})

test("[L6] one token verified twice at once, and with its code, signs in once", async () => {
  const w = await world()
  const { request, code, token } = await mailed(w, email)
  const answers = await Promise.all([
    call(w.browser(), verify, { token }),
    call(w.browser(), verify, { token }),
    call(w.browser(), verify, { request, code }),
    call(w.browser(), `/api/auth/magic-link/verify/${token}`, {}),
  ])
  expect(answers.map(answer => answer.status).sort()).toEqual([200, 410, 410, 410])
  for (const answer of answers.filter(answer => answer.status === 410))
    expect(codeOf(answer)).toEqual([410, "link_used"])
  expect(await db().session.count()).toBe(1)
  expect(await db().refreshToken.count()).toBe(1)
})

test("[L7] an unknown, an expired and a used token are three failures", async () => {
  const w = await world()
  expect(codeOf(await call(w.browser(), verify, { token: "x".repeat(43) }))).toEqual([400, "link_invalid"])
  const used = await mailed(w, email)
  await call(w.browser(), verify, { token: used.token })
  expect(codeOf(await call(w.browser(), verify, { token: used.token }))).toEqual([410, "link_used"])
  const old = await mailed(w, email)
  w.clock.advance(minutes(16))
  expect(codeOf(await call(w.browser(), verify, { token: old.token }))).toEqual([410, "link_expired"])
  const { token, request, code } = old
  expect(codeOf(await call(w.browser(), verify, { token, request }))).toEqual([410, "link_expired"])
  expect(codeOf(await call(w.browser(), verify, { request, code }))).toEqual([400, "code_wrong"])
})

test("[L11] asking and guessing look the same for known, unknown, disabled and suppressed addresses", async () => {
  const w = await world()
  w.settings({ SIGN_UP: "invited", LIMIT_LINKS_PER_CLIENT: "100", LIMIT_CHECKS_PER_CLIENT: "1000" })
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  await db().suppression.create({
    data: { email: "amir@acme.test", reason: "bounce", createdAt: new Date() },
  })
  const told = []
  for (const address of [email, "nobody@acme.test", "bob@acme.test", "amir@acme.test"]) {
    const asked = await call(w.browser(), login, { email: address })
    await w.settle()
    const guesses = []
    for (let i = 0; i < 8; i++) {
      const guess = await call(w.browser(), verify, { request: asked.json.request, code: "ZZZZZZ" })
      guesses.push([codeOf(guess), guess.json.error.message, Object.keys(guess.json.error)])
    }
    w.clock.advance(minutes(16))
    const late = await call(w.browser(), verify, { request: asked.json.request, code: "ZZZZZZ" })
    told.push({
      asked: [asked.status, Object.keys(asked.json), asked.setCookies, [...asked.headers.keys()]],
      shape: asked.json.request.replace(/^[\w-]{43}\.[\w-]+$/, "mark.address"),
      guesses,
      late: [codeOf(late), late.json.error.message],
    })
  }
  for (const one of told) expect(one).toEqual(told[0])
  expect(told[0]?.shape).toBe("mark.address")
})

test("[L15] redirectTo leads inside or nowhere", async () => {
  const w = await world()
  w.settings({ LIMIT_LINKS_PER_CLIENT: "100", LIMIT_LINKS_PER_ADDRESS_HOUR: "100" })
  for (const redirectTo of ["//e", "/\\e", "/%5Ce", "https://us//e", "javascript:alert(1)", "/\t/e"]) {
    const { token } = await mailed(w, email, { redirectTo })
    expect((await db().link.findFirstOrThrow({ orderBy: { createdAt: "desc" } })).redirectTo).toBeNull()
    expect((await call(w.browser(), verify, { token })).json.redirectTo, redirectTo).toBeNull()
  }
})

test("[L16] the limits are those of the pages", async () => {
  const w = await world()
  const browser = w.browser()
  expect((await call(browser, login, { email })).status).toBe(202)
  const again = await call(browser, login, { email: "a.lice+news@acme.test" })
  expect(codeOf(again)).toEqual([429, "too_many_requests"])
  expect(Number(again.headers.get("Retry-After"))).toBeGreaterThan(0)
  for (let i = 0; i < 9; i++) await confirm(browser, `/login/link?token=guess${i}`)
  expect(codeOf(await call(browser, verify, { token: "guess" }))).toEqual([400, "link_invalid"])
  const checked = await call(browser, verify, { token: "guess" })
  expect(codeOf(checked)).toEqual([429, "too_many_requests"])
  expect(Number(checked.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect((await confirm(browser, "/login/link?token=guess")).status).toBe(429)
})

test("[L11] a disabled person's link and code that are out already let nobody in, and stay unspent", async () => {
  const w = await world()
  const { request, code, token } = await mailed(w, "bob@acme.test")
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  expect(codeOf(await call(w.browser(), verify, { token }))).toEqual([403, "account_disabled"])
  expect(codeOf(await call(w.browser(), verify, { request, code }))).toEqual([403, "account_disabled"])
  expect((await db().link.findFirstOrThrow()).usedAt).toBeNull()
  expect(await db().session.count()).toBe(0)
})

test("[L21] used elsewhere it is told by mail, or asks for its request where the operator wants it", async () => {
  const w = await world()
  await signIn(w, w.browser(), email)
  const told = await mailed(w, email)
  await db().link.updateMany({ data: { clientAddress: "203.0.113.7" } })
  expect((await call(w.browser(iPhone), verify, { token: told.token })).status).toBe(200)
  expect(await db().securityEvent.count({ where: { kind: "sign_in_elsewhere" } })).toBe(1)
  w.settings({ SIGN_IN_CODE_ELSEWHERE: "on" })
  const { token, request } = await mailed(w, email)
  await db().link.updateMany({ data: { clientAddress: "203.0.113.7" } })
  expect(codeOf(await call(w.browser(iPhone), verify, { token }))).toEqual([403, "link_elsewhere"])
  expect((await call(w.browser(iPhone), verify, { token, request })).status).toBe(200)
})

test("[S2] the page's session in the same cookie jar stays, and whoever signs in by API is not signed in there", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const before = browser.cookies.get("gatehouse")
  const { token } = await mailed(w, email, { browser })
  const entered = await call(browser, verify, { token })
  expect(entered.json.user.email).toBe(email)
  expect(browser.cookies.get("gatehouse")).toBe(before)
  expect(await whoIs(browser)).toBe("bob@acme.test")
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
})

test("[S2] signing in again ends what the same jar was signed in as before by API", async () => {
  const w = await world()
  const browser = w.browser()
  const first = await call(browser, verify, { token: (await mailed(w, email)).token })
  const second = await call(browser, verify, { token: (await mailed(w, email)).token })
  expect(await whoseToken(w, first.json.accessToken)).toBeUndefined()
  expect(await whoseToken(w, second.json.accessToken)).toBe(email)
})

test("[S6] address and password sign in; whatever is wrong is answered alike", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  await givePassword(w.cast.bob)
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  const entered = await call(w.browser(), login, { email: "ALICE@acme.test", password: goodPassword })
  expect(entered.status).toBe(200)
  expect(entered.json.status).toBe("signed_in")
  expect(entered.json.redirectTo).toBeUndefined()
  expect(await whoseToken(w, entered.json.accessToken)).toBe(email)
  const refusals = []
  for (const [address, password] of [
    [email, otherPassword],
    [email, ""],
    ["bob@acme.test", goodPassword],
    ["amir@acme.test", goodPassword],
    ["nobody@acme.test", goodPassword],
  ]) {
    const refused = await call(w.browser(), login, { email: address, password })
    expect(codeOf(refused), address).toEqual([401, "wrong_credentials"])
    const { requestId, ...said } = refused.json.error
    refusals.push([said, [...refused.headers.keys()], refused.setCookies])
  }
  for (const refusal of refusals) expect(refusal).toEqual(refusals[0])
  expect(await mailsOf()).toEqual([])
  expect(await db().session.count()).toBe(1)
})

test("[S6] guesses are limited, with the pages' own count, and keep nobody from a link", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const browser = w.browser()
  for (let i = 0; i < 4; i++)
    await browser.post("/login/password", { email: `p${i}@acme.test`, password: otherPassword })
  for (let i = 0; i < 6; i++)
    await call(browser, login, { email: `q${i}@acme.test`, password: otherPassword })
  const refused = await call(browser, login, { email, password: goodPassword })
  expect(codeOf(refused)).toEqual([429, "too_many_requests"])
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect((await call(browser, login, { email })).status).toBe(202)
})

test("[S6] without passwords the endpoint says so, and links go on", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  w.settings({ PASSWORDS: "off" })
  const refused = await call(w.browser(), login, { email, password: goodPassword })
  expect(codeOf(refused)).toEqual([403, "passwords_off"])
  expect((await call(w.browser(), login, { email })).status).toBe(202)
})

test("[S6] while too many passwords wait to be looked at, whoever brings one is told when to come back", async () => {
  const w = await world()
  await givePassword(w.cast.alice)
  const reset = await mailed(w, email, {
    path: "/api/auth/magic-link/generate",
    purpose: "password_reset",
  })
  let full = true
  // Whoever is done queues again at once: there is never a place for anybody who comes from outside.
  const crowd = Array.from({ length: 80 }, async () => {
    while (full) if (!(await verifyPassword(undefined, "x")).ok) await turn()
  })
  const registrant = { email: "nell@new.test", name: "Nell", password: goodPassword }
  for (const [path, body] of [
    [login, { email, password: goodPassword }],
    ["/api/auth/register", registrant],
    [`/api/auth/magic-link/verify/${reset.token}`, { password: otherPassword }],
  ] as const) {
    const refused = await call(w.browser(), path, body)
    expect(codeOf(refused), path).toEqual([503, "busy"])
    expect(refused.headers.get("Retry-After")).toBe("5")
  }
  full = false
  await Promise.all(crowd)
  expect(await db().registration.count()).toBe(0)
  expect((await db().link.findFirstOrThrow()).usedAt).toBeNull()
  expect((await call(w.browser(), login, { email, password: goodPassword })).status).toBe(200)
})

test("[S9] whoever owes a second factor is answered a challenge, by link, code and password, and no token", async () => {
  const w = await world()
  await withTwoFactor(w.cast.bob.id)
  await givePassword(w.cast.bob)
  const address = "bob@acme.test"
  const byLink = await mailed(w, address, { redirectTo: "/account/profile" })
  const byCode = await mailed(w, address)
  const answers = [
    await call(w.browser(), verify, { token: byLink.token }),
    await call(w.browser(), verify, { request: byCode.request, code: byCode.code }),
    await call(w.browser(), login, { email: address, password: goodPassword }),
  ]
  for (const answer of answers) {
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({
      status: "second_factor",
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      ways: ["totp", "recovery_code"],
      expiresIn: 300,
    })
    expect(answer.setCookies).toEqual([])
    expect(answer.body).not.toContain("accessToken")
  }
  expect(answers[0]?.json.redirectTo).toBe("/account/profile")
  expect(await db().session.count()).toBe(0)
})

test("[S16] a call from elsewhere, or not in JSON, changes nothing", async () => {
  const w = await world()
  const from = (headers: Record<string, string>) =>
    fetch(w.url + login, { method: "POST", headers, body: JSON.stringify({ email }) })
  const json = { "Content-Type": "application/json" }
  expect((await from({ ...json, Origin: "https://evil.test" })).status).toBe(403)
  expect((await from(json)).status).toBe(403)
  expect((await from({ "Content-Type": "text/plain", Origin: w.url })).status).toBe(415)
  for (const body of [{}, { email: 1 }, { email: ["a@b.de"] }, { email: "alice" }, { email, password: {} }])
    expect(codeOf(await call(w.browser(), login, body)), JSON.stringify(body)).toEqual([400, "invalid_input"])
  expect(await db().job.count()).toBe(0)
})

test("[A1] a token that is over keeps nobody from signing in again", async () => {
  const w = await world()
  const { token } = await mailed(w, email)
  for (const Authorization of ["Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer gh_nothing"]) {
    const headers = { Authorization, "Content-Type": "application/json" }
    const send = (path: string, body: unknown) =>
      fetch(w.url + path, { method: "POST", headers, body: JSON.stringify(body) })
    expect((await send(verify, { token: "guess" })).status, Authorization).toBe(400)
    expect((await send(login, { email, password: goodPassword })).status, Authorization).toBe(401)
    const read = await fetch(`${w.url}/api/auth/magic-link/verify/${token}`, { headers: { Authorization } })
    expect(read.status, Authorization).toBe(200)
  }
})

test("[L13] an address of any script is answered as itself", async () => {
  const w = await world()
  const { token } = await mailed(w, "jos\u00e9@xn--mnchen-3ya.de")
  const entered = await call(w.browser(), verify, { token })
  expect(entered.status).toBe(200)
  expect(entered.json.user.email).toBe("jos\u00e9@xn--mnchen-3ya.de")
})

test("[S4] a program not seen before is told by mail, once", async () => {
  const w = await world()
  await signIn(w, w.browser(), email)
  w.clock.advance(days(1))
  const { token } = await mailed(w, email)
  await call(w.browser("Ledger/2.1"), verify, { token })
  await w.settle()
  expect(await mailsOf()).toEqual([`sign_in ${email}`, `sign_in ${email}`, `new_device ${email}`])
})
