import { describe, expect, test } from "vitest"
import { issueLink } from "~/domain/links/issue.server"
import { db } from "~/platform/db.server"
import { buildInvitation, buildMembership, buildUser } from "../support/cast"
import { days } from "../support/clock"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

async function invited(world: World, email: string) {
  const { acme, alice } = world.cast
  const invitation = await buildInvitation(db(), {
    organization: acme,
    email,
    role: "admin",
    invitedBy: alice,
  })
  const { token } = await issueLink(db(), {
    purpose: "invitation",
    email,
    organizationId: acme.id,
    invitationId: invitation.id,
    requestedAt: invitation.sentAt,
  })
  return { invitation, token, page: `/invitation?token=${token}` }
}

const traces = async () => ({
  links: await db().link.findMany({ where: { purpose: "invitation" } }),
  invitations: await db().invitation.findMany(),
  members: await db().membership.count(),
})

describe("the page of an invitation", () => {
  test("[L1] GET and HEAD, however often, spend nothing and set no session cookie", async () => {
    const world = await open()
    const { page } = await invited(world, "new@x.test")
    const browser = world.browser()
    const before = await traces()
    for (let i = 0; i < 5; i += 1) expect((await browser.get(page)).status).toBe(200)
    const head = await browser.get(page, {}, "HEAD")
    expect([head.status, browser.cookies.size]).toEqual([200, 0])
    expect(await traces()).toEqual(before)
  })

  test("[O3] shows organisation, inviter, role and the masked address", async () => {
    const world = await open()
    const { page } = await invited(world, "new@x.test")
    const { body } = await world.browser().get(page)
    for (const words of ["Join Acme", "From Alice Archer", "Your role: admin", "n•••@x•••.test"]) {
      expect(body).toContain(words)
    }
    expect(body).not.toContain("new@x.test")
  })

  test("[O4] a POST accepts: name, session and membership; the mailbox is proven", async () => {
    const world = await open()
    const { page, token } = await invited(world, "new@x.test")
    const browser = world.browser()
    const accepted = await browser.post(page, { token, name: " Nia   New " })
    expect([accepted.status, accepted.location]).toEqual([303, "/o/acme"])
    expect(await whoIs(browser)).toBe("new@x.test")
    expect((await browser.get("/o/acme")).body).toContain("Welcome, Nia New.")
    const again = await browser.get(page)
    expect([again.status, again.location]).toEqual([302, "/o/acme"])
    const stranger = await world.browser().get(page)
    expect([stranger.status, stranger.body.includes("has been used")]).toEqual([410, true])
  })

  test("[O4] signed in as someone else: both are named, staying spends nothing, switching is a choice", async () => {
    const world = await open()
    const { page, token } = await invited(world, "new@x.test")
    const browser = world.browser()
    await signIn(world, browser, world.cast.charlie.email)
    const before = await traces()
    const { body } = await browser.get(page)
    for (const words of ["charlie@birch.test", "new@x.test", "Stay signed in as", "Switch and accept"])
      expect(body).toContain(words)
    const refused = await browser.post(page, { token })
    expect([refused.status, refused.body.includes("for another address")]).toEqual([410, true])
    expect(await traces()).toEqual(before)
    expect(await whoIs(browser)).toBe("charlie@birch.test")
    expect((await browser.post(page, { token, anyway: "yes" })).location).toBe("/o/acme")
    expect(await whoIs(browser)).toBe("new@x.test")
    const ended = await db().session.findMany({ where: { userId: world.cast.charlie.id } })
    expect(ended.map(session => session.endedBecause)).toEqual(["replaced"])
  })

  test("[O4] switching to an account that exists signs out, leads to sign-in, and that shows the invitation", async () => {
    const world = await open()
    const { page, token } = await invited(world, world.cast.charlie.email)
    const browser = world.browser()
    await signIn(world, browser, world.cast.olive.email)
    const before = await traces()
    const left = await browser.post(page, { token, anyway: "yes" })
    expect([left.status, left.location]).toEqual([303, "/login"])
    expect(await whoIs(browser)).toBeUndefined()
    expect((await browser.get("/login")).body).toContain("You are signed out.")
    expect(await traces()).toEqual(before)
    const entered = await signIn(world, browser, world.cast.charlie.email)
    expect((await browser.open(entered.location ?? "")).body).toContain("You are invited")
  })

  test("[L7] invalid, withdrawn and cut links say so kindly, and lead nowhere new", async () => {
    const world = await open()
    const { page, token, invitation } = await invited(world, "new@x.test")
    const browser = world.browser()
    expect((await browser.get("/invitation")).status).toBe(410)
    const cut = await browser.get(page.slice(0, -3))
    expect(cut.body).toContain("This link does not work")
    await db().invitation.update({ where: { id: invitation.id }, data: { revokedAt: new Date() } })
    const gone = await browser.get(page)
    expect([gone.status, gone.body.includes("withdrawn")]).toEqual([410, true])
    expect((await browser.post(page, { token })).body).toContain("withdrawn")
    expect((await browser.post("/invitation", {})).status).toBe(400)
  })

  test("[O5] an expired one asks the inviter, once, and never leads to creating an organisation", async () => {
    const world = await open()
    const { page, token } = await invited(world, "new@x.test")
    world.clock.advance(days(8))
    const browser = world.browser()
    const expired = await browser.get(page)
    expect([expired.status, expired.body.includes("Ask for a new invitation")]).toEqual([410, true])
    expect(expired.body).not.toContain("/organizations/new")
    for (const _ of [1, 2]) {
      const asked = await browser.post("/invitation/ask-again", { token })
      expect([asked.status, asked.location]).toEqual([303, page])
    }
    expect((await browser.get(page)).body).toContain("You have asked for a new one")
    await world.settle()
    const mails = world.mailbox.messages("alice@acme.test")
    expect(mails.map(mail => mail.subject)).toEqual(["new@x.test asks for a fresh invitation to Acme"])
    expect(await db().membership.count()).toBe(4)
  })

  test("[L7] an old link whose invitation was sent again points to the newer mail", async () => {
    const world = await open()
    const { page, invitation } = await invited(world, "new@x.test")
    world.clock.advance(days(8))
    const amir = world.browser()
    await signIn(world, amir, world.cast.amir.email)
    await amir.post(`/o/acme/invitations/${invitation.id}`, { intent: "resend" })
    expect((await world.browser().get(page)).body).toContain("There is a newer invitation")
    await world.settle()
    const fresh = world.mailbox.latestTo("new@x.test").link ?? ""
    expect((await world.browser().get(new URL(fresh).pathname + new URL(fresh).search)).status).toBe(200)
  })
})

