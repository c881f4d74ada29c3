import { expect, test } from "vitest"
import { mostApiKeys } from "~/domain/organizations/api-keys.server"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { buildApiKey, day } from "../support/cast"
import { minutes } from "../support/clock"
import { member } from "../support/membership"
import { enter } from "../support/tenancy"
import { setUpWorld } from "../support/world"

const world = setUpWorld()

const page = "/o/acme/settings/keys"
const wish = { name: "CI", scopes: "members:read", lifetime: "90" }
const keyOn = (body: string) => /gatehouse_[\w-]{43}/.exec(body)?.[0]

test("[A3] an admin makes a key on the page, which shows it once; it ends after the days chosen", async () => {
  const w = await world()
  const amir = await enter(w.browser(), w.cast.amir)
  expect((await amir.get(page)).body).toContain("No keys yet")
  const made = await amir.post(page, wish)
  expect([made.status, made.headers.get("Cache-Control")?.includes("no-store")]).toEqual([200, true])
  expect(keyOn(made.body)).toBeDefined()
  const list = (await amir.get(page)).body
  expect(keyOn(list)).toBeUndefined()
  const row = await db().apiKey.findFirstOrThrow()
  for (const shown of [row.hint, "Amir Aziz", "List the people"]) expect(list).toContain(shown)
  expect(Math.round((+(row.expiresAt ?? 0) - +row.createdAt) / day)).toBe(90)
  const forever = await amir.post(page, { ...wish, lifetime: "none" })
  expect(keyOn(forever.body)).toBeDefined()
  expect(await db().apiKey.count({ where: { expiresAt: null } })).toBe(1)
})

test("[A3] mistakes make no key and keep what was typed; the fifty-first is refused in words", async () => {
  const w = await world()
  const { alice, acme } = w.cast
  const browser = await enter(w.browser(), alice)
  const wrong = await browser.post(page, { name: "Nightly <export>", lifetime: "90" })
  expect(wrong.status).toBe(400)
  expect(wrong.body).toContain("Choose at least one thing the key may do.")
  expect(wrong.body).toContain('value="Nightly &lt;export&gt;"')
  expect((await browser.post(page, { ...wish, scopes: "everything" })).status).toBe(400)
  expect(await db().apiKey.count()).toBe(0)
  for (let i = 0; i < mostApiKeys; i++)
    await buildApiKey(db(), { organization: acme, maker: alice, name: `Key ${i}`, scopes: ["audit:read"] })
  const full = await browser.post(page, wish)
  expect([full.status, full.body.includes("There are 50 keys")]).toEqual([409, true])
  expect(await db().apiKey.count()).toBe(mostApiKeys)
})

test("[S5] when the last proof is old, the page asks who it is before it makes one", async () => {
  const w = await world()
  const browser = await enter(w.browser(), w.cast.alice)
  w.clock.advance(minutes(16))
  const asked = await browser.post(page, wish)
  expect([asked.status, asked.body.includes("Confirm that it is you")]).toEqual([403, true])
  expect(await db().apiKey.count()).toBe(0)
})

test("[A3] revoking names the key, and one that is revoked or another organisation's is not there", async () => {
  const w = await world()
  const { alice, bob, charlie, acme, birch } = w.cast
  const key = await buildApiKey(db(), {
    organization: acme,
    maker: alice,
    name: "Ledger",
    scopes: ["audit:read"],
  })
  const foreign = await buildApiKey(db(), {
    organization: birch,
    maker: charlie,
    name: "Theirs",
    scopes: ["audit:read"],
  })
  const owner = await enter(w.browser(), alice)
  expect((await owner.get(`${page}/${key.id}`)).body).toContain("Revoke “Ledger”?")
  const member = await enter(w.browser(), bob)
  for (const path of [page, `${page}/${key.id}`]) {
    expect((await member.get(path)).status).toBe(403)
    expect((await member.post(path, wish)).status).toBe(403)
  }
  expect((await owner.get(`${page}/${foreign.id}`)).status).toBe(404)
  expect((await owner.post(`${page}/${foreign.id}`)).status).toBe(404)
  const revoked = await owner.post(`${page}/${key.id}`)
  expect([revoked.status, revoked.location]).toEqual([303, page])
  expect((await owner.get(page)).body).toContain("The key “Ledger” is revoked.")
  expect((await owner.get(`${page}/${key.id}`)).status).toBe(404)
  expect(await db().apiKey.findMany({ where: { revokedAt: null } })).toMatchObject([{ id: foreign.id }])
})

test("[O8] who removes someone, or leaves, is told that keys end with it", async () => {
  const w = await world()
  const { alice, amir, acme: organization } = w.cast
  const made = { organization, maker: amir, scopes: ["audit:read"] } as const
  await buildApiKey(db(), { ...made, name: "One" })
  await buildApiKey(db(), { ...made, name: "Two" })
  await buildApiKey(db(), { ...made, name: "Over", createdAt: fromNow(-2 * day), expiresAt: fromNow(-day) })
  const owner = await enter(w.browser(), alice)
  const { id } = await member(amir, "acme")
  const asked = (await owner.get(`/o/acme/members/${id}`)).body
  expect(asked.replaceAll("<!-- -->", "")).toContain("2 API keys they made end")
  const leaver = await enter(w.browser(), amir)
  expect((await leaver.get("/o/acme/leave")).body).toContain("The API keys you made end.")
})
