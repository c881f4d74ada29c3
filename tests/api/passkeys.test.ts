import { parseSetCookie } from "cookie"
import { expect, test } from "vitest"
import { proofOptions, secondFactorOptions, signInOptions } from "~/domain/accounts/passkey-options.server"
import { mostPasskeys } from "~/domain/accounts/passkey-words"
import { db } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { keyOfAcme } from "../support/api-key"
import { Authenticator, type Lie } from "../support/authenticator"
import { minutes, seconds } from "../support/clock"
import { givePasskey } from "../support/passkey"
import { furnishPasskeys } from "../support/passkey-furniture"
import { type Called, Program, signInProgram } from "../support/program"
import { enter } from "../support/tenancy"
import { withTwoFactor } from "../support/two-factor"
import { setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()

const list = "/api/auth/passkeys"
const at = (what: string) => `${list}/${what}`

const program = (w: World, user = w.cast.bob) => signInProgram(new Program(w.url), user)
const codeOf = ({ status, json }: Called) => [status, json?.error?.code]

/** What a program without a token posts, from our own origin. */
const ask = (w: World, path: string, body?: unknown) =>
  new Program(w.url).send("POST", path, body, { Origin: w.url })

/** Has this authenticator make a passkey by API. */
async function make(p: Program, authenticator: Authenticator, lie: Lie = {}, name?: string) {
  const options = await p.call("POST", at("register-options"))
  expect(options.status).toBe(200)
  return p.call("POST", at("register"), { name, passkey: authenticator.create(options.json, lie) })
}

async function signIn(w: World, authenticator: Authenticator, lie: Lie = {}) {
  const { json } = await ask(w, at("login-options"))
  return ask(w, at("login"), { passkey: authenticator.get(json, lie) })
}

/** Someone who has a passkey, and a program of theirs that began after it was made. */
async function withPasskey(w: World, user: User = w.cast.bob) {
  const authenticator = new Authenticator(w.url)
  await givePasskey(user, authenticator)
  const { id } = await db().passkey.findUniqueOrThrow({ where: { credentialId: authenticator.id } })
  return { authenticator, id, p: await program(w, user) }
}

test("[S12] a passkey is made by API, listed, and signs in without an address; a mail tells of it", async () => {
  const w = await world()
  const { bob } = w.cast
  const [p, other, page] = [await program(w), await program(w), await enter(w.browser(), bob)]
  const authenticator = new Authenticator(w.url)
  const copied = p.accessToken
  const made = await make(p, authenticator, {}, "Phone")
  expect(made.status).toBe(201)
  const { accessToken, expiresIn, ...passkey } = made.json
  expect(passkey).toMatchObject({ name: "Phone", lastUsedAt: null, otherHost: null })
  expect(expiresIn).toBeGreaterThan(3_500)
  expect(made.headers.getSetCookie()).toEqual([])
  expect(codeOf(await p.call("GET", list, undefined, copied))).toEqual([401, "invalid_token"])
  expect((await p.call("GET", list, undefined, accessToken)).json).toEqual({ data: [passkey] })
  expect(codeOf(await other.call("GET", list))).toEqual([401, "invalid_token"])
  expect(await whoIs(page)).toBeUndefined()
  await w.settle()
  const notices = w.mailbox
    .messages(bob.email)
    .filter(({ text }) => text.includes("A passkey was added (Phone)"))
  expect(notices).toHaveLength(1)

  const entered = await signIn(w, authenticator)
  expect(entered.status).toBe(200)
  expect(entered.json).toMatchObject({ status: "signed_in", user: { email: bob.email } })
  expect(entered.headers.getSetCookie().map(line => parseSetCookie(line).name)).toEqual(["gatehouse-refresh"])
  const session = await db().session.findFirstOrThrow({ where: { method: "passkey" } })
  expect(session).toMatchObject({ userId: bob.id, secondFactor: "passkey", endedAt: null })
  expect((await p.call("GET", list)).json.data[0].lastUsedAt).not.toBeNull()
})

test("[S9] a passkey counts as both factors, whoever else owes one", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  await withTwoFactor(w.cast.bob.id)
  expect((await signIn(w, authenticator)).json.status).toBe("signed_in")
})

