import { afterAll, beforeAll, expect, test } from "vitest"
import { waysIn } from "~/domain/accounts/ways-in.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { type OpenId, startOpenId } from "../stand-ins/openid/openid"
import { tenants } from "../stand-ins/openid/people"
import type { Browser } from "../support/browser"
import { minutes } from "../support/clock"
import { atProvider, through } from "../support/through-provider"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const world = setUpWorld()
let openId: OpenId
beforeAll(async () => {
  openId = await startOpenId()
})
afterAll(() => openId.stop())

const page = "/account/connections"

async function signedIn(email = "alice@acme.test"): Promise<{ w: World; browser: Browser }> {
  const w = await world()
  const { google, microsoft } = openId.settings
  w.settings({ ...google, ...microsoft })
  const browser = w.browser()
  await signIn(w, browser, email)
  return { w, browser }
}

/** From the button on the page to the provider and back to the page. */
async function connect(w: World, browser: Browser, provider: string, who: { sub?: string; tenant?: string }) {
  const away = await browser.post(page, { intent: "connect", provider })
  expect(away.status).toBe(303)
  const back = await browser.get(browser.inside(await atProvider(away.location ?? "", who, w.url)))
  return { away, back, said: (await browser.open(browser.inside(back.location ?? ""))).body }
}

const identities = () => db().identity.findMany({ orderBy: { connectedAt: "asc" } })

test("[S13] someone connects an account of any address, signs in with it, and disconnects it", async () => {
  const { w, browser } = await signedIn()
  const elsewhere = w.browser()
  await signIn(w, elsewhere, "alice@acme.test")
  const own = openId.add("acme", { sub: "m-alice", preferred_username: "al@private.test" })
  const { said } = await connect(w, browser, "microsoft", { ...own, tenant: "acme" })
  expect(said).toContain("Microsoft is connected.")
  expect(said).toContain("al@private.test")
  expect(await identities()).toMatchObject([
    {
      userId: w.cast.alice.id,
      issuer: `https://login.microsoftonline.com/${tenants.acme}/v2.0`,
      subject: "m-alice",
    },
  ])
  // A change of credentials ends all other sessions, and is told by mail.
  expect([await whoIs(browser), await whoIs(elsewhere)]).toEqual(["alice@acme.test", undefined])
  await w.settle()
  expect(w.mailbox.latestTo("alice@acme.test").text).toContain("Microsoft, al@private.test")

  const later = w.browser()
  await through(w, later, "microsoft", { ...own, tenant: "acme" })
  expect(await whoIs(later)).toBe("alice@acme.test")

  const [identity] = await identities()
  const gone = await browser.post(page, { intent: "disconnect", identity: identity?.id ?? "" })
  expect((await browser.open(gone.location ?? "")).body).toContain("It is disconnected.")
  expect(await identities()).toEqual([])
  expect(await whoIs(later)).toBeUndefined()
  const events = await db().securityEvent.findMany({ where: { kind: { startsWith: "identity_" } } })
  expect(events.map(({ kind, userId }) => [kind, userId])).toEqual([
    ["identity_connected", w.cast.alice.id],
    ["identity_disconnected", w.cast.alice.id],
  ])
  const refused = await through(w, w.browser(), "microsoft", { ...own, tenant: "acme" })
  expect(refused.location).toBe("/login/mailbox")
})

test("[S10] connecting and disconnecting ask for fresh proof", async () => {
  const { w, browser } = await signedIn()
  const identity = await plant(w.cast.alice.id)
  w.clock.advance(minutes(16))
  const acts: Record<string, string>[] = [
    { intent: "connect", provider: "google" },
    { intent: "disconnect", identity },
  ]
  for (const fields of acts) {
    const asked = await browser.post(page, fields)
    expect(asked.status).toBe(403)
    expect(asked.body).toContain("Confirm that it is you")
  }
  expect(await identities()).toHaveLength(1)
  expect(await db().ssoRequest.count()).toBe(0)
})

test("[S10] the last way in cannot be disconnected, and of two at once one stays", async () => {
  const { w, browser } = await signedIn()
  const { id } = w.cast.alice
  await db().suppression.create({
    data: { email: "alice@acme.test", reason: "bounced", createdAt: new Date() },
  })
  const two = [await plant(id), await plant(id)]
  const answers = await Promise.all(
    two.map(identity => browser.post(page, { intent: "disconnect", identity })),
  )
  expect(answers.map(({ status }) => status)).toEqual([303, 303])
  expect(await identities()).toHaveLength(1)
  const [left] = await identities()
  const refused = await browser.post(page, { intent: "disconnect", identity: left?.id ?? "" })
  expect((await browser.open(refused.location ?? "")).body).toContain("Nothing else opens your account.")
  expect(await identities()).toHaveLength(1)
})

