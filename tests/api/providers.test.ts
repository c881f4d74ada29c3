import { afterAll, beforeAll, expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { type OpenId, startOpenId } from "../stand-ins/openid/openid"
import { keyOfAcme } from "../support/api-key"
import { minutes, seconds } from "../support/clock"
import { type Called, Program, signInProgram } from "../support/program"
import { enter } from "../support/tenancy"
import { setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()
let openId: OpenId
beforeAll(async () => {
  openId = await startOpenId()
})
afterAll(() => openId.stop())

const providers = "/api/auth/sso/providers"
const unlink = (provider: string) => `/api/auth/sso/unlink/${provider}`

const program = (w: World, user = w.cast.bob) => signInProgram(new Program(w.url), user)
const codeOf = ({ status, json }: Called) => [status, json?.error?.code]

/** A world that offers Google, and nothing else. */
async function withGoogle(): Promise<World> {
  const w = await world()
  w.settings({ ...openId.settings.google })
  return w
}

/** A connection as if it had been made long ago. */
async function connected(userId: string, provider = "google", label = "someone@gmail.com"): Promise<string> {
  const id = newId()
  const issuer = provider === "google" ? `${openId.url}/google` : "https://id.test"
  const data = { id, userId, provider, issuer, subject: id, label, connectedAt: new Date() }
  await db().identity.create({ data })
  return id
}

test("[S13] the providers that are set up are told, with where a browser begins", async () => {
  const w = await world()
  const guest = new Program(w.url)
  expect((await guest.send("GET", providers, undefined, {})).json).toEqual({ providers: [] })
  w.settings({ ...openId.settings.google })
  const told = (await guest.send("GET", providers, undefined, {})).json
  expect(told).toEqual({
    providers: [{ id: "google", name: "Google", url: `${w.url}/api/auth/google` }],
  })
  const away = await w.browser().get(new URL(told.providers[0].url).pathname)
  expect([away.status, away.location?.startsWith(openId.url)]).toEqual([302, true])
  expect((await w.browser().get("/api/auth/microsoft")).status).toBe(404)
})

test("[S13] whoever is signed in sees their own connections, and nobody else's", async () => {
  const w = await withGoogle()
  await connected(w.cast.bob.id)
  await connected(w.cast.bob.id, "oidc", "bob at work")
  await connected(w.cast.charlie.id, "google", "charlies-label")
  const { connections } = (await (await program(w)).call("GET", providers)).json
  expect(connections).toMatchObject([
    { provider: "google", label: "someone@gmail.com", opens: true, lastUsedAt: null },
    { provider: "oidc", label: "bob at work", opens: false },
  ])
})

test("[S13] all accounts of one provider are disconnected at once: other sessions end, this one stays, one mail tells of it", async () => {
  const w = await withGoogle()
  const { bob, charlie } = w.cast
  await connected(bob.id, "google", "one@gmail.com")
  await connected(bob.id, "google", "two@gmail.com")
  const kept = [await connected(bob.id, "oidc"), await connected(charlie.id)]
  const [p, other, page] = [await program(w), await program(w), await enter(w.browser(), bob)]
  expect((await p.call("DELETE", unlink("google"))).status).toBe(204)
  expect((await db().identity.findMany()).map(({ id }) => id).sort()).toEqual(kept.sort())
  expect(codeOf(await other.call("GET", "/api/auth/profile"))).toEqual([401, "invalid_token"])
  expect(await whoIs(page)).toBeUndefined()
  expect((await p.call("GET", providers)).json.connections).toHaveLength(1)
  expect(codeOf(await p.call("DELETE", unlink("google")))).toEqual([404, "not_found"])
  await w.settle()
  const notices = w.mailbox.messages(bob.email).map(({ text }) => text)
  const told = notices.filter(text => text.includes("one@gmail.com") && text.includes("two@gmail.com"))
  expect([told.length, notices.filter(text => text.includes("gmail.com")).length]).toEqual([1, 1])
})

test("[S13] what is not connected, or no provider at all, is not there; nobody ends somebody else's", async () => {
  const w = await withGoogle()
  await connected(w.cast.charlie.id)
  const p = await program(w)
  for (const name of ["google", "microsoft", "nobody", "__proto__", "x".repeat(19)])
    expect(codeOf(await p.call("DELETE", unlink(name))), name).toEqual([404, "not_found"])
  expect(await db().identity.count()).toBe(1)
})

test("[S10] the last way in stays, several accounts of one provider among it, and of two at once one stays", async () => {
  const w = await withGoogle()
  const { id, email } = w.cast.bob
  await db().suppression.create({ data: { email, reason: "bounced", createdAt: new Date() } })
  await connected(id)
  await connected(id)
  const p = await program(w)
  expect(codeOf(await p.call("DELETE", unlink("google")))).toEqual([409, "last_way_in"])
  expect(await db().identity.count()).toBe(2)
  w.settings({
    ...openId.settings.google,
    OIDC_ISSUER: "https://id.test",
    OIDC_CLIENT_ID: "x",
    OIDC_CLIENT_SECRET: "x",
  })
  await connected(id, "oidc")
  const both = await Promise.all(["google", "oidc"].map(name => p.call("DELETE", unlink(name))))
  expect(both.map(({ status }) => status).sort()).toEqual([204, 409])
  expect(await db().identity.count()).toBeGreaterThan(0)
})

test("[S10] disconnecting asks for fresh proof", async () => {
  const w = await withGoogle()
  await connected(w.cast.bob.id)
  const p = await program(w)
  w.clock.advance(minutes(15) + seconds(1))
  expect(codeOf(await p.call("DELETE", unlink("google")))).toEqual([403, "proof_needed"])
  expect(await db().identity.count()).toBe(1)
})

test("[A3] an API key disconnects nothing and sees nobody's connections; neither does nobody", async () => {
  const w = await withGoogle()
  await connected(w.cast.alice.id)
  const [guest, key] = [new Program(w.url), await keyOfAcme(w)]
  const asGuest = await guest.send("DELETE", unlink("google"), undefined, { Origin: w.url })
  expect(codeOf(asGuest)).toEqual([401, "signed_out"])
  expect(codeOf(await guest.call("DELETE", unlink("google"), undefined, key))).toEqual([403, "scope_missing"])
  expect((await guest.call("GET", providers, undefined, key)).json).not.toHaveProperty("connections")
  expect(await db().identity.count()).toBe(1)
})
