import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server"
import { expect, test } from "vitest"
import { proofLifetime } from "~/domain/accounts/fresh-proof.server"
import { db } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import { Authenticator } from "../support/authenticator"
import type { Browser } from "../support/browser"
import { givePasskey } from "../support/passkey"
import { mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

/* The passkeys' addresses, as a browser without a screen asks for them. */

const world = setUpWorld()

async function withPasskey(w: World, user: User) {
  const authenticator = new Authenticator(w.url)
  await givePasskey(user, authenticator)
  const { id } = await db().passkey.findUniqueOrThrow({ where: { credentialId: authenticator.id } })
  return { authenticator, path: `/account/passkeys/${id}` }
}

async function options(browser: Browser): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const answer = await browser.get("/login/passkey", { Accept: "application/json" })
  expect(answer.headers.get("Cache-Control")).toContain("no-store")
  return JSON.parse(answer.body)
}

async function enter(browser: Browser, authenticator: Authenticator, fields: Record<string, string> = {}) {
  const passkey = JSON.stringify(authenticator.get(await options(browser)))
  return browser.post("/login/passkey", { passkey, ...fields })
}

test("[S12] a passkey signs in, turns the session id and goes where the person was going", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w, w.cast.alice)
  const browser = w.browser()
  const answer = await enter(browser, authenticator, { redirectTo: "/o/acme/members" })
  expect(answer.status).toBe(303)
  expect(answer.location).toBe("/start?redirectTo=%2Fo%2Facme%2Fmembers")
  expect(await whoIs(browser)).toBe("alice@acme.test")
  const first = browser.cookies.get("gatehouse")
  await enter(browser, authenticator)
  expect(browser.cookies.get("gatehouse")).not.toBe(first)
  const old = w.browser()
  old.cookies.set("gatehouse", first ?? "")
  expect(await whoIs(old)).toBeUndefined()
})

test("[L15] a passkey leads nowhere outside", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w, w.cast.alice)
  expect((await enter(w.browser(), authenticator, { redirectTo: "//evil.test" })).location).toBe("/start")
})

test("[L1] asking for options writes nothing and sets no cookie, however often", async () => {
  const w = await world()
  const browser = w.browser()
  for (let i = 0; i < 20; i++) expect((await browser.get("/login/passkey")).setCookies).toEqual([])
  expect(await db().passkeyChallenge.count()).toBe(0)
})

test("[L11] the options are the same for everybody", async () => {
  const w = await world()
  await withPasskey(w, w.cast.alice)
  const shape = async () => {
    const { challenge, ...others } = await options(w.browser())
    return { ...others, length: challenge.length }
  }
  const before = await shape()
  await db().passkey.deleteMany()
  expect(await shape()).toEqual(before)
})

test("[S12] a refused answer comes back with why, signs nobody in, and is counted", async () => {
  const w = await world()
  w.settings({ LIMIT_CHECKS_PER_CLIENT: "4" })
  const { authenticator } = await withPasskey(w, w.cast.alice)
  const stranger = w.browser()
  const refused = await stranger.post("/login/passkey", { passkey: "nonsense" })
  expect(refused.status).toBe(400)
  expect(refused.setCookies).toEqual([])
  expect((await stranger.post("/login/passkey", {})).status).toBe(400)
  const unknown = new Authenticator(w.url)
  for (let i = 0; i < 3; i++) expect((await enter(stranger, unknown)).status).toBe(400)
  const late = await enter(stranger, authenticator)
  expect(late.status).toBe(429)
  expect(Number(late.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect(await whoIs(stranger)).toBeUndefined()
})

test("[L16] right answers are not counted: an office behind one address signs in all day", async () => {
  const w = await world()
  w.settings({ LIMIT_CHECKS_PER_CLIENT: "2" })
  const { authenticator } = await withPasskey(w, w.cast.alice)
  for (let i = 0; i < 6; i++) expect((await enter(w.browser(), authenticator)).status).toBe(303)
})

test("[S16] an answer from another site is refused", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w, w.cast.alice)
  const browser = w.browser()
  const passkey = JSON.stringify(authenticator.get(await options(browser)))
  const crossSite = { Origin: "https://evil.test", "Sec-Fetch-Site": "cross-site" }
  expect((await browser.post("/login/passkey", { passkey }, crossSite)).status).toBe(403)
})

test("[S5] adding a passkey asks for fresh proof when the last is old, and keeps the name", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const begin = { intent: "begin", name: "Blue key" }
  expect((await browser.post("/account/passkeys.data", begin)).body).toContain("challenge")
  w.clock.advance(proofLifetime + 1000)
  const asked = await browser.post("/account/passkeys", begin)
  expect(asked.status).toBe(403)
  expect(asked.body).toContain("Confirm that it is you")
  expect(asked.body).toContain("Blue key")
  expect(asked.body).not.toContain("pubKeyCredParams")
  await w.settle()
  const code = w.mailbox.latestTo("bob@acme.test").code ?? ""
  const given = await browser.post("/account/passkeys.data", { ...begin, proof_code: code })
  expect(given.body).toContain("pubKeyCredParams")
  expect(given.body).toContain("Blue key")
})