test("[S2] a page that makes a passkey by API gets the new id of its session", async () => {
  const w = await world()
  const page = await enter(w.browser(), w.cast.bob)
  const before = page.cookies.get("gatehouse")
  const options = JSON.parse((await page.json(at("register-options"), undefined)).body)
  const made = await page.json(at("register"), { passkey: new Authenticator(w.url).create(options) })
  expect([made.status, JSON.parse(made.body).name]).toEqual([201, "Firefox on Linux"])
  expect(page.cookies.get("gatehouse")).not.toBe(before)
  expect(await whoIs(page)).toBe("bob@acme.test")
})

test.each<[string, Lie]>([
  ["from another origin", { origin: "https://evil.test" }],
  ["for another host name", { rpId: "evil.test" }],
  ["without looking at the person", { userVerified: false }],
  ["of another kind", { type: "webauthn.get" }],
  ["with a challenge nobody made", { challenge: Buffer.alloc(54).toString("base64url") }],
])("[S12] no passkey is made %s", async (_, lie) => {
  const w = await world()
  const p = await program(w)
  expect(codeOf(await make(p, new Authenticator(w.url), lie))).toEqual([400, "passkey_refused"])
  expect(await db().passkey.count()).toBe(0)
  expect((await p.call("GET", list)).status).toBe(200)
})

test.each<[string, Lie]>([
  ["from another origin", { origin: "https://evil.test" }],
  ["for another host name", { rpId: "evil.test" }],
  ["without looking at the person", { userVerified: false }],
  ["of another kind", { type: "webauthn.create" }],
  ["with a challenge nobody made", { challenge: Buffer.alloc(54).toString("base64url") }],
  ["with the handle of somebody else", { userHandle: Buffer.from("someone").toString("base64url") }],
  ["with another signature", { signature: Buffer.alloc(70) }],
])("[S12] nobody signs in by a passkey %s", async (_, lie) => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  const before = await db().session.count()
  expect(codeOf(await signIn(w, authenticator, lie))).toEqual([400, "passkey_refused"])
  expect(await db().session.count()).toBe(before)
  expect((await signIn(w, authenticator)).status).toBe(200)
})

test("[S12] a challenge counts once, also in two answers at once, for five minutes, and in its own ceremony", async () => {
  const w = await world()
  const { authenticator, p } = await withPasskey(w)
  const { bob } = w.cast
  const login = (passkey: unknown) => ask(w, at("login"), { passkey })
  const answer = authenticator.get(await signInOptions())
  const both = await Promise.all([login(answer), login(answer)])
  expect(both.map(codeOf).sort()).toEqual([
    [200, undefined],
    [400, "passkey_refused"],
  ])
  expect(codeOf(await login(answer))).toEqual([400, "passkey_refused"])
  for (const options of [await proofOptions(bob.id), await secondFactorOptions(bob.id)])
    expect(codeOf(await login(authenticator.get(options)))).toEqual([400, "passkey_refused"])
  const creation = (await p.call("POST", at("register-options"))).json
  const asked = { ...creation, rpId: creation.rp.id }
  expect(codeOf(await login(authenticator.get(asked)))).toEqual([400, "passkey_refused"])
  const late = authenticator.get(await signInOptions())
  w.clock.advance(minutes(5) + seconds(1))
  expect(codeOf(await login(late))).toEqual([400, "passkey_refused"])
  expect(await db().session.count({ where: { method: "passkey" } })).toBe(1)
})

