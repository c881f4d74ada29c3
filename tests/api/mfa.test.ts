import { parseSetCookie } from "cookie"
import { expect, test } from "vitest"
import { confirmEnrolment } from "~/domain/accounts/enrolment.server"
import { findSessionById } from "~/domain/accounts/sessions.server"
import { openChallenge } from "~/domain/accounts/sign-in-challenges.server"
import { db, transaction } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { keyOfAcme } from "../support/api-key"
import { Authenticator } from "../support/authenticator"
import { minutes, seconds } from "../support/clock"
import { givePasskey } from "../support/passkey"
import { type Called, Program, signInProgram } from "../support/program"
import { enter } from "../support/tenancy"
import { authenticatorApp, withTwoFactor, wrongCode } from "../support/two-factor"
import { setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()

const mfa = (what: string) => `/api/auth/mfa/${what}`
const status = mfa("status")

const program = (w: World, user = w.cast.bob) => signInProgram(new Program(w.url), user)

/** A program nobody is signed in to, as far as the first factor. */
async function half(w: World, user: User = w.cast.bob, way = "password") {
  const challenge = await transaction(tx => openChallenge(tx, { userId: user.id, way }))
  const guest = new Program(w.url)
  const post = (path: string, body: unknown) => guest.send("POST", path, body, { Origin: w.url })
  return { guest, challenge, post, verify: (shown: object) => post(mfa("verify"), { challenge, ...shown }) }
}

const codeOf = ({ status, json }: Called) => [status, json?.error?.code]
const sessionsOf = (userId: string) => db().session.count({ where: { userId, endedAt: null } })

test("[S8] two-factor sign-in is set up by API: the codes come once, other sessions end, this one goes on, a mail tells of it", async () => {
  const w = await world()
  const { bob } = w.cast
  const [p, other, page] = [await program(w), await program(w), await enter(w.browser(), bob)]
  expect((await p.call("GET", status)).json).toEqual({
    enabled: false,
    since: null,
    recoveryCodesLeft: 0,
    available: [],
    shown: false,
  })
  const begun = await p.call("POST", mfa("setup"))
  expect(begun.status).toBe(200)
  const { secret, otpauthUrl, qrCode } = begun.json
  expect(new URL(otpauthUrl).searchParams.get("secret")).toBe(secret)
  expect(Buffer.from(qrCode.split(",")[1], "base64").toString()).toContain("<svg")
  const app = authenticatorApp(secret)
  expect(codeOf(await p.call("POST", mfa("enable"), { code: wrongCode(app) }))).toEqual([400, "code_wrong"])
  const copied = p.accessToken
  const on = await p.call("POST", mfa("enable"), { code: app.code() })
  expect([on.status, on.json.recoveryCodes.length]).toEqual([200, 10])
  expect([on.json.accessToken, codeOf(await p.call("GET", status, undefined, copied))]).toEqual([
    p.accessToken,
    [401, "invalid_token"],
  ])
  expect(on.headers.getSetCookie()).toEqual([])
  expect((await p.call("GET", status)).json).toMatchObject({
    enabled: true,
    recoveryCodesLeft: 10,
    available: ["totp", "recovery_code"],
    shown: true,
  })
  expect(codeOf(await other.call("GET", status))).toEqual([401, "invalid_token"])
  expect(await whoIs(page)).toBeUndefined()
  const next = await p.withCookie("/api/auth/refresh")
  expect(next.json.user.email).toBe("bob@acme.test")
  await w.settle()
  expect(w.mailbox.messages("bob@acme.test").map(({ text }) => text.includes("wo-factor sign-in"))).toEqual([
    true,
  ])
  expect(codeOf(await p.call("POST", mfa("setup")))).toEqual([409, "already_on"])
  expect(codeOf(await p.call("POST", mfa("enable"), { code: app.code(1) }))).toEqual([409, "nothing_pending"])
})

test("[S2] a page's own session that sets it up by API gets its new id, and the old one is dead", async () => {
  const w = await world()
  const page = await enter(w.browser(), w.cast.bob)
  const before = page.cookies.get("gatehouse") ?? ""
  const begun = JSON.parse((await page.json(mfa("setup"), undefined)).body)
  const on = await page.json(mfa("enable"), { code: authenticatorApp(begun.secret).code() })
  expect([on.status, on.setCookies.map(line => parseSetCookie(line).name)]).toEqual([200, ["gatehouse"]])
  expect(await whoIs(page)).toBe("bob@acme.test")
  page.cookies.set("gatehouse", before)
  expect(await whoIs(page)).toBeUndefined()
})

test("[S5] setting up, switching off and new codes ask for fresh proof; looking does not", async () => {
  const w = await world()
  const p = await program(w)
  await withTwoFactor(w.cast.bob.id)
  w.clock.advance(minutes(15) + seconds(1))
  for (const what of ["setup", "disable", "recovery-codes"]) {
    const refused = await p.call("POST", mfa(what))
    expect(codeOf(refused), what).toEqual([403, "proof_needed"])
    expect(refused.json.error.message).toContain("/api/auth/proof")
  }
  expect((await p.call("GET", status)).json.enabled).toBe(true)
  expect(await db().recoveryCode.count()).toBe(10)
})

test("[S8] a secret that was offered to somebody else, or half an hour ago, switches nothing on", async () => {
  const w = await world()
  const [p, stranger] = [await program(w), await program(w, w.cast.charlie)]
  const { secret } = (await p.call("POST", mfa("setup"))).json
  const app = authenticatorApp(secret)
  expect(codeOf(await stranger.call("POST", mfa("enable"), { code: app.code() }))).toEqual([
    409,
    "nothing_pending",
  ])
  await stranger.call("POST", mfa("setup"))
  expect(codeOf(await stranger.call("POST", mfa("enable"), { code: app.code() }))).toEqual([
    400,
    "code_wrong",
  ])
  w.clock.advance(minutes(30) + seconds(1))
  expect(codeOf(await p.call("POST", mfa("enable"), { code: app.code() }))).toEqual([409, "nothing_pending"])
  expect(await db().totp.count({ where: { confirmedAt: { not: null } } })).toBe(0)
})

test("[S8] two programs that confirm one secret at once get one set of codes", async () => {
  const w = await world()
  const p = await program(w)
  const { secret } = (await p.call("POST", mfa("setup"))).json
  const code = authenticatorApp(secret).code()
  const both = await Promise.all([1, 2].map(() => p.call("POST", mfa("enable"), { code })))
  // The second finds the secret confirmed, or its token dead, for the session has another id by then.
  expect(both.map(({ status }) => status).sort()).toEqual([200, expect.toBeOneOf([401, 409])])
  expect(await db().recoveryCode.count()).toBe(10)
})

/** Signs in the whole way: with a first factor, and then whatever is shown. */
async function signInWith(w: World, user: User, shown: object): Promise<Program> {
  const { guest, verify } = await half(w, user)
  const answer = await verify(shown)
  expect(answer.status).toBe(200)
  guest.accessToken = answer.json.accessToken
  return guest
}

test("[S8] whoever is signed out at the same moment switches two-factor sign-in on, or does not, and nothing fails", async () => {
  const w = await world()
  for (let i = 0; i < 4; i++) {
    const [p, other] = [await program(w), await program(w)]
    const { secret } = (await p.call("POST", mfa("setup"))).json
    const code = authenticatorApp(secret).code()
    const [out, on] = await Promise.all([
      other.call("POST", "/api/auth/logout-everywhere"),
      p.call("POST", mfa("enable"), { code }),
    ])
    expect([200, 204, 401]).toContain(out.status)
    expect([200, 401]).toContain(on.status)
    const confirmed = await db().totp.count({ where: { confirmedAt: { not: null } } })
    expect([confirmed, await db().recoveryCode.count()]).toEqual(on.status === 200 ? [1, 10] : [0, 0])
    await db().totp.deleteMany()
    await db().recoveryCode.deleteMany()
  }
})

test("[S8] a session that ended before the code arrived switches nothing on", async () => {
  const w = await world()
  const p = await program(w)
  const { secret } = (await p.call("POST", mfa("setup"))).json
  const signedIn = findSessionById(p.sessionId)
  if (!signedIn) throw new Error("The program is signed out.")
  expect((await p.call("POST", "/api/auth/logout")).status).toBe(204)
  const requester = { userAgent: p.userAgent, clientAddress: "192.0.2.8" }
  const late = await confirmEnrolment(signedIn, authenticatorApp(secret).code(), requester)
  expect(late).toEqual({ ok: false, error: "ended" })
  expect(await db().recoveryCode.count()).toBe(0)
})

test("[L10] no secret, code or challenge is in the log", async () => {
  const w = await world()
  const p = await program(w)
  const { secret } = (await p.call("POST", mfa("setup"))).json
  const app = authenticatorApp(secret)
  const { recoveryCodes } = (await p.call("POST", mfa("enable"), { code: app.code() })).json
  const { challenge, verify } = await half(w)
  await verify({ code: wrongCode(app) })
  const shown = await verify({ recoveryCode: recoveryCodes[0] })
  expect(shown.status).toBe(200)
  const logged = JSON.stringify(w.log.records)
  expect(logged).toContain("second factor refused")
  for (const word of [secret, app.code(), ...recoveryCodes, challenge, shown.json.accessToken])
    expect(logged).not.toContain(word)
})

test("[S10] switching off by API ends other sessions, keeps this one, is told by mail, and twice is once", async () => {
  const w = await world()
  const { bob } = w.cast
  const app = await withTwoFactor(bob.id)
  const p = await signInWith(w, bob, { code: app.code() })
  const page = await enter(w.browser(), bob)
  expect((await p.call("GET", status)).json.shown).toBe(true)
  for (const time of ["first", "second"])
    expect([(await p.call("POST", mfa("disable"))).status, time]).toEqual([204, time])
  expect((await p.call("GET", status)).json).toMatchObject({
    enabled: false,
    recoveryCodesLeft: 0,
    shown: false,
  })
  expect(await whoIs(page)).toBeUndefined()
  await w.settle()
  const told = w.mailbox.messages("bob@acme.test").filter(({ text }) => text.includes("was switched off"))
  expect(told).toHaveLength(1)
})

test("[S9] new recovery codes end the old ones, and need two-factor sign-in", async () => {
  const w = await world()
  const app = await withTwoFactor(w.cast.bob.id)
  const p = await signInWith(w, w.cast.bob, { code: app.code() })
  const made = await p.call("POST", mfa("recovery-codes"))
  expect([made.status, made.json.recoveryCodes.length]).toEqual([201, 10])
  const old = await (await half(w)).verify({ recoveryCode: app.recoveryCodes[0] })
  expect(codeOf(old)).toEqual([400, "code_wrong"])
  await signInWith(w, w.cast.bob, { recoveryCode: made.json.recoveryCodes[0] })
  const charlie = await program(w, w.cast.charlie)
  expect(codeOf(await charlie.call("POST", mfa("recovery-codes")))).toEqual([409, "not_on"])
})

test("[S9] a code answers with tokens for a session of two factors, and sets no page's cookie", async () => {
  const w = await world()
  const app = await withTwoFactor(w.cast.bob.id)
  const { verify } = await half(w)
  const answer = await verify({ code: app.code() })
  expect([answer.status, answer.json.status, answer.json.user.email]).toEqual([
    200,
    "signed_in",
    "bob@acme.test",
  ])
  expect(answer.json).not.toHaveProperty("recoveryCodesLeft")
  expect(answer.headers.getSetCookie().map(line => parseSetCookie(line).name)).toEqual(["gatehouse-refresh"])
  expect(await db().session.findMany({ select: { method: true, secondFactor: true } })).toEqual([
    { method: "password", secondFactor: "totp" },
  ])
  expect(codeOf(await verify({ code: app.code(1) }))).toEqual([410, "sign_in_over"])
})

test("[S9] the page's session of the same browser stays", async () => {
  const w = await world()
  const app = await withTwoFactor(w.cast.bob.id)
  const page = await enter(w.browser(), w.cast.alice)
  const { challenge } = await half(w)
  expect((await page.json(mfa("verify"), { challenge, code: app.code() })).status).toBe(200)
  expect(await whoIs(page)).toBe("alice@acme.test")
})

test("[S8] one code in parallel sign-ins, and one challenge answered twice at once, open one session", async () => {
  const w = await world()
  const { bob } = w.cast
  const app = await withTwoFactor(bob.id)
  const three = [await half(w), await half(w), await half(w)]
  const code = app.code()
  const answers = await Promise.all(three.map(({ verify }) => verify({ code })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await sessionsOf(bob.id)).toBe(1)
  const { verify } = await half(w)
  const both = await Promise.all([
    verify({ recoveryCode: app.recoveryCodes[0] }),
    verify({ recoveryCode: app.recoveryCodes[1] }),
  ])
  expect(both.map(codeOf).sort()).toEqual([
    [200, undefined],
    [410, "sign_in_over"],
  ])
  expect(await sessionsOf(bob.id)).toBe(2)
})

test("[S9] a recovery code signs in once, says how many are left, and a mail tells of it", async () => {
  const w = await world()
  const { recoveryCodes } = await withTwoFactor(w.cast.bob.id)
  const recoveryCode = recoveryCodes[0]?.toLowerCase()
  const first = await (await half(w)).verify({ recoveryCode })
  expect([first.status, first.json.recoveryCodesLeft]).toEqual([200, 9])
  const again = await (await half(w)).verify({ recoveryCode })
  expect(codeOf(again)).toEqual([400, "code_wrong"])
  expect(again.json.error.message).toContain("has been used already")
  await w.settle()
  const texts = w.mailbox.messages("bob@acme.test").map(({ text }) => text)
  expect(texts.filter(text => text.includes("A recovery code was used (9 left)"))).toHaveLength(1)
})

test("[S8] wrong codes are counted down, the fifth ends the challenge, and the right one comes too late", async () => {
  const w = await world()
  const app = await withTwoFactor(w.cast.bob.id)
  const { verify } = await half(w)
  for (const left of ["4 more tries", "3 more tries", "2 more tries", "One more try"]) {
    const refused = await verify({ code: wrongCode(app) })
    expect(codeOf(refused), left).toEqual([400, "code_wrong"])
    expect(refused.json.error.message).toContain(left)
  }
  expect(codeOf(await verify({ code: wrongCode(app) }))).toEqual([410, "sign_in_over"])
  expect(codeOf(await verify({ code: app.code() }))).toEqual([410, "sign_in_over"])
  expect(await sessionsOf(w.cast.bob.id)).toBe(0)
})

test("[S8] what looks like no code, or is more than one, is no try", async () => {
  const w = await world()
  const app = await withTwoFactor(w.cast.bob.id)
  const { verify, post } = await half(w)
  const fieldsOf = async (shown: object) => {
    const { status, json } = await verify(shown)
    return [status, json.error.code, Object.keys(json.error.fields)]
  }
  expect(await fieldsOf({ code: "12345" })).toEqual([400, "invalid_input", ["code"]])
  expect(await fieldsOf({ recoveryCode: "short" })).toEqual([400, "invalid_input", ["recoveryCode"]])
  expect(await fieldsOf({})).toEqual([400, "invalid_input", [""]])
  expect(await fieldsOf({ code: app.code(), recoveryCode: "AAAAA-AAAAA" })).toEqual([
    400,
    "invalid_input",
    [""],
  ])
  expect(await fieldsOf({ code: { $ne: "" } })).toEqual([400, "invalid_input", ["code"]])
  expect(await fieldsOf({ passkey: {} })).toEqual([
    400,
    "invalid_input",
    ["passkey.id", "passkey.rawId", "passkey.type", "passkey.response"],
  ])
  expect((await db().signInChallenge.findFirstOrThrow()).wrongCodes).toBe(0)
  expect(codeOf(await post(mfa("verify"), { challenge: "nobody's", code: "123456" }))).toEqual([
    410,
    "sign_in_over",
  ])
})

test("[S8] a challenge lives five minutes, and a person who is shut out shows nothing", async () => {
  const w = await world()
  const app = await withTwoFactor(w.cast.bob.id)
  const late = await half(w)
  w.clock.advance(minutes(5) + seconds(1))
  expect(codeOf(await late.verify({ code: app.code() }))).toEqual([410, "sign_in_over"])
  const shut = await half(w)
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  expect(codeOf(await shut.verify({ code: app.code() }))).toEqual([403, "account_disabled"])
  expect(await sessionsOf(w.cast.bob.id)).toBe(0)
})

test("[S8] a stranger's challenge takes a stranger's codes only", async () => {
  const w = await world()
  const bobs = await withTwoFactor(w.cast.bob.id)
  await withTwoFactor(w.cast.charlie.id)
  const { verify } = await half(w, w.cast.charlie)
  expect(codeOf(await verify({ code: bobs.code() }))).toEqual([400, "code_wrong"])
  expect(codeOf(await verify({ recoveryCode: bobs.recoveryCodes[0] }))).toEqual([400, "code_wrong"])
  expect(await sessionsOf(w.cast.bob.id)).toBe(0)
})

test("[S8] guesses by page and by API fill one bucket of the account, over all its challenges", async () => {
  const w = await world()
  w.settings({ LIMIT_CHECKS_PER_CLIENT: "1000" })
  const { bob } = w.cast
  const app = await withTwoFactor(bob.id)
  const guesses = 5
  for (let i = 0; i < guesses; i++) {
    const page = w.browser()
    page.cookies.set("gatehouse-challenge", (await half(w)).challenge)
    await page.post("/login/second-factor", { by: "totp", code: wrongCode(app) })
  }
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => (await half(w)).verify({ code: wrongCode(app) })),
  )
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(10 - guesses)
  const locked = answers.filter(({ status }) => status === 429)
  expect(locked).toHaveLength(20 - (10 - guesses))
  for (const answer of locked) {
    expect(answer.json.error.code).toBe("too_many_requests")
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(60)
  }
  const right = await half(w)
  expect(codeOf(await right.verify({ code: app.code() }))).toEqual([429, "too_many_requests"])
  // What cannot be guessed still opens, and the owner is told once.
  expect((await right.verify({ recoveryCode: app.recoveryCodes[0] })).status).toBe(200)
  const kinds = await db().securityEvent.count({ where: { userId: bob.id, kind: "second_factor_locked" } })
  expect(kinds).toBe(1)
})

