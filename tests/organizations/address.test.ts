import { describe, expect, test } from "vitest"
import { OrganizationAddress } from "~/domain/organizations/address-field.server"
import { changeAddress } from "~/domain/organizations/change-address.server"
import { formerSlugsOf } from "~/domain/organizations/former-addresses.server"
import { createOrganization } from "~/domain/organizations/organizations.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { days } from "../support/clock"
import { member, requester } from "../support/membership"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()
const page = "/o/acme/settings/address"

async function signedIn(world: World, who: "alice" | "amir" | "bob" | "charlie") {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  world.mailbox.clear()
  return browser
}

async function move(world: World, from: string, to: string) {
  return changeAddress(await member(world.cast.alice, from), to, requester)
}

const slugOfAcme = async (world: World) =>
  (await db().organization.findUniqueOrThrow({ where: { id: world.cast.acme.id } })).slug

describe("what can be an address", () => {
  test.each(["acme-2", "x", "2026", "a".repeat(40), "  Acme-North "])("[O12] %j can", typed => {
    expect(OrganizationAddress.safeParse(typed).success).toBe(true)
  })

  test.each([
    "",
    "a b",
    "-acme",
    "acme-",
    "a--b",
    "ä",
    "a/b",
    "../x",
    "a.b",
    "a_b",
    "a".repeat(41),
    "admin",
    "Settings",
  ])("[O12] %j cannot", typed => {
    expect(OrganizationAddress.safeParse(typed).success).toBe(false)
  })
})

describe("changing the address", () => {
  test("[O12] members find everything at the new address, and the change is written down", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    expect((await alice.get(page)).status).toBe(200)
    const changed = await alice.post(page, { slug: " Acme-North" })
    expect([changed.status, changed.location]).toEqual([303, "/o/acme-north/settings"])
    const arrived = await alice.open("/o/acme-north/settings")
    expect(arrived.body).toContain("The address is now /o/acme-north.")
    const lines = await db().auditEntry.findMany({ where: { act: "organization.address_changed" } })
    expect(lines).toMatchObject([
      { actorUserId: world.cast.alice.id, detail: '{"from":"acme","to":"acme-north"}' },
    ])
    await world.settle()
    expect(world.mailbox.messages()).toEqual([])
  })

  test("[O12] the old address leads members on, with path, query and method, and is nothing to others", async () => {
    const world = await open()
    const [alice, bob, charlie] = [
      await signedIn(world, "alice"),
      await signedIn(world, "bob"),
      await signedIn(world, "charlie"),
    ]
    expect((await move(world, "acme", "north")).ok).toBe(true)
    const led = await bob.get("/o/acme/members?search=bob&page=1")
    expect([led.status, led.location]).toEqual([302, "/o/north/members?search=bob&page=1"])
    expect((await bob.get("/o/acme", {}, "HEAD")).location).toBe("/o/north")
    const data = await bob.get("/o/acme/members.data?_routes=routes%2Forganizations%2Fmembers")
    expect(data.body).toContain("/o/north/members")
    expect(data.body).not.toContain("amir@acme.test")
    const posted = await alice.post("/o/acme/settings", { name: "North" })
    expect([posted.status, posted.location]).toEqual([307, "/o/north/settings"])
    expect((await alice.post(alice.inside(posted.location ?? ""), { name: "North" })).status).toBe(303)
    expect((await alice.get("/onboarding?org=acme")).location).toBe("/onboarding?org=north")
    for (const path of ["/o/acme", "/o/acme/members", "/o/north"])
      expect([path, (await charlie.get(path)).status]).toEqual([path, 404])
    expect((await charlie.post("/o/acme/settings", { name: "x" })).status).toBe(404)
    expect((await world.browser().get("/o/acme")).location).toBe("/login?redirectTo=%2Fo%2Facme")
    expect((await bob.get("/o/acme/settings")).location).toBe("/o/north/settings")
    expect((await bob.get("/o/north/settings")).status).toBe(403)
  })

  test("[O12] an organisation goes back to an address it had", async () => {
    const world = await open()
    await move(world, "acme", "north")
    expect((await move(world, "north", "acme")).ok).toBe(true)
    expect(await formerSlugsOf(world.cast.acme.id)).toEqual(["north"])
    const bob = await signedIn(world, "bob")
    expect((await bob.get("/o/acme")).status).toBe(200)
    expect((await bob.get("/o/north")).location).toBe("/o/acme")
  })

  test("[O12] five former addresses lead on; the oldest is free for others then, and not before", async () => {
    const world = await open()
    const charlie = await member(world.cast.charlie, "birch")
    const names = ["acme", "one", "two", "three", "four", "five"]
    for (const [i, from] of names.slice(0, -1).entries()) {
      world.clock.advance(days(1))
      clearLimits()
      expect(await move(world, from, names[i + 1] ?? "")).toMatchObject({ ok: true })
    }
    expect(await formerSlugsOf(world.cast.acme.id)).toEqual(["four", "three", "two", "one", "acme"])
    expect(await changeAddress(charlie, "acme", requester)).toEqual({ ok: false, error: "taken" })
    world.clock.advance(days(1))
    clearLimits()
    await move(world, "five", "six")
    expect(await formerSlugsOf(world.cast.acme.id)).toEqual(["five", "four", "three", "two", "one"])
    expect(await changeAddress(charlie, "acme", requester)).toMatchObject({ ok: true })
  })

  test("[O12] three changes a day; a refused one does not count", async () => {
    const world = await open()
    expect(await move(world, "acme", "birch")).toEqual({ ok: false, error: "taken" })
    expect(await move(world, "acme", "acme")).toEqual({ ok: false, error: "same" })
    await move(world, "acme", "one")
    await move(world, "one", "two")
    expect((await move(world, "two", "three")).ok).toBe(true)
    expect(await move(world, "three", "four")).toMatchObject({
      ok: false,
      error: { retryAfterSeconds: expect.any(Number) },
    })
    const alice = await signedIn(world, "alice")
    const refused = await alice.post("/o/three/settings/address", { slug: "four" })
    expect(refused.status).toBe(429)
    expect(refused.body).toContain("You can try again in")
    world.clock.advance(days(1))
    expect((await move(world, "three", "four")).ok).toBe(true)
  })

  test("[O12] what does not fit is said at the field, and stays typed", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    for (const [typed, words] of [
      ["Not valid!", "Use only the letters a to z"],
      ["billing", "This word is kept for the pages of this site."],
      ["birch", "This address is taken."],
      ["acme", "This is the address it has."],
    ]) {
      const refused = await alice.post(page, { slug: typed ?? "" })
      expect(refused.status).toBeGreaterThanOrEqual(400)
      expect(refused.body).toContain(words)
      expect(refused.body).toContain(`value="${typed}"`)
    }
    expect(await slugOfAcme(world)).toBe("acme")
  })

  test("[O2] only an owner changes it", async () => {
    const world = await open()
    for (const [who, status] of [
      ["amir", 403],
      ["bob", 403],
      ["charlie", 404],
    ] as const) {
      const browser = await signedIn(world, who)
      expect((await browser.get(page)).status).toBe(status)
      expect((await browser.post(page, { slug: "mine" })).status).toBe(status)
    }
    expect(await slugOfAcme(world)).toBe("acme")
  })
})