describe("an ordinary sign-in", () => {
  test("[O4] shows a pending invitation first, and accepting needs no link", async () => {
    const world = await open()
    const { invitation } = await invited(world, world.cast.charlie.email)
    const browser = world.browser()
    const entered = await signIn(world, browser, world.cast.charlie.email)
    const start = await browser.open(entered.location ?? "")
    expect(start.path).toContain("/start")
    for (const words of ["You are invited", "Acme", 'href="/o/birch"']) expect(start.body).toContain(words)
    const accepted = await browser.post("/start", { invitationId: invitation.id })
    expect([accepted.status, accepted.location]).toEqual([303, "/o/acme"])
    expect((await browser.get("/start")).location).toMatch(/^\/o\//)
  })

  test("[O9] another person's invitation cannot be accepted by its id", async () => {
    const world = await open()
    const { invitation } = await invited(world, "new@x.test")
    const charlie = world.browser()
    await signIn(world, charlie, world.cast.charlie.email)
    const refused = await charlie.post("/start", { invitationId: invitation.id })
    expect([refused.status, refused.location]).toEqual([303, "/start"])
    const toast = await charlie.open("/start")
    expect(toast.body).toContain("This invitation is not there")
    expect(await db().membership.count()).toBe(4)
    expect((await charlie.post("/start", {})).status).toBe(400)
  })

  test("[O6] a full organisation says so to the invitee, and tells its owner", async () => {
    const world = await open()
    world.settings({ STRIPE_SECRET_KEY: "sk_test_x", STRIPE_API_URL: "http://127.0.0.1:9" })
    for (const name of ["one", "two"]) {
      const user = await buildUser(db(), { email: `${name}@acme.test` })
      await buildMembership(db(), { user, organization: world.cast.acme, role: "member" })
    }
    const { page, token } = await invited(world, "new@x.test")
    const browser = world.browser()
    expect((await browser.post(page, { token })).body).toContain("There is no seat left")
    expect(await whoIs(browser)).toBeUndefined()
    await world.settle()
    expect(world.mailbox.latestTo("alice@acme.test").subject).toBe("No seat left in Acme")
    const amir = world.browser()
    await signIn(world, amir, world.cast.amir.email)
    const fields = { intent: "invite", addresses: "other@x.test", role: "member" }
    expect((await amir.post("/o/acme/invitations", fields)).body).toContain("No seat left")
  })
})