test("[S12] an answer that makes a passkey counts once, for the person it was asked for, while their proof is fresh", async () => {
  const w = await world()
  const [p, charlie] = [await program(w), await program(w, w.cast.charlie)]
  const options = (await p.call("POST", at("register-options"))).json
  const passkey = new Authenticator(w.url).create(options)
  expect(codeOf(await charlie.call("POST", at("register"), { passkey }))).toEqual([400, "passkey_refused"])
  const both = await Promise.all([1, 2].map(() => p.call("POST", at("register"), { passkey })))
  // The second finds the challenge spent, or its token dead, for the session has another id by then.
  expect(both.map(({ status }) => status).sort()).toEqual([201, expect.toBeOneOf([400, 401])])
  expect(await db().passkey.findMany({ select: { userId: true } })).toEqual([{ userId: w.cast.bob.id }])
  const again = new Authenticator(w.url, { credentialId: Buffer.from(passkey.id, "base64url") })
  expect(codeOf(await make(charlie, again))).toEqual([409, "passkey_known"])
  w.clock.advance(minutes(15) + seconds(1))
  expect(codeOf(await charlie.call("POST", at("register-options")))).toEqual([403, "proof_needed"])
})

test("[A1] a passkey whose answer was lost on the way is told again by its Idempotency-Key, and made once", async () => {
  const w = await world()
  const p = await program(w)
  const { json } = await p.call("POST", at("register-options"))
  const passkey = new Authenticator(w.url).create(json)
  const send = () =>
    p.send(
      "POST",
      at("register"),
      { passkey },
      {
        Authorization: `Bearer ${p.accessToken}`,
        "Idempotency-Key": "made-once",
      },
    )
  const first = await send()
  expect(codeOf(await send())).toEqual([401, "invalid_token"])
  await p.withCookie("/api/auth/refresh")
  const again = await send()
  // The token is told once, and not kept.
  const { accessToken, ...kept } = first.json
  expect(accessToken).toEqual(expect.any(String))
  expect([first.status, again.status, again.json]).toEqual([201, 201, kept])
  expect(await db().passkey.count()).toBe(1)
})

test("[S12] there is an end to how many passkeys one can have", async () => {
  const w = await world()
  const { p } = await withPasskey(w)
  const row = await db().passkey.findFirstOrThrow()
  for (let i = 1; i < mostPasskeys; i++)
    await db().passkey.create({ data: { ...row, id: `more-${i}`, credentialId: `more-${i}` } })
  const refused = await make(p, new Authenticator(w.url))
  expect(codeOf(refused)).toEqual([409, "limit_reached"])
  expect(refused.json.error.message).toContain(`${mostPasskeys} passkeys`)
})

test("[S12] a counter that goes backwards is refused, and told by mail", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  expect((await signIn(w, authenticator)).status).toBe(200)
  const refused = await signIn(w, authenticator, { counter: 1 })
  expect(codeOf(refused)).toEqual([400, "passkey_refused"])
  expect(refused.json.error.message).toContain("counted backwards")
  const events = await db().securityEvent.count({ where: { kind: "passkey_refused" } })
  expect(events).toBe(1)
  await w.settle()
  const texts = w.mailbox.messages("bob@acme.test").map(({ text }) => text)
  expect(texts.filter(text => text.includes("A passkey was refused"))).toHaveLength(1)
})

test("[S12] a person who is shut out does not come in by passkey", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  expect(codeOf(await signIn(w, authenticator))).toEqual([403, "account_disabled"])
})