test("[L16] tries are counted by client, in the bucket of the pages", async () => {
  const w = await world()
  w.settings({ LIMIT_CHECKS_PER_CLIENT: "3" })
  const app = await withTwoFactor(w.cast.bob.id)
  const { verify } = await half(w)
  for (let i = 0; i < 3; i++) expect((await verify({ code: wrongCode(app) })).status).toBe(400)
  const refused = await verify({ code: app.code() })
  expect(codeOf(refused)).toEqual([429, "too_many_requests"])
  expect(refused.headers.get("Retry-After")).toMatch(/^\d+$/)
  const page = w.browser()
  page.cookies.set("gatehouse-challenge", (await half(w)).challenge)
  expect((await page.post("/login/second-factor", { by: "totp", code: app.code() })).status).toBe(429)
})

test("[L16] right answers are not counted: an office behind one address signs in all day", async () => {
  const w = await world()
  w.settings({ LIMIT_CHECKS_PER_CLIENT: "2" })
  const { recoveryCodes } = await withTwoFactor(w.cast.bob.id)
  for (const recoveryCode of recoveryCodes) await signInWith(w, w.cast.bob, { recoveryCode })
  const p = await program(w, w.cast.charlie)
  expect((await p.call("GET", status)).json.available).toEqual([])
  const bobs = await half(w)
  expect(codeOf(await bobs.verify({ recoveryCode: recoveryCodes[0] }))).toEqual([400, "code_wrong"])
})

