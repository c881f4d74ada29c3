import { describe, expect, test } from "vitest"
import { readOffer } from "~/domain/organizations/ownership-offer.server"
import { db } from "~/platform/db.server"
import { type Browser, hiddenField } from "../support/browser"
import { buildInvitation, buildMembership } from "../support/cast"
import { days } from "../support/clock"
import { member } from "../support/membership"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

type Who = "alice" | "amir" | "bob" | "charlie"

async function signedIn(world: World, who: Who): Promise<Browser> {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  return browser
}

const page = async (world: World, who: Who, slug = "acme") =>
  `/o/${slug}/members/${(await member(world.cast[who], slug)).id}`

/** Lets the mail go out and answers who got what since the last time. */
async function mailsOut(world: World): Promise<string[]> {
  await world.settle()
  const sent = world.mailbox.messages().map(mail => `${mail.to.join()}: ${mail.subject}`)
  world.mailbox.clear()
  return sent.sort()
}

describe("the page of a member", () => {
  test("[O2] an admin changes a role there, and the person gets the one mail", async () => {
    const world = await open()
    const { acme, alice, bob } = world.cast
    const invitation = { organization: acme, email: bob.email, invitedBy: alice }
    const { id } = await buildInvitation(db(), invitation)
    await db().invitation.update({ where: { id }, data: { acceptedAt: new Date() } })
    const amir = await signedIn(world, "amir")
    await mailsOut(world)
    const path = await page(world, "bob")
    expect((await amir.get("/o/acme/members")).body).toContain(`href="${path}"`)
    const { status, body } = await amir.get(path)
    expect(status).toBe(200)
    for (const words of ["Bob Berger", "Invited by", "Alice Archer", "Save role", "Remove Bob Berger"])
      expect(body).toContain(words)
    expect(body).not.toContain('value="owner"')
    const saved = await amir.post(path, { intent: "change_role", role: "admin" })
    expect([saved.status, saved.location]).toEqual([303, "/o/acme/members"])
    expect((await amir.get("/o/acme/members")).body).toContain("Bob Berger is now an admin.")
    expect(await mailsOut(world)).toEqual(["bob@acme.test: You are now an admin of Acme"])
  })

  test("[O2] an admin is not offered to touch an owner, and is refused when they post it", async () => {
    const world = await open()
    const amir = await signedIn(world, "amir")
    const path = await page(world, "alice")
    const { body } = await amir.get(path)
    expect([body.includes("Save role"), body.includes("Remove Alice")]).toEqual([false, false])
    const acts: Record<string, string>[] = [{ intent: "change_role", role: "member" }, { intent: "remove" }]
    for (const fields of acts) {
      const refused = await amir.post(path, fields)
      expect([refused.status, refused.body.includes("Your role does not allow this.")]).toEqual([403, true])
    }
    const raised = await amir.post(await page(world, "bob"), { intent: "change_role", role: "owner" })
    expect(raised.status).toBe(403)
    const nonsense = await amir.post(await page(world, "bob"), { intent: "change_role", role: "king" })
    expect([nonsense.status, nonsense.body.includes("Choose a role.")]).toEqual([400, true])
    expect(await db().auditEntry.count({ where: { organizationId: world.cast.acme.id } })).toBe(0)
  })

  test("[O2] a member sees their own page and nobody else's", async () => {
    const world = await open()
    const bob = await signedIn(world, "bob")
    const own = await page(world, "bob")
    const list = (await bob.get("/o/acme/members")).body
    expect(list).toContain(`href="${own}"`)
    expect(list).not.toContain(await page(world, "alice"))
    const { status, body } = await bob.get(own)
    expect([status, body.includes("/o/acme/leave"), body.includes("Save role")]).toEqual([200, true, false])
    expect((await bob.get(await page(world, "amir"))).status).toBe(403)
    expect((await bob.post(own, { intent: "change_role", role: "admin" })).status).toBe(403)
  })

  test("[O2] an admin steps down; from then on it takes someone else to give the role back", async () => {
    const world = await open()
    const amir = await signedIn(world, "amir")
    await mailsOut(world)
    const own = await page(world, "amir")
    expect((await amir.get(own)).body).toContain("someone else has to give you this one back")
    const saved = await amir.post(own, { intent: "change_role", role: "member" })
    expect([saved.status, saved.location]).toEqual([303, "/o/acme/members"])
    expect((await amir.get("/o/acme/members")).body).toContain("You are now a member.")
    expect((await amir.post(own, { intent: "change_role", role: "admin" })).status).toBe(403)
    expect(await mailsOut(world)).toEqual([])
  })

  test("[O7] the only owner is told to hand over first, and cannot post their way out", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    const own = await page(world, "alice")
    const { body } = await alice.get(own)
    expect(body).toContain("You are the only owner of Acme")
    expect([body.includes("Save role"), body.includes("/o/acme/leave")]).toEqual([false, false])
    expect((await alice.get("/o/acme/leave")).body).toContain("Hand it over")
    const refusals = [
      await alice.post(own, { intent: "change_role", role: "member" }),
      await alice.post("/o/acme/leave"),
    ]
    for (const refused of refusals) expect(refused.status).toBe(409)
    expect(refusals[0]?.body).toContain("An organisation needs an owner.")
    expect((await member(world.cast.alice, "acme")).role).toBe("owner")
  })

  test("[O9] another organisation's member is 404, whatever is posted", async () => {
    const world = await open()
    const { birch, bob } = world.cast
    await buildMembership(db(), { user: bob, organization: birch, role: "member" })
    const foreign = (await page(world, "bob", "birch")).replace("birch", "acme")
    const acts: Record<string, string>[] = [
      { intent: "remove" },
      { intent: "change_role", role: "admin" },
      {},
    ]
    for (const who of ["alice", "amir"] as const) {
      const browser = await signedIn(world, who)
      expect((await browser.get(foreign)).status).toBe(404)
      for (const fields of acts) expect((await browser.post(foreign, fields)).status).toBe(404)
    }
    expect((await member(bob, "birch")).role).toBe("member")
  })
})