test("[S12] one's own passkeys are renamed and removed, with a notice; those of others are not there", async () => {
  const w = await world()
  const { p, id } = await withPasskey(w)
  const [stranger, other] = [await program(w, w.cast.charlie), await program(w)]
  for (const [method, body] of [
    ["PATCH", { name: "Mine" }],
    ["DELETE", undefined],
  ] as const)
    expect(codeOf(await stranger.call(method, at(id), body)), method).toEqual([404, "not_found"])
  expect((await stranger.call("GET", list)).json).toEqual({ data: [] })
  const renamed = await p.call("PATCH", at(id), { name: " Desk " })
  expect([renamed.status, renamed.json.name]).toEqual([200, "Desk"])
  expect(codeOf(await p.call("PATCH", at(id), { name: " " }))).toEqual([400, "invalid_input"])
  const both = await Promise.all([1, 2].map(() => p.call("DELETE", at(id))))
  expect(both.map(({ status }) => status).sort()).toEqual([204, 404])
  expect(codeOf(await other.call("GET", list))).toEqual([401, "invalid_token"])
  expect((await p.call("GET", list)).json).toEqual({ data: [] })
  await w.settle()
  const texts = w.mailbox.messages("bob@acme.test").map(({ text }) => text)
  expect(texts.filter(text => text.includes("A passkey was removed (Desk)"))).toHaveLength(1)
})

test("[S10] removing asks for fresh proof, and the last way in stays", async () => {
  const w = await world()
  const { p, id } = await withPasskey(w)
  await db().suppression.create({
    data: { email: "bob@acme.test", reason: "bounced", createdAt: new Date() },
  })
  expect(codeOf(await p.call("DELETE", at(id)))).toEqual([409, "last_way_in"])
  w.clock.advance(minutes(15) + seconds(1))
  expect(codeOf(await p.call("DELETE", at(id)))).toEqual([403, "proof_needed"])
  expect(await db().passkey.count()).toBe(1)
})

test("[S12] a passkey made under another host name is listed as such and not offered", async () => {
  const w = await world()
  const { moved } = await furnishPasskeys(w.cast.bob)
  const p = await program(w)
  const { data } = (await p.call("GET", list)).json
  expect(data.find((row: { id: string }) => row.id === moved).otherHost).toBe(
    "gate.our-old-address.example.com",
  )
  const { excludeCredentials } = (await p.call("POST", at("register-options"))).json
  expect(excludeCredentials).toHaveLength(2)
})

test("[L16] answers of passkeys are counted by client, in the bucket of the page", async () => {
  const w = await world()
  w.settings({ LIMIT_CHECKS_PER_CLIENT: "2" })
  const { authenticator } = await withPasskey(w)
  // Right answers are not.
  for (let i = 0; i < 4; i++) expect((await signIn(w, authenticator)).status).toBe(200)
  const lie = { origin: "https://evil.test" }
  for (let i = 0; i < 2; i++) expect((await signIn(w, authenticator, lie)).status).toBe(400)
  const refused = await signIn(w, authenticator)
  expect(codeOf(refused)).toEqual([429, "too_many_requests"])
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0)
  const passkey = JSON.stringify(authenticator.get(await signInOptions()))
  expect((await w.browser().post("/login/passkey", { passkey })).status).toBe(429)
})

test("[S16] asking for a passkey tells nothing of anybody, and no other site may sign in", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  const options = await ask(w, at("login-options"))
  expect([options.status, options.json.allowCredentials]).toEqual([200, []])
  const passkey = authenticator.get(options.json)
  const foreign = await new Program(w.url).send(
    "POST",
    at("login"),
    { passkey },
    { Origin: "https://evil.test" },
  )
  expect(foreign.status).toBe(403)
  expect(codeOf(await ask(w, at("login"), {}))).toEqual([400, "invalid_input"])
  expect(await db().session.count({ where: { method: "passkey" } })).toBe(0)
})

test("[A3] an API key does nothing here, and neither does nobody", async () => {
  const w = await world()
  const { id } = await withPasskey(w, w.cast.alice)
  const [guest, key] = [new Program(w.url), await keyOfAcme(w)]
  for (const [method, path] of [
    ["POST", at("register-options")],
    ["POST", at("register")],
    ["GET", list],
    ["PATCH", at(id)],
    ["DELETE", at(id)],
  ] as const) {
    const asGuest = await guest.send(method, path, undefined, { Origin: w.url })
    expect(codeOf(asGuest), path).toEqual([401, "signed_out"])
    expect(codeOf(await guest.call(method, path, undefined, key)), path).toEqual([403, "scope_missing"])
  }
})