test("[S9] a passkey answers the challenge; one for another ceremony, or of somebody else, does not", async () => {
  const w = await world()
  const { bob, charlie } = w.cast
  await withTwoFactor(bob.id)
  const [own, foreign] = [new Authenticator(w.url), new Authenticator(w.url)]
  await givePasskey(bob, own)
  await givePasskey(charlie, foreign)
  await db().session.deleteMany()
  const { verify, post, challenge } = await half(w)
  const options = async (body: unknown) => (await post("/api/auth/passkeys/login-options", body)).json
  const here = await options({ challenge })
  expect(here.allowCredentials).toMatchObject([{ id: own.id }])
  const refused = [
    foreign.get(here),
    own.get(await options({})),
    own.get(here, { origin: "https://evil.test" }),
  ]
  for (const passkey of refused) expect(codeOf(await verify({ passkey }))).toEqual([400, "passkey_refused"])
  const right = own.get(here)
  expect((await verify({ passkey: right })).json.user.email).toBe("bob@acme.test")
  expect((await db().session.findFirstOrThrow()).secondFactor).toBe("passkey")
  const again = await half(w)
  expect(codeOf(await again.verify({ passkey: right }))).toEqual([400, "passkey_refused"])
  expect(codeOf(await post("/api/auth/passkeys/login-options", { challenge }))).toEqual([410, "sign_in_over"])
})

test("[A3] an API key does nothing here, and neither does nobody", async () => {
  const w = await world()
  const [guest, key] = [new Program(w.url), await keyOfAcme(w)]
  for (const [method, path] of [
    ["POST", mfa("setup")],
    ["POST", mfa("enable")],
    ["POST", mfa("disable")],
    ["POST", mfa("recovery-codes")],
    ["GET", status],
  ] as const) {
    const asGuest = await guest.send(method, path, undefined, { Origin: w.url })
    expect(codeOf(asGuest), path).toEqual([401, "signed_out"])
    const asKey = await guest.call(method, path, undefined, key)
    expect(codeOf(asKey), path).toEqual([403, "scope_missing"])
  }
})