test("[S12] a passkey is added in two steps, and the session goes on under a new id", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const before = browser.cookies.get("gatehouse")
  const { body } = await browser.post("/account/passkeys.data", { intent: "begin", name: "Blue key" })
  const challenge = /"challenge","([\w-]+)"/.exec(body)?.[1] ?? ""
  const authenticator = new Authenticator(w.url)
  const passkey = JSON.stringify(authenticator.create(creationOf(w.cast.bob, challenge)))
  const added = await browser.post("/account/passkeys", { intent: "finish", name: "Blue key", passkey })
  expect(added.location).toBe("/account/passkeys")
  expect(browser.cookies.get("gatehouse")).not.toBe(before)
  expect(await whoIs(browser)).toBe("bob@acme.test")
  const page = await browser.get("/account/passkeys")
  expect(page.body).toContain("Blue key")
  expect((await enter(w.browser(), authenticator)).status).toBe(303)
  const twice = await browser.post("/account/passkeys", { intent: "finish", name: "x", passkey })
  expect(twice.status).toBe(400)
  expect(twice.body).toContain("This answer was sent twice.")
  expect(await whoIs(browser)).toBe("bob@acme.test")
})

const creationOf = (user: User, challenge: string) => ({
  challenge,
  rp: { id: "localhost", name: "Gatehouse" },
  user: { id: Buffer.from(user.id).toString("base64url"), name: user.email, displayName: user.name },
  pubKeyCredParams: [],
})

test("[S12] rename and remove; [S10] removing asks for fresh proof first", async () => {
  const w = await world()
  const { authenticator, path } = await withPasskey(w, w.cast.bob)
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  expect((await browser.post(path, { intent: "rename", name: "  Old phone " })).status).toBe(303)
  expect((await browser.get(path)).body).toContain("Old phone")
  const nameless = await browser.post(path, { intent: "rename", name: " " })
  expect([nameless.status, nameless.body.includes("Enter a name.")]).toEqual([400, true])
  w.clock.advance(proofLifetime + 1000)
  const asked = await browser.post(path, { intent: "remove" })
  expect(asked.status).toBe(403)
  expect(await db().passkey.count()).toBe(1)
  await w.settle()
  const code = w.mailbox.latestTo("bob@acme.test").code ?? ""
  const removed = await browser.post(path, { intent: "remove", proof_code: code })
  expect(removed.location).toBe("/account/passkeys")
  expect((await browser.get(path)).status).toBe(404)
  expect((await enter(w.browser(), authenticator)).status).toBe(400)
  expect((await browser.get("/account/passkeys")).body).toContain("No passkeys yet")
})

test("[S10] the last way in says why it stays", async () => {
  const w = await world()
  const { authenticator, path } = await withPasskey(w, w.cast.bob)
  await db().suppression.create({
    data: { email: "bob@acme.test", reason: "bounced", createdAt: new Date() },
  })
  const browser = w.browser()
  await enter(browser, authenticator)
  const refused = await browser.post(path, { intent: "remove" })
  expect(refused.status).toBe(400)
  expect(refused.body).toContain("the only way into your account")
  expect(await db().passkey.count()).toBe(1)
})

test("[S12] another person's passkey is not there", async () => {
  const w = await world()
  const { path } = await withPasskey(w, w.cast.alice)
  const charlie = w.browser()
  await signIn(w, charlie, "charlie@birch.test")
  expect((await charlie.get(path)).status).toBe(404)
  const acts: Record<string, string>[] = [{ intent: "rename", name: "Mine" }, { intent: "remove" }]
  for (const fields of acts) expect((await charlie.post(path, fields)).status).toBe(404)
  expect((await charlie.get("/account/passkeys")).body).not.toContain("Laptop")
  expect(await db().passkey.findFirstOrThrow()).toMatchObject({ name: "Laptop" })
})

test("[S12] one made under another host name is shown as such", async () => {
  const w = await world()
  const { path } = await withPasskey(w, w.cast.bob)
  await db().passkey.updateMany({ data: { rpId: "old.example.com" } })
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  expect((await browser.get("/account/passkeys")).body).toContain("old.example.com")
  expect((await browser.get(path)).body).toContain("old.example.com")
})

test("[S12] an address of bare numbers says that passkeys need a name", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  w.settings({ WEBAUTHN_RP_ORIGIN: "https://192.0.2.1" })
  expect((await browser.get("/account/passkeys")).body).toContain("bare numbers")
})

test("[S7] the first proof of a mailbox takes passkeys made before it away", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w, w.cast.bob)
  await db().user.update({ where: { id: w.cast.bob.id }, data: { provenAt: null } })
  const owner = w.browser()
  const { link } = await mailedLink(w, owner, "bob@acme.test")
  await owner.post(link, { token: new URL(link, w.url).searchParams.get("token") ?? "" })
  expect(await whoIs(owner)).toBe("bob@acme.test")
  expect((await enter(w.browser(), authenticator)).status).toBe(400)
})
