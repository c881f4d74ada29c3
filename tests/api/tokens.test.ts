import { createPublicKey } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import { calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose"
import { expect, test } from "vitest"
import { openChallenge } from "~/domain/accounts/sign-in-challenges.server"
import { createApiKey, revokeApiKey } from "~/domain/organizations/api-keys.server"
import { readAccessToken } from "~/domain/sign-in/access-tokens.server"
import { db, transaction } from "~/platform/db.server"
import {
  publicKeySet,
  publishNextKey,
  replaceSigningKeys,
  tendSigningKeys,
} from "~/platform/signing-keys.server"
import { buildOrganization, buildUser } from "../support/cast"
import { days, hours, minutes, seconds } from "../support/clock"
import { hmacSigned, partsOf, secondsFrom, signedByUs, unsigned } from "../support/forgery"
import { member, requester } from "../support/membership"
import { Program, signInProgram } from "../support/program"
import { enter } from "../support/tenancy"
import { withTwoFactor } from "../support/two-factor"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()
const profile = "/api/auth/profile"
/** Another spelling of the same address, which Remix answers. */
const slow = "/api/auth/profile/"

const program = (w: World, user = w.cast.alice) => signInProgram(new Program(w.url), user)

/** Asserts that both ways of asking who calls refuse this token alike, and say nothing more. */
async function expectRefused(w: World, token: string, what: string) {
  const caller = new Program(w.url)
  for (const path of [profile, slow]) {
    const answer = await caller.call("GET", path, undefined, token)
    expect([answer.status, answer.json.error.code], `${what} at ${path}`).toEqual([401, "invalid_token"])
    expect(answer.headers.get("WWW-Authenticate"), what).toBe('Bearer error="invalid_token"')
  }
}

async function expectGood(w: World, token: string, email = "alice@acme.test") {
  const caller = new Program(w.url)
  for (const path of [profile, slow])
    expect((await caller.call("GET", path, undefined, token)).json.user.email, path).toBe(email)
}

test("[A1] an access token says who, which session, which organisation, for whom, from whom and how long, and no rights", async () => {
  const w = await world()
  const p = await program(w)
  await p.withCookie("/api/auth/refresh")
  const { header, claims } = partsOf(p.accessToken)
  expect(header).toEqual({ alg: "ES256", typ: "at+jwt", kid: publicKeySet().keys[0]?.kid })
  expect(claims).toEqual({
    sub: w.cast.alice.id,
    sid: p.sessionId,
    gen: expect.any(String),
    org: w.cast.acme.id,
    jti: expect.any(String),
    iss: w.url,
    aud: w.url,
    iat: expect.any(Number),
    exp: (claims.iat ?? 0) + 3600,
  })
  await expectGood(w, p.accessToken)
})

test("[A1] an hour later it is worth nothing, whether it was seen before or not", async () => {
  const w = await world()
  const [seen, unseen] = [await program(w), await program(w)]
  await expectGood(w, seen.accessToken)
  w.clock.advance(hours(1) - seconds(2))
  await expectGood(w, seen.accessToken)
  w.clock.advance(seconds(4))
  await expectRefused(w, seen.accessToken, "seen")
  await expectRefused(w, unseen.accessToken, "unseen")
})

test("[A1] no token of another algorithm counts: none, or HS256 with our public key as its secret", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const { header, claims, signature } = partsOf(accessToken)
  for (const alg of ["none", "None", "NONE", "nOnE", "", null, 0]) {
    await expectRefused(w, unsigned({ ...header, alg }, claims), `alg ${alg}`)
    await expectRefused(w, unsigned({ ...header, alg }, claims, signature), `alg ${alg} with a signature`)
  }
  const [jwk] = publicKeySet().keys
  if (!jwk) throw new Error("There is a key.")
  const key = createPublicKey({ key: { ...jwk }, format: "jwk" })
  const pem = key.export({ type: "spki", format: "pem" }).toString()
  const { id, publicKey } = await db().signingKey.findFirstOrThrow()
  const secrets = [
    pem,
    pem.trim(),
    key.export({ type: "spki", format: "der" }),
    publicKey,
    JSON.stringify(jwk),
    Buffer.from(jwk.x ?? "", "base64url"),
    id,
    "",
  ]
  for (const secret of secrets)
    for (const alg of ["HS256", "ES256"])
      await expectRefused(w, hmacSigned({ ...header, alg }, claims, secret), `${alg} with a public secret`)
})