describe("removing and leaving", () => {
  test("[O8] the next request of someone removed is a stranger's; they stay signed in, and get a mail", async () => {
    const world = await open()
    await db().organization.update({ where: { slug: "acme" }, data: { name: "Win at evil.example" } })
    const { bob, birch } = world.cast
    await buildMembership(db(), { user: bob, organization: birch, role: "member" })
    const [amir, bobs] = [await signedIn(world, "amir"), await signedIn(world, "bob")]
    await mailsOut(world)
    expect((await bobs.get("/o/acme/members")).status).toBe(200)
    const removed = await amir.post(await page(world, "bob"), { intent: "remove" })
    expect([removed.status, removed.location]).toEqual([303, "/o/acme/members"])
    for (const path of ["/o/acme", "/o/acme/members", "/o/acme/leave", "/o/acme/transfer", "/o/nowhere"])
      expect([path, (await bobs.get(path)).status]).toEqual([path, 404])
    expect((await bobs.get("/o/birch")).status).toBe(200)
    expect((await bobs.get("/o/birch")).body).not.toContain("Win at evil")
    expect(await whoIs(bobs)).toBe("bob@acme.test")
    expect((await amir.get("/o/acme/members")).body).toContain("Bob Berger is removed.")
    expect(await mailsOut(world)).toEqual(["bob@acme.test: You no longer belong to Win at evil. example"])
  })

  test("[O7] a member leaves and lands where they still belong; an admin's leaving is told to the owner", async () => {
    const world = await open()
    const [amir, bob] = [await signedIn(world, "amir"), await signedIn(world, "bob")]
    await mailsOut(world)
    expect((await bob.get("/o/acme/leave")).body).toContain("Leave Acme")
    const left = await bob.post("/o/acme/leave")
    expect([left.status, left.location]).toEqual([303, "/start"])
    const start = await bob.open("/start")
    expect(start.body).toContain("You have left Acme.")
    expect(start.body).toContain("You belong to no organisation yet")
    expect((await bob.get("/o/acme")).status).toBe(404)
    expect((await bob.post("/o/acme/leave")).status).toBe(404)
    expect(await mailsOut(world)).toEqual([])
    await amir.post("/o/acme/leave")
    expect(await mailsOut(world)).toEqual(["alice@acme.test: Amir Aziz has left Acme"])
  })
})

