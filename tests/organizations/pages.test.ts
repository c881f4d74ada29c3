import { describe, expect, test } from "vitest"
import { db } from "~/platform/db.server"
import type { Visit } from "../support/browser"
import { buildInvitation, buildMembership, buildUser } from "../support/cast"
import { days } from "../support/clock"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

async function signedIn(world: World, who: "olive" | "alice" | "amir" | "bob" | "charlie") {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  return browser
}

const statuses = (visits: Visit[]) => visits.map(visit => visit.status)

describe("who may see and do what", () => {
  const pages = [
    "/o/acme",
    "/o/acme/members",
    "/o/acme/invitations",
    "/o/acme/roles",
    "/o/acme/settings",
    "/o/acme/switch",
  ]
  const acts: [string, Record<string, string>][] = [
    ["/o/acme/switch", {}],
    ["/o/acme/invitations", { intent: "invite", addresses: "new@x.test", role: "member" }],
    ["/o/acme/settings", { name: "Taken over" }],
    ["/onboarding?org=acme", { org: "acme", step: "workspace", name: "Taken over" }],
    ["/onboarding/skip", { intent: "later", org: "acme" }],
  ]

  test("[O9] the stranger gets 404 everywhere, the operator too, and nothing happens", async () => {
    const world = await open()
    for (const who of ["charlie", "olive"] as const) {
      const browser = await signedIn(world, who)
      for (const page of [...pages, "/onboarding?org=acme", "/o/nowhere"]) {
        expect([page, (await browser.get(page)).status]).toEqual([page, 404])
      }
      for (const [path, fields] of acts) {
        expect([path, (await browser.post(path, fields)).status]).toEqual([path, 404])
      }
      expect((await browser.get("/api/onboarding/progress?org=acme")).status).toBe(404)
      const patch = { org: "acme", step: "workspace", state: "done" }
      expect((await browser.json("/api/onboarding/progress", patch, "PATCH")).status).toBe(404)
    }
    expect(await db().invitation.count()).toBe(0)
    expect(await db().onboarding.count()).toBe(0)
    expect((await db().organization.findUniqueOrThrow({ where: { slug: "acme" } })).name).toBe("Acme")
  })

  test("[O9] a guest is sent to sign in, and comes back", async () => {
    const world = await open()
    const guest = world.browser()
    for (const page of [...pages, "/start", "/organizations/new", "/onboarding?org=acme"]) {
      const visit = await guest.get(page)
      expect([visit.status, visit.location]).toEqual([302, `/login?redirectTo=${encodeURIComponent(page)}`])
    }
    for (const [path, fields] of acts) expect((await guest.post(path, fields)).location).toBe("/login")
    expect((await guest.get("/api/onboarding/progress?org=acme")).status).toBe(401)
  })

  test("[O2] a member reads, and gets 403 for what needs more", async () => {
    const world = await open()
    const bob = await signedIn(world, "bob")
    expect(
      statuses([await bob.get("/o/acme"), await bob.get("/o/acme/members"), await bob.get("/o/acme/roles")]),
    ).toEqual([200, 200, 200])
    expect((await bob.get("/o/acme")).body).not.toContain("/o/acme/invitations")
    expect((await bob.get("/o/acme")).body).not.toContain("/o/acme/settings")
    expect((await bob.get("/o/acme/invitations")).status).toBe(403)
    const refused = await bob.get("/o/acme/settings")
    expect(refused.status).toBe(403)
    expect(refused.body).toContain("Only an owner or admin of Acme can do this.")
    expect(refused.body).toMatch(/href="\/o\/acme"[^>]*>Back to Acme</)
    // In the frame of the organisation, with its entries and the way to others.
    expect(refused.body).toContain('href="/o/acme/members"')
    expect((await bob.get("/onboarding?org=acme")).status).toBe(403)
    for (const [path, fields] of acts.slice(1)) expect((await bob.post(path, fields)).status).toBe(403)
    expect((await bob.get("/api/onboarding/progress?org=acme")).status).toBe(403)
  })

  test("[O2] the roles page prints the table", async () => {
    const world = await open()
    const bob = await signedIn(world, "bob")
    const { body } = await bob.get("/o/acme/roles")
    expect(body).toContain("You are a member here.")
    expect(body).toContain("Make someone an owner; change or remove an owner")
  })
})