describe("at the same moment", () => {
  test("[O12] two organisations that want one address: one gets it", async () => {
    const world = await open()
    const second = await connect(world.database.file)
    try {
      const charlie = await member(world.cast.charlie, "birch")
      const results = await Promise.all([
        move(world, "acme", "wanted"),
        withDatabase(second, () => changeAddress(charlie, "wanted", requester)),
      ])
      expect(results.filter(result => result.ok)).toHaveLength(1)
      expect(results.find(result => !result.ok)).toEqual({ ok: false, error: "taken" })
      expect(await db().slugRedirect.count()).toBe(1)
      expect(await db().auditEntry.count({ where: { act: "organization.address_changed" } })).toBe(1)
    } finally {
      await second.close()
    }
  })

  test("[O12] a new organisation never takes an address that leads to another", async () => {
    const world = await open()
    const second = await connect(world.database.file)
    const found = () =>
      transaction(tx => createOrganization(tx, { name: "Acme", ownerId: world.cast.charlie.id }))
    try {
      const [, founded] = await Promise.all([
        move(world, "acme", "north"),
        withDatabase(second, found),
        withDatabase(second, found),
      ])
      expect(founded.slug).not.toBe("acme")
      const slugs = (await db().organization.findMany()).map(row => row.slug).sort()
      expect(slugs).toEqual(["acme-2", "acme-3", "birch", "north"])
      const bob = await signedIn(world, "bob")
      expect((await bob.get("/o/acme")).location).toBe("/o/north")
    } finally {
      await second.close()
    }
  })

  test("[O12] two owners changing one address at once: one change, and nothing leads nowhere", async () => {
    const world = await open()
    const second = await connect(world.database.file)
    try {
      const alice = await member(world.cast.alice, "acme")
      const results = await Promise.all([
        changeAddress(alice, "one", requester),
        withDatabase(second, () => changeAddress(alice, "two", requester)),
      ])
      expect(results.filter(result => result.ok)).toHaveLength(1)
      expect(["one", "two"]).toContain(await slugOfAcme(world))
      expect(await formerSlugsOf(world.cast.acme.id)).toEqual(["acme"])
    } finally {
      await second.close()
    }
  })
})