describe("handing over", () => {
  test("[O7] offer, banner, acceptance: each sees what is theirs, and the mails say so", async () => {
    const world = await open()
    const [alice, amir, bob] = [
      await signedIn(world, "alice"),
      await signedIn(world, "amir"),
      await signedIn(world, "bob"),
    ]
    await mailsOut(world)
    const form = await alice.get("/o/acme/transfer")
    expect(form.body).toContain("Offer ownership")
    expect(form.body).toMatch(/<option value="bob@acme.test"/)
    const wrong = await alice.post("/o/acme/transfer", { intent: "offer", address: "charlie@birch.test" })
    expect(wrong.status).toBe(400)
    expect(wrong.body).toContain("Nobody in this organisation has this address.")
    const offered = await alice.post("/o/acme/transfer", { intent: "offer", address: "bob@acme.test" })
    expect([offered.status, offered.location]).toEqual([303, "/o/acme/transfer"])
    expect(await mailsOut(world)).toEqual(["bob@acme.test: Alice Archer offers you Acme"])

    expect((await alice.get("/o/acme/transfer")).body).toContain("Take the offer back")
    expect((await bob.get("/o/acme")).body).toContain("Alice Archer offers you Acme")
    expect((await amir.get("/o/acme")).body).not.toContain("offers you")
    const elsewhere = (await amir.get("/o/acme/transfer")).body
    expect([elsewhere.includes("There is no offer for you"), elsewhere.includes("bob@")]).toEqual([
      true,
      false,
    ])

    const { body } = await bob.get("/o/acme/transfer")
    const offeredAt = hiddenField(body, "offeredAt")
    const accepted = await bob.post("/o/acme/transfer/answer", { intent: "accept", offeredAt })
    expect([accepted.status, accepted.location]).toEqual([303, "/o/acme"])
    expect((await bob.get("/o/acme")).body).toContain("You own Acme now.")
    expect(await mailsOut(world)).toEqual(["alice@acme.test: Bob Berger now owns Acme"])
    expect(
      (await alice.post("/o/acme/transfer", { intent: "offer", address: "amir@acme.test" })).status,
    ).toBe(403)
    const again = await bob.post("/o/acme/transfer/answer", { intent: "accept", offeredAt })
    expect(again.location).toBe("/o/acme/transfer")
    expect((await bob.get("/o/acme/transfer")).body).toContain("This offer is no longer open.")
  })

  test("[O7] declined and taken back are told to the other one; what is gone says so", async () => {
    const world = await open()
    const [alice, bob] = [await signedIn(world, "alice"), await signedIn(world, "bob")]
    const offer = () => alice.post("/o/acme/transfer", { intent: "offer", address: "bob@acme.test" })
    const offeredAt = async () => hiddenField((await alice.get("/o/acme/transfer")).body, "offeredAt")
    await offer()
    await mailsOut(world)
    const first = await offeredAt()
    const declined = await bob.post("/o/acme/transfer/answer", { intent: "decline", offeredAt: first })
    expect(declined.location).toBe("/o/acme")
    expect(await mailsOut(world)).toEqual(["alice@acme.test: Bob Berger has declined to take over Acme"])
    world.clock.advance(1)
    await offer()
    await mailsOut(world)
    for (const odd of ["8640000000000001", "9007199254740991", "-1", "x"])
      expect((await bob.post("/o/acme/transfer/answer", { intent: "accept", offeredAt: odd })).status).toBe(
        400,
      )
    const stale = await bob.post("/o/acme/transfer/answer", { intent: "accept", offeredAt: first })
    expect(stale.location).toBe("/o/acme/transfer")
    const taken = await alice.post("/o/acme/transfer", { intent: "take_back", offeredAt: await offeredAt() })
    expect(taken.location).toBe("/o/acme/transfer")
    expect(await mailsOut(world)).toEqual(["bob@acme.test: Alice Archer keeps Acme"])
    expect((await bob.get("/o/acme/transfer")).body).toContain("There is no offer for you")
    expect((await member(world.cast.bob, "acme")).role).toBe("member")
  })

  test("[O7] an offer that has run out is shown as such to both", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    await alice.post("/o/acme/transfer", { intent: "offer", address: "bob@acme.test" })
    const offer = await readOffer(await member(world.cast.bob, "acme"))
    world.clock.advance(days(7))
    const bob = await signedIn(world, "bob")
    expect((await bob.get("/o/acme/transfer")).body).toContain("This offer has run out")
    expect((await bob.get("/o/acme")).body).not.toContain("offers you")
    const offeredAt = String(+(offer?.createdAt ?? 0))
    await bob.post("/o/acme/transfer/answer", { intent: "accept", offeredAt })
    expect((await bob.get("/o/acme/transfer")).body).toContain("This offer has run out. Nothing has changed.")
    const again = (await alice.get("/o/acme/transfer")).body
    expect(again).toContain("The offer to Bob Berger has run out")
    expect(again).toContain("Offer ownership")
  })
})