describe("start", () => {
  test("[O1] without an organisation: a plan, or creating one", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    await db().user.update({ where: { id: world.cast.olive.id }, data: { isOperator: false } })
    const { status, body } = await olive.get("/start")
    expect(status).toBe(200)
    expect(body).toContain("You belong to no organisation yet")
    expect(body).toContain('href="/pricing"')
    expect(body).toContain('href="/organizations/new"')
  })

  test("[D1] an operator without an organisation goes on to the desk", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    expect((await olive.get("/start")).location).toBe("/admin")
  })

  test("[O1] with one: on to the one used last, or to where the person was going", async () => {
    const world = await open()
    const alice = await signedIn(world, "alice")
    expect((await alice.get("/start")).location).toBe("/o/acme")
    expect((await alice.get("/start?redirectTo=%2Fo%2Facme%2Fmembers")).location).toBe("/o/acme/members")
    expect((await alice.get("/start?redirectTo=%2F%2Fevil.example")).location).toBe("/o/acme")
  })

  test("[O1] switching is one click, lands there next time, and changes nothing for others", async () => {
    const world = await open()
    const { alice, bob, birch } = world.cast
    for (const user of [alice, bob])
      await buildMembership(db(), { user, organization: birch, role: "member" })
    const browser = await signedIn(world, "alice")
    const others = () =>
      db().membership.findMany({ where: { userId: { not: alice.id } }, orderBy: { id: "asc" } })
    const before = await others()
    const switched = await browser.post("/o/birch/switch")
    expect([switched.status, switched.location]).toEqual([303, "/o/birch"])
    expect((await browser.get("/start")).location).toBe("/o/birch")
    expect(await others()).toEqual(before)
  })

  test("[O8] an archived organisation is not where a sign-in lands, unless there is no other", async () => {
    const world = await open()
    const { alice, birch } = world.cast
    await buildMembership(db(), { user: alice, organization: birch, role: "member", lastUsedAt: new Date() })
    await db().organization.update({ where: { slug: "birch" }, data: { archivedAt: new Date() } })
    const browser = await signedIn(world, "alice")
    expect((await browser.get("/start")).location).toBe("/o/acme")
  })
})

describe("a new organisation", () => {
  test("[O1] is created by name, and its set-up begins", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    expect((await olive.post("/organizations/new", { name: "  " })).status).toBe(400)
    const made = await olive.post("/organizations/new", { name: "Bäckerei Olive" })
    expect([made.status, made.location]).toEqual([303, "/onboarding?org=baeckerei-olive"])
    expect(await db().onboarding.count()).toBe(1)
    expect((await olive.get("/o/baeckerei-olive")).body).toContain("What to do next")
  })

  test("[O1] ten in a day are enough for anyone", async () => {
    const world = await open()
    const olive = await signedIn(world, "olive")
    const made = []
    for (let i = 0; i < 11; i += 1) made.push(await olive.post("/organizations/new", { name: `Number ${i}` }))
    expect(statuses(made).filter(status => status === 303)).toHaveLength(10)
    expect(made[10]?.status).toBe(429)
  })
})

describe("the settings", () => {
  test("[O12] an admin renames the organisation; its address stays, and the audit log says so", async () => {
    const world = await open()
    const amir = await signedIn(world, "amir")
    expect((await amir.get("/o/acme/settings")).body).toContain('value="Acme"')
    const refused = await amir.post("/o/acme/settings", { name: "---" })
    expect([refused.status, refused.body.includes("at least one letter")]).toEqual([400, true])
    const saved = await amir.post("/o/acme/settings", { name: "  Acme   Works " })
    expect([saved.status, saved.location]).toEqual([303, "/o/acme/settings"])
    expect((await amir.get("/o/acme")).body).toContain("Acme Works")
    const [line] = await db().auditEntry.findMany({ where: { act: "organization.renamed" } })
    expect(line).toMatchObject({ actorUserId: world.cast.amir.id, organizationId: world.cast.acme.id })
  })
})