test("[A1] a key of somebody else's signs nothing, by whatever name, and nothing is fetched because a token asks for it", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const { header, claims } = partsOf(accessToken)
  const theirs = await generateKeyPair("ES256", { extractable: true })
  const jwk = await exportJWK(theirs.publicKey)
  const foreign = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: "ES256", use: "sig" }
  let asked = 0
  const server = createServer((_, res) => {
    asked++
    res.setHeader("Content-Type", "application/json").end(JSON.stringify({ keys: [foreign] }))
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/jwks.json`
  const pem = (await exportSPKI(theirs.publicKey)).replace(/-----[^-]+-----|\s/g, "")
  const headers: Record<string, object> = {
    "our kid": {},
    "their kid": { kid: foreign.kid },
    jku: { kid: foreign.kid, jku: url },
    "jku beside our kid": { jku: url },
    jwk: { jwk: foreign },
    "jwk beside their kid": { kid: foreign.kid, jwk: foreign },
    x5u: { x5u: url },
    x5c: { x5c: [pem] },
    "x5c of their kid": { kid: foreign.kid, x5c: [pem] },
  }
  try {
    for (const [what, more] of Object.entries(headers)) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ ...header, ...more })
        .sign(theirs.privateKey)
      await expectRefused(w, token, what)
    }
    expect(asked).toBe(0)
  } finally {
    server.close()
  }
})

test("[A1] a kid that is a path, a query, or no text at all names no key and breaks nothing", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const { header, claims, signature } = partsOf(accessToken)
  const kids: unknown[] = [
    "../../../../dev/null",
    "/dev/null",
    "x' OR '1'='1",
    "' UNION SELECT '{}' --",
    "%",
    "*",
    "",
    "\u0000",
    `${header.kid}\u0000`,
    ` ${header.kid}`,
    String(header.kid).toUpperCase(),
    "__proto__",
    "constructor",
    null,
    undefined,
    0,
    1.5,
    true,
    [],
    [header.kid],
    [header.kid, header.kid],
    {},
    { id: header.kid },
    { $ne: null },
  ]
  for (const kid of kids) {
    await expectRefused(w, unsigned({ ...header, kid }, claims, signature), `kid ${JSON.stringify(kid)}`)
    await expectRefused(
      w,
      hmacSigned({ ...header, alg: "HS256", kid }, claims, ""),
      `kid ${JSON.stringify(kid)}`,
    )
  }
})

test("[A1] signed by us or not: another audience, issuer, type or time is refused, and so is a token without them", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const { claims } = partsOf(accessToken)
  await expectGood(w, await signedByUs({}, claims))
  const others: Record<string, object> = {
    "another audience": { aud: "https://other.example" },
    "audiences without ours": { aud: ["https://other.example", `${w.url}/`] },
    "no audience": { aud: undefined },
    "another issuer": { iss: "https://other.example" },
    "an issuer that begins like ours": { iss: `${w.url}.evil.example` },
    "no issuer": { iss: undefined },
    "no subject": { sub: undefined },
    "somebody else's session": { sub: w.cast.bob.id },
    "no session": { sid: undefined },
    "a session that is no text": { sid: [claims.sid] },
    "a session of nobody": { sid: "x" },
    "no generation": { gen: undefined },
    "a generation that is no text": { gen: [claims.gen] },
    "another generation": { gen: "x" },
    expired: { exp: secondsFrom(-seconds(1)) },
    "expiring now": { exp: secondsFrom(0) },
    "no expiry": { exp: undefined },
    "an expiry that is no number": { exp: "never" },
    "not yet valid": { nbf: secondsFrom(minutes(5)) },
    "issued in the future": { iat: secondsFrom(minutes(5)), exp: secondsFrom(hours(1)) },
    "no time of issue": { iat: undefined },
    "issued too long ago, valid too long": { iat: secondsFrom(-hours(2)), exp: secondsFrom(days(10)) },
  }
  for (const [what, other] of Object.entries(others))
    await expectRefused(w, await signedByUs({}, { ...claims, ...other }), what)
  for (const typ of ["JWT", "logout+jwt", "id+jwt", undefined, ""])
    await expectRefused(w, await signedByUs({ typ }, claims), `typ ${typ}`)
  const critical = await signedByUs({}, claims)
  const { header } = partsOf(critical)
  await expectRefused(
    w,
    unsigned({ ...header, crit: ["x"], x: 1 }, claims, partsOf(critical).signature),
    "crit",
  )
})

test("[A1] not a letter of a token can be changed, taken away or taken from another one", async () => {
  const w = await world()
  const [p, bob] = [await program(w), await program(w, w.cast.bob)]
  const [header = "", claims = "", signature = ""] = p.accessToken.split(".")
  const [, bobsClaims = "", bobsSignature = ""] = bob.accessToken.split(".")
  const broken: Record<string, string> = {
    "another one's signature": [header, claims, bobsSignature].join("."),
    "another one's claims": [header, bobsClaims, signature].join("."),
    "no signature": `${header}.${claims}.`,
    "two parts": `${header}.${claims}`,
    "one part": header,
    "four parts": `${p.accessToken}.${signature}`,
    truncated: p.accessToken.slice(0, -1),
    halved: p.accessToken.slice(0, p.accessToken.length / 2),
    longer: `${p.accessToken}A`,
    "a signature of zeros": [header, claims, Buffer.alloc(64).toString("base64url")].join("."),
    "a signature in DER": [header, claims, Buffer.from("3006020101020101", "hex").toString("base64url")].join(
      ".",
    ),
    "an encrypted one's shape": `${header}.${claims}.${signature}.x.y`,
    dots: "..",
    nothing: "",
    words: "not a token at all",
    "claims that are no object": [header, Buffer.from("[]").toString("base64url"), signature].join("."),
  }
  for (const [what, token] of Object.entries(broken)) await expectRefused(w, token, what)
  for (const at of [0, 5, header.length + 3, header.length + claims.length + 5]) {
    const letter = p.accessToken[at] === "A" ? "B" : "A"
    const changed = p.accessToken.slice(0, at) + letter + p.accessToken.slice(at + 1)
    await expectRefused(w, changed, `letter ${at}`)
  }
  await expectGood(w, p.accessToken)
})

test("[A1] a token of a megabyte costs nothing: the server refuses it, and reads none that is too long", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const { header, claims } = partsOf(accessToken)
  const long = await signedByUs({}, { ...claims, pad: "x".repeat(4_000) })
  await expectRefused(w, long, "signed, but too long")
  expect(await readAccessToken(unsigned(header, { ...claims, pad: "x".repeat(1_000_000) }))).toBeUndefined()
  const huge = new Program(w.url).call("GET", profile, undefined, "x".repeat(1_000_000))
  expect(
    await huge.then(
      answer => answer.status,
      () => "cut off",
    ),
  ).toSatisfy(status => status === 431 || status === "cut off")
  await expectGood(w, accessToken)
})

test("[A1] only Bearer is a token's scheme, in any spelling, and a token counts nowhere but in the header", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const caller = new Program(w.url)
  const status = async (Authorization: string, path = profile) =>
    (await caller.send("GET", path, undefined, { Authorization })).status
  for (const path of [profile, slow]) {
    expect(await status(`bearer ${accessToken}`, path)).toBe(200)
    expect(await status(`BEARER   ${accessToken}`, path)).toBe(200)
    for (const other of [`Basic ${accessToken}`, accessToken, `Token ${accessToken}`, "Bearer", "Bearer "])
      expect(await status(other, path), other.slice(0, 9)).toBe(401)
    expect(await status(`Bearer ${accessToken} ${accessToken}`, path)).toBe(401)
  }
  for (const path of [profile, slow]) {
    const inQuery = await caller.send("GET", `${path}?access_token=${accessToken}`, undefined, {})
    expect(inQuery.status).toBe(401)
    const asCookie = await caller.send("GET", path, undefined, { Cookie: `gatehouse=${accessToken}` })
    expect(asCookie.status).toBe(401)
  }
})

test("[A1] a bearer that does not count is not saved by a good cookie beside it, and a page listens to the cookie only", async () => {
  const w = await world()
  const { accessToken } = await program(w, w.cast.bob)
  const page = await enter(w.browser(), w.cast.alice)
  for (const path of [profile, slow]) {
    expect((await page.get(path, { Authorization: "Bearer nonsense" })).status).toBe(401)
    const both = await page.get(path, { Authorization: `Bearer ${accessToken}` })
    expect(JSON.parse(both.body).user.email).toBe("bob@acme.test")
  }
  const guest = new Program(w.url)
  const answer = await fetch(`${w.url}/account/devices`, {
    redirect: "manual",
    headers: { Authorization: `Bearer ${accessToken}`, "User-Agent": guest.userAgent },
  })
  expect([answer.status, answer.headers.get("Location")]).toEqual([
    302,
    "/login?redirectTo=%2Faccount%2Fdevices",
  ])
})

test("[A1] a token that has run out keeps nobody from signing in anew", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  w.clock.advance(hours(2))
  const guest = new Program(w.url)
  const challenge = await transaction(tx => openChallenge(tx, { userId: w.cast.bob.id, way: "password" }))
  const app = await withTwoFactor(w.cast.bob.id)
  const id = Buffer.alloc(16).toString("base64url")
  const response = { clientDataJSON: id, authenticatorData: id, signature: id, userHandle: id }
  const passkey = { id, rawId: id, type: "public-key", clientExtensionResults: {}, response }
  const asked: [string, unknown, number, string?][] = [
    ["/api/auth/passkeys/login-options", {}, 200],
    ["/api/auth/passkeys/login-options", { challenge }, 200],
    ["/api/auth/passkeys/login", { passkey }, 400, "passkey_refused"],
    ["/api/auth/mfa/verify", { challenge, code: app.code() }, 200],
  ]
  for (const [path, body, status, code] of asked) {
    const headers = { Authorization: `Bearer ${accessToken}`, Origin: w.url }
    const answer = await guest.send("POST", path, body, headers)
    expect([answer.status, answer.json.error?.code], path).toEqual([status, code])
  }
})

test("[A1] a token of a session that is over, or of somebody shut out or deleted, is dead at the next request", async () => {
  const w = await world()
  const gone = await buildUser(db(), { email: "gone@acme.test" })
  const [ended, disabled, deleted] = [await program(w), await program(w, w.cast.bob), await program(w, gone)]
  for (const p of [ended, disabled, deleted]) expect((await p.call("GET", profile)).status).toBe(200)
  await db().session.update({ where: { id: ended.sessionId }, data: { endedAt: new Date() } })
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: new Date() } })
  await db().user.delete({ where: { id: gone.id } })
  for (const [what, p] of Object.entries({ ended, disabled, deleted }))
    await expectRefused(w, p.accessToken, what)
  await db().user.update({ where: { id: w.cast.bob.id }, data: { disabledAt: null } })
  await expectGood(w, disabled.accessToken, "bob@acme.test")
})

test("[A1] a token whose key was withdrawn is worth nothing, though it was good a moment before", async () => {
  const w = await world()
  const p = await program(w)
  await expectGood(w, p.accessToken)
  await replaceSigningKeys()
  await expectRefused(w, p.accessToken, "its key is gone")
  expect((await p.withCookie("/api/auth/refresh")).status).toBe(200)
  await expectGood(w, p.accessToken)
})

test("[A1] a token outlives the key that signed it being replaced in turn", async () => {
  const w = await world()
  const p = await program(w)
  await publishNextKey(minutes(10))
  w.clock.advance(minutes(11))
  const old = p.accessToken
  await p.withCookie("/api/auth/refresh")
  expect(partsOf(p.accessToken).header.kid).not.toBe(partsOf(old).header.kid)
  await tendSigningKeys()
  for (const token of [old, p.accessToken]) await expectGood(w, token)
})

test("[A1] a copy of our public key verifies a token elsewhere, with nothing but what the key set says", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const set = await (await fetch(`${w.url}/.well-known/jwks.json`)).json()
  expect(set.keys).toHaveLength(1)
  const key = await importJWK(set.keys[0])
  expect(key).toMatchObject({ type: "public" })
  expect(set.keys[0].kid).toBe(partsOf(accessToken).header.kid)
})

test("[A3] who calls by an API key: its organisation, in the same words in front of Remix and behind it, until it ends", async () => {
  const w = await world()
  const wish = { name: "Ledger", scopes: ["members:read" as const], expiresAt: null }
  const made = await createApiKey(await member(w.cast.alice, "acme"), wish, requester)
  if (!made.ok) throw new Error(made.error)
  const { key, apiKey } = made.value
  const caller = new Program(w.url)
  const told = {
    key: { id: apiKey.id, name: "Ledger", scopes: ["members:read"] },
    organization: { id: w.cast.acme.id, slug: "acme" },
  }
  for (const path of [profile, slow]) {
    const answer = await caller.call("GET", path, undefined, key)
    expect([answer.status, answer.json]).toEqual([200, told])
    expect(answer.text).not.toContain("alice")
  }
  for (const path of ["/api/auth/logout-everywhere", "/api/auth/switch-org"]) {
    const answer = await caller.call("POST", path, { organization: "acme" }, key)
    expect([answer.status, answer.json.error.code], path).toEqual([403, "scope_missing"])
  }
  expect((await caller.call("POST", "/api/auth/refresh", undefined, key)).status).toBe(401)
  expect((await caller.call("POST", "/api/auth/logout", undefined, key)).status).toBe(204)
  expect((await caller.call("GET", profile, undefined, key)).status).toBe(200)
  await expectRefused(w, `${key}x`, "a longer key")
  await expectRefused(w, key.slice(0, -1), "a shorter key")
  await revokeApiKey(await member(w.cast.alice, "acme"), apiKey.id, requester)
  await expectRefused(w, key, "revoked")
})

test("[A1] who calls: by cookie, token and key, in front of Remix and behind it, in the same words", async () => {
  const w = await world()
  const p = await program(w)
  const page = await enter(w.browser(), w.cast.alice)
  const asked: Record<string, string>[] = [
    { Cookie: `gatehouse=${page.cookies.get("gatehouse")}` },
    { Authorization: `Bearer ${p.accessToken}` },
    { Authorization: "Bearer nonsense" },
    { Authorization: "Bearer gatehouse_nonsense" },
    { Cookie: "gatehouse=nonsense" },
    {},
  ]
  for (const headers of asked) {
    const answers = await Promise.all([profile, slow].map(path => p.send("GET", path, undefined, headers)))
    const [one, two] = answers.map(({ status, json, headers }) => {
      const { requestId, ...error } = json.error ?? {}
      const told = ["WWW-Authenticate", "Cache-Control"].map(name => headers.get(name))
      expect(headers.get("Content-Type")).toMatch(/^application\/json/)
      return { status, user: json.user, error, told }
    })
    expect(one, JSON.stringify(headers)).toEqual(two)
  }
  const head = await fetch(w.url + profile, { method: "HEAD", headers: asked[1] })
  expect([head.status, await head.text()]).toEqual([200, ""])
})

test("[A4] a demoted member's token has the new rights at the next request", async () => {
  const w = await world()
  const p = await program(w, w.cast.amir)
  const progress = "/api/onboarding/progress?org=acme"
  expect((await p.call("GET", progress)).status).toBe(200)
  expect((await p.call("GET", "/api/organizations/acme/audit")).status).toBe(200)
  await db().membership.updateMany({ where: { userId: w.cast.amir.id }, data: { role: "member" } })
  const answer = await p.call("GET", progress)
  expect([answer.status, answer.json.error.code]).toEqual([403, "forbidden"])
  const body = { org: "acme", step: "workspace", state: "skipped" }
  expect((await p.call("PATCH", "/api/onboarding/progress", body)).status).toBe(403)
  expect((await p.call("GET", "/api/organizations/acme/audit")).status).toBe(403)
  const invited = { emails: ["new@acme.test"], role: "member" }
  expect((await p.call("POST", "/api/organizations/acme/invitations", invited)).status).toBe(403)
  expect(await db().invitation.count()).toBe(0)
})

test("[A4] a removed member's token finds nothing there at the next request, and goes on elsewhere", async () => {
  const w = await world()
  await buildOrganization(db(), { name: "Cedar", slug: "cedar", members: [[w.cast.amir, "owner"]] })
  const p = await program(w, w.cast.amir)
  await p.call("POST", "/api/auth/switch-org", { organization: "acme" })
  await p.withCookie("/api/auth/refresh")
  expect(partsOf(p.accessToken).claims.org).toBe(w.cast.acme.id)
  await db().membership.deleteMany({ where: { userId: w.cast.amir.id, organizationId: w.cast.acme.id } })
  const answer = await p.call("GET", "/api/onboarding/progress?org=acme")
  expect([answer.status, answer.json.error.code]).toEqual([404, "not_found"])
  for (const part of ["", "/members", "/invitations", "/audit", "/keys"])
    expect((await p.call("GET", `/api/organizations/acme${part}`)).status, part).toBe(404)
  expect((await p.call("GET", "/api/onboarding/progress?org=cedar")).status).toBe(200)
  expect((await p.call("GET", profile)).status).toBe(200)
})

test("[A4] [O8] a token's acts in an archived organisation are over at the next request", async () => {
  const w = await world()
  const p = await program(w)
  await db().organization.update({ where: { id: w.cast.acme.id }, data: { archivedAt: new Date() } })
  const answer = await p.call("GET", "/api/onboarding/progress?org=acme")
  expect([answer.status, answer.json.error.code]).toEqual([403, "archived"])
  expect((await p.call("GET", profile)).status).toBe(200)
})
