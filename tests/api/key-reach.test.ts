import { describe, expect, test } from "vitest"
import { archive, restore } from "~/domain/organizations/archive.server"
import { changeRole } from "~/domain/organizations/change-role.server"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { codeOf, programByKey, programOf } from "../support/callers"
import { buildInvitation, buildMembership, day } from "../support/cast"
import { member, requester } from "../support/membership"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const acme = "/api/organizations/acme"
const keys = `${acme}/keys`
const wish = { name: "CI", scopes: ["members:read"] }

describe("how long a key lasts", () => {
  test("[A3] ten years at most; what no calendar holds is told by field, and nothing is made", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const tooFar = [
      "9999-12-31T23:59:59-12:00",
      "9999-12-31T23:59:59Z",
      fromNow(3_653 * day).toISOString(),
      "0000-01-01T00:00:00+12:00",
    ]
    for (const expiresAt of tooFar) {
      const answer = await alice.call("POST", keys, { ...wish, expiresAt })
      expect([answer.status, Object.keys(answer.json.error.fields ?? {})], expiresAt).toEqual([
        400,
        ["expiresAt"],
      ])
    }
    expect(await db().apiKey.count()).toBe(0)
    const made = await alice.call("POST", keys, { ...wish, expiresAt: fromNow(3_650 * day).toISOString() })
    expect(made.status).toBe(201)
    expect((await alice.call("GET", keys)).json.data).toHaveLength(1)
  })

  test("[A3] a key of an earlier version that ends beyond the calendar is told to end with it", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const { id } = (await alice.call("POST", keys, wish)).json
    await db().apiKey.update({ where: { id }, data: { expiresAt: new Date("+010000-01-01T11:59:59.000Z") } })
    const [told] = (await alice.call("GET", keys)).json.data
    expect(told).toMatchObject({ id, state: "live", expiresAt: "9999-12-31T23:59:59.999Z" })
  })
})

describe("a key of an owner", () => {
  async function owners(w: World) {
    const key = await programByKey(w, w.cast.alice)
    const { id } = await member(w.cast.alice, "acme")
    const bob = await member(w.cast.bob, "acme")
    return { key, alice: `${acme}/members/${id}`, bob: `${acme}/members/${bob.id}` }
  }

  test("[A3] makes no owner and touches none, be it its maker or another", async () => {
    const w = await world()
    const { charlie } = w.cast
    await buildMembership(db(), { user: charlie, organization: w.cast.acme, role: "owner" })
    const { key, alice, bob } = await owners(w)
    const other = `${acme}/members/${(await member(charlie, "acme")).id}`
    const invited = await key.call("POST", `${acme}/invitations`, { email: "evil@evil.test", role: "owner" })
    expect(codeOf(invited)).toBe("403 forbidden")
    expect(codeOf(await key.call("PATCH", bob, { role: "owner" }))).toBe("403 forbidden")
    for (const owner of [alice, other]) {
      expect(codeOf(await key.call("PATCH", owner, { role: "member" })), owner).toBe("403 forbidden")
      expect((await key.call("DELETE", owner)).status, owner).toBeGreaterThanOrEqual(400)
    }
    const where = { organizationId: w.cast.acme.id }
    expect(await db().invitation.count({ where })).toBe(0)
    const left = await db().membership.findMany({ where, select: { role: true } })
    expect(left.map(({ role }) => role).sort()).toEqual(["admin", "member", "owner", "owner"])
    expect((await key.call("GET", "/api/organizations")).json.data).toMatchObject([{ role: "admin" }])
  })

  test("[A3] does not take over an open invitation of an owner", async () => {
    const w = await world()
    const { alice, acme: organization } = w.cast
    const made = { organization, email: "next@x.test", invitedBy: alice, role: "owner" } as const
    await buildInvitation(db(), { ...made, sentAt: fromNow(-day) })
    const { key } = await owners(w)
    const again = await key.call("POST", `${acme}/invitations`, { email: "next@x.test", role: "member" })
    expect(again.json.data).toMatchObject([{ outcome: "role_too_high" }])
    expect((await db().invitation.findFirstOrThrow({ where: { email: "next@x.test" } })).role).toBe("owner")
  })

  test("[A3] does what an admin does", async () => {
    const w = await world()
    const { key, bob } = await owners(w)
    const invited = await key.call("POST", `${acme}/invitations`, { email: "new@x.test", role: "admin" })
    expect(invited.json.data).toMatchObject([{ outcome: "invited" }])
    expect((await key.call("PATCH", bob, { role: "admin" })).status).toBe(200)
    expect((await key.call("PATCH", acme, { name: "Renamed" })).status).toBe(200)
    expect((await key.call("DELETE", bob)).status).toBe(204)
  })

  test("[A4] goes on as an admin's when its maker becomes one", async () => {
    const w = await world()
    const { key, bob } = await owners(w)
    const { alice, charlie } = w.cast
    await buildMembership(db(), { user: charlie, organization: w.cast.acme, role: "owner" })
    const wanted = { membershipId: (await member(alice, "acme")).id, role: "admin" } as const
    expect((await changeRole(await member(charlie, "acme"), wanted, requester)).ok).toBe(true)
    expect((await key.call("DELETE", bob)).status).toBe(204)
  })
})

test("[O8] while the organisation is archived its key hears so wherever it asks whose it is", async () => {
  const w = await world()
  const key = await programByKey(w, w.cast.alice)
  await transaction(tx => archive(tx, w.cast.acme.id, "operator"))
  const asked = ["/api/auth/profile", "/api/auth/profile?x=1", "/api/auth/profile/", "/api/organizations"]
  for (const path of asked) expect(codeOf(await key.call("GET", path)), path).toBe("403 archived")
  await transaction(tx => restore(tx, w.cast.acme.id, "operator"))
  for (const path of asked) expect(codeOf(await key.call("GET", path)), path).toBe("200 done")
})
