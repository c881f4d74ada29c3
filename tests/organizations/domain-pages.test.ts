import { describe, expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { buildInvitation, buildUser } from "../support/cast"
import { days } from "../support/clock"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()

async function signedIn(world: World, email: string) {
  const browser = world.browser()
  await signIn(world, browser, email)
  return browser
}

describe("the page of domains", () => {
  const page = "/o/acme/settings/domains"

  test("[O12] an owner adds their own domain and removes it; what is wrong stands at the field", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice@acme.test")
    const first = (await alice.get(page)).body
    for (const words of ["By invitation only", 'value="acme.test"', "alice@acme.test"])
      expect(first).toContain(words)
    const foreign = await alice.post(page, { intent: "add", domain: "birch.test" })
    expect(foreign.status).toBe(400)
    for (const words of [
      "Only an owner with an address of that domain",
      'value="birch.test"',
      "aria-invalid",
    ])
      expect(foreign.body).toContain(words)
    expect((await alice.post(page, { intent: "add", domain: "" })).body).toContain("Enter a domain")
    const added = await alice.post(page, { intent: "add", domain: "Acme.test" })
    expect([added.status, added.location]).toEqual([303, page])
    expect((await alice.get(page)).body).toContain(
      "Anyone with a confirmed address at acme.test can join as a member.",
    )
    expect((await alice.post(page, { intent: "remove", domain: "acme.test" })).status).toBe(303)
    expect((await alice.post(page, { intent: "remove", domain: "acme.test" })).status).toBe(404)
    expect(await db().joinableDomain.count()).toBe(0)
  })

  test("[O2] [O9] is for owners: others are refused, strangers find nothing", async () => {
    const world = await open()
    for (const [email, status] of [
      ["amir@acme.test", 403],
      ["bob@acme.test", 403],
      ["charlie@birch.test", 404],
    ] as const) {
      const browser = await signedIn(world, email)
      expect((await browser.get(page)).status, email).toBe(status)
      expect((await browser.post(page, { intent: "add", domain: "acme.test" })).status, email).toBe(status)
    }
    expect(await db().joinableDomain.count()).toBe(0)
  })
})

describe("joining on the page", () => {
  async function openToAcme(world: World) {
    const { acme: organization } = world.cast
    await db().joinableDomain.create({
      data: { organizationId: organization.id, domain: "acme.test", createdAt: new Date() },
    })
    await buildUser(db(), { email: "nia@acme.test" })
    return signedIn(world, "nia@acme.test")
  }

  test("[O12] someone of the domain sees only the name at the start, and joins with one click", async () => {
    const world = await open()
    const nia = await openToAcme(world)
    const start = (await nia.get("/start")).body
    expect([start.includes("Join Acme"), start.includes("alice@acme.test"), start.includes("Alice")]).toEqual(
      [true, false, false],
    )
    expect((await nia.get("/o/acme")).status).toBe(404)
    const joined = await nia.post("/organizations/join", { organization: "acme" })
    expect([joined.status, joined.location]).toEqual([303, "/o/acme"])
    expect((await nia.get("/o/acme")).body).toContain("You are now a member of Acme.")
    expect((await nia.get("/organizations/join")).body).toContain("Nothing to join")
  })

  test("[O1] [O12] who belongs to others finds the way in the switcher, and nobody else does", async () => {
    const world = await open()
    const nia = await openToAcme(world)
    await nia.post("/organizations/new", { name: "Own" })
    for (const path of ["/o/own", "/account/profile", "/organizations/new"])
      expect((await nia.get(path)).body, path).toContain('href="/organizations/join"')
    expect((await nia.get("/organizations/join")).body).toContain("Join Acme")
    const charlie = await signedIn(world, "charlie@birch.test")
    expect((await charlie.get("/o/birch")).body).not.toContain('href="/organizations/join"')
    expect((await charlie.get("/organizations/join")).body).not.toContain("Acme")
    expect((await charlie.post("/organizations/join", { organization: "acme" })).status).toBe(404)
    expect((await charlie.post("/organizations/join", {})).status).toBe(400)
    expect((await world.browser().post("/organizations/join", { organization: "acme" })).location).toBe(
      "/login",
    )
    expect(await db().membership.count({ where: { organizationId: world.cast.acme.id } })).toBe(3)
  })

  test("[O6] [O12] a full plan says so", async () => {
    const world = await open()
    const nia = await openToAcme(world)
    world.settings({ STRIPE_SECRET_KEY: "sk_test_seats" })
    for (const email of ["one@x.test", "two@x.test"]) {
      const user = await buildUser(db(), { email })
      const at = new Date()
      await db().membership.create({
        data: {
          id: email,
          userId: user.id,
          organizationId: world.cast.acme.id,
          role: "member",
          createdAt: at,
          lastUsedAt: at,
        },
      })
    }
    const refused = await nia.post("/organizations/join", { organization: "acme" })
    expect(refused.location).toBe("/organizations/join")
    expect((await nia.get("/organizations/join")).body).toContain("There is no seat left")
    await world.settle()
    expect(world.mailbox.latestTo("alice@acme.test").subject).toBe("No seat left in Acme")
  })
})

describe("an invitation that ran out", () => {
  test("[O5] is shown at the start, asks the inviter, and does not lead to an organisation of one's own", async () => {
    const world = await open()
    await buildUser(db(), { email: "nia@x.test" })
    const { acme, amir } = world.cast
    const { id } = await buildInvitation(db(), { organization: acme, email: "nia@x.test", invitedBy: amir })
    world.clock.advance(days(8))
    const nia = await signedIn(world, "nia@x.test")
    const start = (await nia.get("/start")).body
    for (const words of ["Your invitation has expired", "Acme", "From Amir Aziz", "Ask for a new invitation"])
      expect(start).toContain(words)
    expect(start).not.toContain("/organizations/new")
    const charlie = await signedIn(world, "charlie@birch.test")
    await charlie.post("/invitation/ask-again", { invitationId: id })
    await world.settle()
    expect(world.mailbox.messages("amir@acme.test")).toEqual([])
    for (const _ of [1, 2]) {
      const asked = await nia.post("/invitation/ask-again", { invitationId: id })
      expect([asked.status, asked.location]).toEqual([303, "/start"])
    }
    expect((await nia.get("/start")).body).toContain("You have asked for a new one")
    await world.settle()
    expect(world.mailbox.messages("amir@acme.test").map(mail => mail.subject)).toEqual([
      "nia@x.test asks for a fresh invitation to Acme",
    ])
    expect((await world.browser().post("/invitation/ask-again", { invitationId: id })).location).toBe(
      "/login",
    )
  })
})