describe("inviting on the page", () => {
  test("[O3] each address gets its line, and the mail arrives with a link", async () => {
    const world = await open()
    const amir = await signedIn(world, "amir")
    const fields = { intent: "invite", addresses: "New@X.test, bob@acme.test, nonsense", role: "admin" }
    const { status, body } = await amir.post("/o/acme/invitations", fields)
    expect(status).toBe(200)
    for (const words of ["New@X.test", "Invited", "Is a member", "Not an address"])
      expect(body).toContain(words)
    expect(body).toMatch(/<textarea[^>]*>nonsense<\/textarea>/)
    expect(body).toMatch(/value="admin"[^>]*checked|checked[^>]*value="admin"/)
    await world.settle()
    const mail = world.mailbox.latestTo("new@x.test")
    expect(mail.subject).toBe("Amir Aziz invites you to Acme")
    expect(mail.link).toMatch(new RegExp(`^${world.url}/invitation\\?token=[\\w-]{43}$`))
    expect((await amir.get("/o/acme/members")).body).toContain("New@X.test")
  })

  test("[O2] an admin is not offered the role of owner, and cannot post it", async () => {
    const world = await open()
    const amir = await signedIn(world, "amir")
    expect((await amir.get("/o/acme/invitations")).body).not.toContain('value="owner"')
    const fields = { intent: "invite", addresses: "new@x.test", role: "owner" }
    const { status, body } = await amir.post("/o/acme/invitations", fields)
    expect([status, body.includes("a role above your own"), body.includes("new@x.test")]).toEqual([
      400,
      true,
      true,
    ])
    expect(await db().invitation.count()).toBe(0)
  })

  test("[O3] sending again and withdrawing from the list of members", async () => {
    const world = await open()
    const { acme, alice } = world.cast
    const sent = await buildInvitation(db(), { organization: acme, email: "new@x.test", invitedBy: alice })
    world.clock.advance(days(8))
    const amir = await signedIn(world, "amir")
    expect((await amir.get("/o/acme/members")).body).toContain("Expired")
    const page = `/o/acme/invitations/${sent.id}`
    const again = await amir.post(page, { intent: "resend" })
    expect([again.status, again.location]).toEqual([303, "/o/acme/members"])
    expect((await amir.get("/o/acme/members")).body).toContain("new@x.test: sent again.")
    expect((await amir.post(page, { intent: "resend" })).location).toBe("/o/acme/members")
    expect((await amir.get("/o/acme/members")).body).toContain("new@x.test: just sent.")
    const charlie = await signedIn(world, "charlie")
    for (const intent of ["resend", "revoke"])
      expect((await charlie.post(`/o/birch/invitations/${sent.id}`, { intent })).status).toBe(404)
    expect((await charlie.get(`/o/birch/invitations/${sent.id}`)).status).toBe(404)
    const gone = await amir.post(page, { intent: "revoke" })
    expect([gone.status, gone.location]).toEqual([303, "/o/acme/members"])
    for (const intent of ["resend", "revoke"]) expect((await amir.post(page, { intent })).status).toBe(404)
    expect((await amir.post(page, { intent: "delete" })).status).toBe(400)
    await world.settle()
    const told = world.mailbox.messages().filter(mail => !mail.subject.startsWith("Sign in"))
    expect(told.map(mail => [...mail.to, mail.subject])).toEqual([
      ["new@x.test", "Amir Aziz invites you to Acme"],
    ])
  })

  test("[O3] the page of one says who, as what, by whom and until when, and what can still be done", async () => {
    const world = await open()
    const { acme, alice } = world.cast
    const build = (email: string, role: "member" | "owner" = "member") =>
      buildInvitation(db(), { organization: acme, email, role, invitedBy: alice })
    const sent = await build("new@x.test")
    const higher = await build("boss@x.test", "owner")
    const amir = await signedIn(world, "amir")
    const own = (await amir.get(`/o/acme/invitations/${sent.id}`)).body
    for (const words of [
      "new@x.test",
      "Member",
      "Waits for an answer",
      "Alice Archer",
      "Send again",
      "Withdraw",
    ])
      expect(own).toContain(words)
    expect((await amir.get(`/o/acme/invitations/${higher.id}`)).body).not.toContain("Send again")
    await amir.post(`/o/acme/invitations/${sent.id}`, { intent: "revoke" })
    const gone = (await amir.get(`/o/acme/invitations/${sent.id}`)).body
    expect([gone.includes("Withdrawn"), gone.includes("Send again")]).toEqual([true, false])
    const bob = await signedIn(world, "bob")
    expect((await bob.get(`/o/acme/invitations/${higher.id}`)).status).toBe(403)
  })

  test("[O6] the form says how many seats are left, and is not there when none is", async () => {
    const world = await open()
    const { acme, alice } = world.cast
    const amir = await signedIn(world, "amir")
    expect((await amir.get("/o/acme/invitations")).body).not.toMatch(/seats? (is|are) left/)
    world.settings({ STRIPE_SECRET_KEY: "sk_test_seats" })
    expect((await amir.get("/o/acme/invitations")).body).toContain("2 of 5 seats are left.")
    for (const email of ["one@x.test", "two@x.test"])
      await buildInvitation(db(), { organization: acme, email, invitedBy: alice })
    const full = (await amir.get("/o/acme/invitations")).body
    expect(full).toContain("All 5 seats are taken, or promised by an invitation.")
    expect(full).toContain("Ask an owner for a larger plan")
    expect(full).not.toContain("Send invitations")
    const owner = (await (await signedIn(world, "alice")).get("/o/acme/invitations")).body
    expect(owner).toMatch(/href="\/o\/acme\/billing"[^>]*>See the plan</)
  })

  test("[O3] many invitations come in pages, the latest first", async () => {
    const world = await open()
    const { acme, alice } = world.cast
    for (let i = 0; i < 30; i += 1) {
      const sentAt = new Date(Date.now() - i * 60_000)
      await buildInvitation(db(), { organization: acme, email: `p${i}@x.test`, invitedBy: alice, sentAt })
    }
    const amir = await signedIn(world, "amir")
    const first = (await amir.get("/o/acme/members")).body
    expect([first.includes("p24@x.test"), first.includes("p25@x.test")]).toEqual([true, false])
    const older = /href="([^"]*invited-after=[^"]*)"/.exec(first)?.[1] ?? ""
    const second = (await amir.get(older.replaceAll("&amp;", "&"))).body
    expect([second.includes("p24@x.test"), second.includes("p25@x.test")]).toEqual([false, true])
  })

  test("[O3] without mail the link is shown once, and nowhere afterwards", async () => {
    const world = await open()
    const amir = await signedIn(world, "amir")
    world.settings({ SMTP_HOST: "", MAIL_FROM: "" })
    const fields = { addresses: "new@x.test", role: "member" }
    const { body } = await amir.post("/o/acme/invitations", fields)
    expect(body).toMatch(/<input[^>]*readOnly[^>]*value="[^"]*\/invitation\?token=/i)
    const later = [await amir.get("/o/acme/invitations"), await amir.get("/o/acme/members")]
    expect(later.map(page => page.body.includes("token="))).toEqual([false, false])
    const token = /invitation\?token=([\w-]{43})/.exec(body)?.[1] ?? ""
    expect(JSON.stringify(world.log.records)).not.toContain(token)
    const nia = world.browser()
    expect((await nia.post(`/invitation?token=${token}`, { token })).location).toBe("/o/acme")
    expect(await whoIs(nia)).toBe("new@x.test")
  })

  test("[O3] without mail a waiting invitation gets a new link on its page, and the old one still works", async () => {
    const world = await open()
    const { acme, alice } = world.cast
    const amir = await signedIn(world, "amir")
    world.settings({ SMTP_HOST: "", MAIL_FROM: "" })
    const sentAt = new Date(Date.now() - 120_000)
    const sent = await buildInvitation(db(), {
      organization: acme,
      email: "new@x.test",
      invitedBy: alice,
      sentAt,
    })
    const page = `/o/acme/invitations/${sent.id}`
    expect((await amir.get(page)).body).toContain("Make a new link")
    const { status, body } = await amir.post(page, { intent: "resend" })
    const token = /invitation\?token=([\w-]{43})/.exec(body)?.[1] ?? ""
    expect([status, token.length]).toEqual([200, 43])
    expect((await amir.get(page)).body).not.toContain("token=")
    expect((await world.browser().post(`/invitation?token=${token}`, { token })).location).toBe("/o/acme")
    expect(await db().mail.count({ where: { template: "invitation" } })).toBe(0)
  })
})

