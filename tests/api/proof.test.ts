import { parseSetCookie } from "cookie"
import { expect, test } from "vitest"
import { isFresh } from "~/domain/accounts/fresh-proof.server"
import { findSessionById } from "~/domain/accounts/sessions.server"
import { accessTokenLifetime, issueAccessToken } from "~/domain/sign-in/access-tokens.server"
import { db } from "~/platform/db.server"
import { keyOfAcme } from "../support/api-key"
import { Authenticator } from "../support/authenticator"
import { minutes, seconds } from "../support/clock"
import { partsOf } from "../support/forgery"
import { givePasskey } from "../support/passkey"
import { givePassword, goodPassword } from "../support/passwords"
import { type Called, Program, signInProgram } from "../support/program"
import { mailedProofCode } from "../support/proof"
import { enter } from "../support/tenancy"
import { withTwoFactor, wrongCode } from "../support/two-factor"
import { setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()

const proof = "/api/auth/proof"
const proofCode = "/api/auth/proof/code"
const needsProof = "/api/auth/mfa/setup"
const email = "bob@acme.test"

const codeOf = ({ status, json }: Called) => [status, json?.error?.code]

/** A program of Bob's whose sign-in is a while ago. */
async function stale(w: World, user = w.cast.bob) {
  const p = await signInProgram(new Program(w.url), user)
  w.clock.advance(minutes(15) + seconds(1))
  return p
}

/** Of two at once one has proven. The other comes too late: its proof is spent, or its token is, for the session has another id. */
async function expectOneProof(both: Called[]) {
  const [one, late] = both.sort((a, b) => a.status - b.status).map(called => codeOf(called).join(" "))
  expect(one).toBe("200 ")
  expect(["400 proof_refused", "401 invalid_token"]).toContain(late)
  expect(await db().securityEvent.count({ where: { kind: "proof_given" } })).toBe(1)
}

test("[S5] signing in is a proof, for 15 minutes", async () => {
  const w = await world()
  const p = await signInProgram(new Program(w.url), w.cast.bob)
  const begun = (await p.call("GET", proof)).json
  expect(begun).toMatchObject({ fresh: true, ways: ["code"], email: "b•••@a•••.test" })
  const left = Date.parse(begun.until) - Date.now()
  expect(Math.abs(left - minutes(15))).toBeLessThan(minutes(1))
  w.clock.advance(minutes(15) + seconds(1))
  expect((await p.call("GET", proof)).json).toMatchObject({ fresh: false, until: null })
  expect(await db().proofCode.count()).toBe(0)
})

test("[S5] the mailed code opens what asks for proof, with the token that comes with it, and no cookie is set", async () => {
  const w = await world()
  const p = await stale(w)
  const refused = await p.call("POST", needsProof)
  expect(codeOf(refused)).toEqual([403, "proof_needed"])
  expect(refused.json.error.message).toContain(proof)
  const sent = await p.call("POST", proofCode)
  expect([sent.status, sent.json]).toEqual([202, { status: "code_sent", email: "b•••@a•••.test" }])
  const code = await mailedProofCode(w, email)
  const given = await p.call("POST", proof, { code: code.toLowerCase() })
  expect([given.status, given.json.fresh]).toEqual([200, true])
  expect(given.headers.getSetCookie()).toEqual([])
  expect((await p.call("POST", needsProof)).status).toBe(200)
  expect((await p.withCookie("/api/auth/refresh")).status).toBe(200)
  expect(codeOf(await p.call("POST", proof, { code }))).toEqual([400, "proof_refused"])
})

test("[S2] a page that proves by API gets its session's new id", async () => {
  const w = await world()
  const page = await enter(w.browser(), w.cast.bob)
  w.clock.advance(minutes(16))
  const before = page.cookies.get("gatehouse") ?? ""
  expect((await page.json(proofCode, undefined)).status).toBe(202)
  expect((await page.json(proof, { code: await mailedProofCode(w, email) })).status).toBe(200)
  expect(page.cookies.get("gatehouse")).not.toBe(before)
  expect(await whoIs(page)).toBe(email)
  page.cookies.set("gatehouse", before)
  expect(await whoIs(page)).toBeUndefined()
})

test("[S2] a token that names a page's session: beside the cookie the browser is told the new id, alone nobody is", async () => {
  const w = await world()
  await givePassword(w.cast.bob)
  const page = await enter(w.browser(), w.cast.bob)
  const { id: sessionId } = await db().session.findFirstOrThrow()
  const signedIn = findSessionById(sessionId)
  if (!signedIn) throw new Error("The session lives.")
  const token = await issueAccessToken(signedIn, null)
  const cookie = `gatehouse=${page.cookies.get("gatehouse")}`
  const headers = { Authorization: `Bearer ${token}`, Cookie: cookie, Origin: w.url }
  const both = await new Program(w.url).send("POST", proof, { password: goodPassword }, headers)
  const [told] = both.headers.getSetCookie().map(line => parseSetCookie(line))
  expect([both.status, told?.name]).toEqual([200, "gatehouse"])
  page.cookies.set("gatehouse", told?.value ?? "")
  expect(await whoIs(page)).toBe(email)
  const p = Object.assign(new Program(w.url), { accessToken: both.json.accessToken })
  const alone = await p.call("POST", proof, { password: goodPassword })
  expect([alone.status, alone.headers.getSetCookie()]).toEqual([200, []])
  expect((await p.call("GET", proof)).json.fresh).toBe(true)
  expect(await whoIs(page)).toBeUndefined()

  const alices = await enter(w.browser(), w.cast.alice)
  const mixed = {
    ...headers,
    Authorization: `Bearer ${p.accessToken}`,
    Cookie: `gatehouse=${alices.cookies.get("gatehouse")}`,
  }
  const foreign = await p.send("POST", proof, { password: goodPassword }, mixed)
  expect([foreign.status, foreign.json.email, foreign.headers.getSetCookie()]).toEqual([
    200,
    "b•••@a•••.test",
    [],
  ])
  expect(await whoIs(alices)).toBe("alice@acme.test")
})

test("[S2] a proof ends the access tokens from before, whoever holds them; the caller gets the next, which lasts no longer", async () => {
  const w = await world()
  await givePassword(w.cast.bob)
  const [p, other] = [await stale(w), await signInProgram(new Program(w.url), w.cast.bob)]
  const thief = Object.assign(new Program(w.url), { accessToken: p.accessToken })
  expect((await thief.call("GET", proof)).status).toBe(200)
  const before = partsOf(p.accessToken).claims
  const given = await p.call("POST", proof, { password: goodPassword })
  const next = partsOf(given.json.accessToken).claims
  expect([next.sid, next.org, next.exp]).toEqual([before.sid, w.cast.acme.id, before.exp])
  expect(given.json.expiresIn).toBeLessThanOrEqual(45 * 60)
  for (const path of [proof, "/api/auth/profile", "/api/organizations/acme/members"])
    expect(codeOf(await thief.call("GET", path)), path).toEqual([401, "invalid_token"])
  expect(codeOf(await thief.call("POST", needsProof))).toEqual([401, "invalid_token"])
  expect(codeOf(await thief.call("POST", "/api/auth/switch-org", { organization: "acme" }))).toEqual([
    401,
    "invalid_token",
  ])
  expect((await p.call("POST", needsProof)).status).toBe(200)
  expect((await other.call("GET", proof)).status).toBe(200)
  const refreshed = await p.withCookie("/api/auth/refresh")
  expect([refreshed.status, refreshed.json.expiresIn]).toEqual([200, accessTokenLifetime / 1000])
  expect((await p.call("POST", needsProof)).status).toBe(200)
})

test("[S2] a page's proof ends the tokens that were made of its session, and tells the page none", async () => {
  const w = await world()
  await givePassword(w.cast.bob)
  const page = await enter(w.browser(), w.cast.bob)
  const made = await page.json("/api/auth/switch-org", { organization: "acme" })
  const thief = Object.assign(new Program(w.url), { accessToken: JSON.parse(made.body).accessToken })
  w.clock.advance(minutes(16))
  expect((await thief.call("GET", proof)).json.fresh).toBe(false)
  const given = JSON.parse((await page.json(proof, { password: goodPassword })).body)
  expect([given.fresh, "accessToken" in given, "expiresIn" in given]).toEqual([true, false, false])
  expect(codeOf(await thief.call("POST", needsProof))).toEqual([401, "invalid_token"])
  expect((await page.json(needsProof, undefined)).status).toBe(200)
})

test("[S5] wrong codes void the code at the fifth, and prove nothing", async () => {
  const w = await world()
  const p = await stale(w)
  await p.call("POST", proofCode)
  const code = await mailedProofCode(w, email)
  const wrong = code === "AAAAAA" ? "BBBBBB" : "AAAAAA"
  for (let i = 0; i < 5; i++)
    expect(codeOf(await p.call("POST", proof, { code: wrong }))).toEqual([400, "proof_refused"])
  expect(codeOf(await p.call("POST", proof, { code }))).toEqual([400, "proof_refused"])
  expect((await p.call("GET", proof)).json.fresh).toBe(false)
  expect(await db().securityEvent.count({ where: { kind: "proof_refused" } })).toBe(6)
})

test("[S5] one code sent twice at once proves once", async () => {
  const w = await world()
  const p = await stale(w)
  await p.call("POST", proofCode)
  const code = await mailedProofCode(w, email)
  const both = await Promise.all([1, 2].map(() => p.call("POST", proof, { code })))
  await expectOneProof(both)
})

test("[S5] a code is good in the session it was asked for only", async () => {
  const w = await world()
  const [asked, other, stranger] = [await stale(w), await stale(w), await stale(w, w.cast.charlie)]
  await asked.call("POST", proofCode)
  const code = await mailedProofCode(w, email)
  for (const p of [other, stranger])
    expect(codeOf(await p.call("POST", proof, { code }))).toEqual([400, "proof_refused"])
  expect((await asked.call("POST", proof, { code })).status).toBe(200)
  const sessions = [asked, other].map(({ sessionId }) => findSessionById(sessionId))
  expect(sessions.map(session => session && isFresh(session))).toEqual([true, false])
})

test("[S5] codes are mailed once a minute and six times an hour, over all of a person's sessions", async () => {
  const w = await world()
  const p = await stale(w)
  await p.call("POST", proofCode)
  expect((await p.call("POST", proofCode)).status).toBe(202)
  await w.settle()
  expect(w.mailbox.messages(email)).toHaveLength(1)
  for (let i = 0; i < 5; i++) {
    w.clock.advance(minutes(1) + seconds(1))
    expect((await p.call("POST", proofCode)).status).toBe(202)
  }
  const second = await signInProgram(new Program(w.url), w.cast.bob)
  const refused = await second.call("POST", proofCode)
  expect(codeOf(refused)).toEqual([429, "too_many_requests"])
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(60)
  await w.settle()
  expect(w.mailbox.messages(email).filter(({ subject }) => subject.startsWith("Your code"))).toHaveLength(6)
})

test("[S5] a password proves, a wrong one does not, and guesses end with when to come back", async () => {
  const w = await world()
  await givePassword(w.cast.bob)
  const p = await stale(w)
  expect((await p.call("GET", proof)).json.ways).toEqual(["password", "code"])
  expect(codeOf(await p.call("POST", proof, { password: "not this one" }))).toEqual([400, "proof_refused"])
  expect((await p.call("POST", proof, { password: goodPassword })).json.fresh).toBe(true)
  const tries: Called[] = []
  for (let i = 0; i < 12; i++) tries.push(await p.call("POST", proof, { password: `not this one ${i}` }))
  const last = tries.at(-1)
  expect(last && codeOf(last)).toEqual([429, "too_many_requests"])
  expect(Number(last?.headers.get("Retry-After"))).toBeGreaterThan(0)
})

test("[S5] whoever has two-factor sign-in on shows the second factor, and nothing less", async () => {
  const w = await world()
  await givePassword(w.cast.bob)
  const p = await signInProgram(new Program(w.url), w.cast.bob)
  const app = await withTwoFactor(w.cast.bob.id)
  w.clock.advance(minutes(16))
  expect((await p.call("GET", proof)).json.ways).toEqual(["totp"])
  expect(codeOf(await p.call("POST", proof, { password: goodPassword }))).toEqual([409, "way_not_open"])
  expect(codeOf(await p.call("POST", proofCode))).toEqual([409, "way_not_open"])
  expect(codeOf(await p.call("POST", proof, { totp: wrongCode(app) }))).toEqual([400, "proof_refused"])
  const code = app.code()
  const both = await Promise.all([1, 2].map(() => p.call("POST", proof, { totp: code })))
  await expectOneProof(both)
  expect(findSessionById(p.sessionId)?.twoFactors).toBe(true)
  w.clock.advance(minutes(16))
  expect((await p.call("POST", proof, { totp: app.recoveryCodes[0] })).status).toBe(200)
  await w.settle()
  expect(w.mailbox.latestTo(email).text).toContain("A recovery code was used (9 left)")
  expect(await db().mail.count({ where: { template: "proof_code" } })).toBe(0)
})

test("[S5] a passkey proves by the challenge that was given, once, and makes the session one of two factors", async () => {
  const w = await world()
  const [own, foreign] = [new Authenticator(w.url), new Authenticator(w.url)]
  await givePasskey(w.cast.bob, own)
  await givePasskey(w.cast.charlie, foreign)
  const p = await stale(w)
  const asked = (await p.call("GET", proof)).json
  expect([asked.ways, asked.passkey.allowCredentials.length]).toEqual([["code", "passkey"], 1])
  const signInOptions = (await p.call("POST", "/api/auth/passkeys/login-options")).json
  const refused = [
    foreign.get(asked.passkey),
    own.get(signInOptions),
    own.get(asked.passkey, { origin: "https://evil.test" }),
    own.get(asked.passkey, { rpId: "evil.test" }),
  ]
  for (const passkey of refused)
    expect(codeOf(await p.call("POST", proof, { passkey }))).toEqual([400, "proof_refused"])
  const passkey = own.get(asked.passkey)
  expect((await p.call("POST", proof, { passkey })).json.fresh).toBe(true)
  expect(findSessionById(p.sessionId)?.twoFactors).toBe(true)
  expect(codeOf(await p.call("POST", proof, { passkey }))).toEqual([400, "proof_refused"])
})

test("[S5] exactly one proof is given, of the right shape", async () => {
  const w = await world()
  const p = await stale(w)
  for (const body of [
    {},
    { code: "AAAAAA", password: "x" },
    { code: { $gt: "" } },
    { totp: "" },
    { passkey: "x" },
    { password: "x".repeat(2_000) },
    [],
    null,
  ])
    expect(codeOf(await p.call("POST", proof, body)), JSON.stringify(body)).toEqual([400, "invalid_input"])
  expect(await db().securityEvent.count({ where: { kind: "proof_refused" } })).toBe(0)
})

test("[A3] an API key proves nothing, and neither does nobody", async () => {
  const w = await world()
  const [guest, key] = [new Program(w.url), await keyOfAcme(w)]
  for (const [method, path] of [
    ["GET", proof],
    ["POST", proof],
    ["POST", proofCode],
  ] as const) {
    const asGuest = await guest.send(method, path, undefined, { Origin: w.url })
    expect(codeOf(asGuest), path).toEqual([401, "signed_out"])
    expect(codeOf(await guest.call(method, path, undefined, key)), path).toEqual([403, "scope_missing"])
  }
})