test("[S13] an account that opens somebody else's here is not connected, and they are not touched", async () => {
  const { w, browser } = await signedIn()
  const bobs = openId.add("google", {
    sub: "g-bob",
    email: "bob@acme.test",
    email_verified: true,
    hd: "acme.test",
  })
  await through(w, w.browser(), "google", bobs)
  const { said } = await connect(w, browser, "google", bobs)
  expect(said).toContain("opens another account here")
  expect(await identities()).toMatchObject([{ userId: w.cast.bob.id }])
  const twice = w.browser()
  await signIn(w, twice, "bob@acme.test")
  expect((await connect(w, twice, "google", bobs)).said).toContain("was connected already")
})

test("[S13] a connection begun by one person is not made for another, nor for a guest", async () => {
  const { w, browser } = await signedIn()
  const own = openId.add("google", { sub: "g-own", email: "own@gmail.com", email_verified: true })
  const begin = async () =>
    (await browser.post(page, { intent: "connect", provider: "google" })).location ?? ""
  const back = browser.inside(await atProvider(await begin(), own, w.url))
  const guest = w.browser()
  guest.cookies.set("gatehouse-sso", browser.cookies.get("gatehouse-sso") ?? "")
  expect((await guest.get(back)).location).toContain("why=over")
  const again = browser.inside(await atProvider(await begin(), own, w.url))
  const mark = browser.cookies.get("gatehouse-sso") ?? ""
  const bob = w.browser()
  await signIn(w, bob, "bob@acme.test")
  bob.cookies.set("gatehouse-sso", mark)
  expect((await bob.get(again)).location).toContain("why=over")
  expect(await identities()).toEqual([])
})

test("[S16] another site cannot have an account connected", async () => {
  const { browser } = await signedIn()
  const posted = await browser.post(
    page,
    { intent: "connect", provider: "google" },
    { Origin: "https://evil.test", "Sec-Fetch-Site": "cross-site" },
  )
  expect(posted.status).toBe(403)
  const opened = await browser.get(`${page}?intent=connect&provider=google`)
  expect(opened.status).toBe(200)
  expect(await db().ssoRequest.count({ where: { intent: "connect" } })).toBe(0)
})

test("[S13] nobody sees or ends somebody else's connections, and those no longer offered are named so", async () => {
  const { w, browser } = await signedIn()
  const theirs = await plant(w.cast.charlie.id, "charlies-label")
  const own = await plant(w.cast.alice.id, "old@id.test", "oidc")
  expect((await browser.get(page)).body).not.toContain("charlies-label")
  await browser.post(page, { intent: "disconnect", identity: theirs })
  expect((await identities()).map(({ id }) => id).sort()).toEqual([theirs, own].sort())
  expect((await browser.get(page)).body).toContain("No longer used here")
  const missing = await browser.post(page, { intent: "connect", provider: "oidc" })
  expect(missing.status).toBe(404)
})

test("[S13] a way to connect that is declined says so where it began", async () => {
  const { w, browser } = await signedIn()
  const { said } = await connect(w, browser, "google", {})
  expect(said).toContain("You did not go through with it at Google.")
  expect(await identities()).toEqual([])
})

/** A connection as if it had been made long ago. */
async function plant(userId: string, label = "someone@gmail.com", provider = "google"): Promise<string> {
  const id = newId()
  const issuer = provider === "google" ? `${openId.url}/google` : "https://id.test"
  const data = {
    id,
    userId,
    provider,
    issuer,
    subject: id,
    label,
    connectedAt: new Date(),
  }
  await db().identity.create({ data })
  return id
}

test("[S10] an account of an issuer the settings no longer name is not counted as a way in", async () => {
  const { w } = await signedIn()
  const { id } = w.cast.alice
  const other = { OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "x" }
  const usable = async () => (await waysIn(db(), id)).identities.length
  await plant(id, "alice", "oidc")
  w.settings({ OIDC_ISSUER: "https://id.test/", ...other })
  expect(await usable()).toBe(1)
  w.settings({ OIDC_ISSUER: "https://new-id.test", ...other })
  expect(await usable()).toBe(0)
})