describe("the members page", () => {
  test("[B11] without a plan, too, the pages say how many seats there are", async () => {
    const world = await open()
    const { acme, alice } = world.cast
    await buildInvitation(db(), { organization: acme, email: "new@x.test", invitedBy: alice })
    const bob = await signedIn(world, "bob")
    expect((await bob.get("/o/acme/members")).body).not.toContain("Seats:")
    world.settings({ STRIPE_SECRET_KEY: "sk_test_seats" })
    expect((await bob.get("/o/acme")).body).toContain("3 of 5 seats")
    expect((await bob.get("/o/acme/members")).body).toContain("Seats: 3 of 5 taken, 1 more by an invitation.")
  })

  test("[O3] members see people and no invitations; a page beyond the last is empty, not broken", async () => {
    const world = await open()
    const { acme, alice } = world.cast
    await buildInvitation(db(), { organization: acme, email: "secret@x.test", invitedBy: alice })
    const bob = await signedIn(world, "bob")
    const { body } = await bob.get("/o/acme/members")
    expect([body.includes("amir@acme.test"), body.includes("secret@x.test")]).toEqual([true, false])
    expect((await bob.get("/o/acme/members?page=99")).status).toBe(200)
    expect((await bob.get("/o/acme/members?page=-1&search=%25")).status).toBe(200)
    await buildUser(db(), { email: "someone@else.test" })
    expect((await bob.get("/o/acme/members?search=someone")).body).toContain("Nobody found")
  })
})
