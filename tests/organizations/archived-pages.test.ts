import { expect, test } from "vitest"
import { archive, restore } from "~/domain/organizations/archive.server"
import type { HoldReason } from "~/domain/organizations/hold-reasons"
import { db, transaction } from "~/platform/db.server"
import { buildInvitation, buildMembership } from "../support/cast"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

async function signedIn(world: World, who: "alice" | "amir" | "bob" | "charlie") {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  return browser
}

const archiveAcme = (world: World, because: HoldReason = "operator", note = "") =>
  transaction(tx => archive(tx, world.cast.acme.id, because, { byUserId: world.cast.alice.id, note }))

const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

const pages = [
  "/o/acme",
  "/o/acme/members",
  "/o/acme/invitations",
  "/o/acme/roles",
  "/o/acme/settings",
  "/onboarding?org=acme",
]

test("[O8] archiving blocks the next request of everyone there, page and data, and says why and whom to ask", async () => {
  const world = await open()
  const people = [await signedIn(world, "alice"), await signedIn(world, "amir"), await signedIn(world, "bob")]
  for (const person of people) expect((await person.get("/o/acme")).status).toBe(200)
  await archiveAcme(world, "operator", "We look into a complaint.")
  for (const person of people) {
    for (const page of pages) {
      const { status, body } = await person.get(page)
      expect([page, status]).toEqual([page, 403])
      expect(textOf(body)).toContain("We look into a complaint.")
      expect(textOf(body)).not.toContain("At a glance")
    }
  }
  const [, , bob] = people
  for (const path of ["/o/acme.data?_routes=routes%2Forganizations%2Foverview", "/o/acme/members.data"]) {
    const alone = await bob?.get(path)
    expect(alone?.body).not.toContain("Amir Aziz")
  }
  const page = textOf((await bob?.get("/o/acme"))?.body ?? "")
  expect(page).toContain("Acme is archived")
  expect(page).toContain("alice@acme.test")
  expect(page).not.toContain("/o/acme/billing")
  expect(page).not.toContain("/o/acme/members")
  expect((await bob?.get("/o/acme/billing"))?.status).toBe(403)
})

test("[O8] nothing can be done there, and programs hear the same with a code", async () => {
  const world = await open()
  const amir = await signedIn(world, "amir")
  const alice = await signedIn(world, "alice")
  await archiveAcme(world, "billing")
  const acts: [string, Record<string, string>][] = [
    ["/o/acme/invitations", { intent: "invite", addresses: "new@x.test", role: "member" }],
    ["/o/acme/settings", { name: "Taken over" }],
    ["/onboarding?org=acme", { org: "acme", step: "workspace", name: "Taken over" }],
    ["/onboarding/skip", { intent: "later", org: "acme" }],
  ]
  for (const [path, fields] of acts) {
    for (const person of [amir, alice]) expect((await person.post(path, fields)).status).toBe(403)
  }
  expect(await db().invitation.count()).toBe(0)
  expect((await db().organization.findUniqueOrThrow({ where: { slug: "acme" } })).name).toBe("Acme")
  const refused = await amir.get("/api/onboarding/progress?org=acme")
  expect(refused.status).toBe(403)
  expect(JSON.parse(refused.body)).toEqual({
    error: {
      code: "archived",
      message: "Acme is archived: its plan is not paid. Ask Alice Archer (alice@acme.test).",
      requestId: expect.any(String),
    },
  })
})

test("[O8] only that organisation: the others, the account and the session go on, and the stranger still gets 404", async () => {
  const world = await open()
  const { alice, birch } = world.cast
  await buildMembership(db(), { user: alice, organization: birch, role: "member" })
  const browser = await signedIn(world, "alice")
  const charlie = await signedIn(world, "charlie")
  await archiveAcme(world)
  expect(await whoIs(browser)).toBe(alice.email)
  for (const page of ["/o/birch", "/o/birch/members", "/account/profile", "/account/devices"]) {
    expect([page, (await browser.get(page)).status]).toEqual([page, 200])
  }
  const before = await browser.get("/o/acme")
  expect(textOf(before.body)).toContain('action="/o/birch/switch"')
  expect((await browser.post("/o/birch/switch")).location).toBe("/o/birch")
  expect((await browser.post("/o/acme/switch")).location).toBe("/o/acme")
  expect((await browser.get("/start")).location).toBe("/o/birch")
  expect((await browser.get("/onboarding")).location).toBe("/start")
  expect((await charlie.get("/o/acme")).status).toBe(404)
  expect((await charlie.get("/o/birch")).status).toBe(200)
})

test("[O8] owners still reach billing, in the frame, without entries that lead nowhere", async () => {
  const world = await open()
  const alice = await signedIn(world, "alice")
  await archiveAcme(world)
  const billing = await alice.get("/o/acme/billing")
  expect(billing.status).toBe(200)
  for (const path of ["members", "roles", "audit", "settings"])
    expect(textOf(billing.body)).not.toContain(`href="/o/acme/${path}"`)
  expect(textOf(billing.body)).toContain('href="/o/acme/settings/danger"')
  expect((await alice.get("/pricing?org=acme")).status).toBe(200)
  expect((await alice.get("/o/acme/billing/portal")).location).toBe("/o/acme/billing")
  const page = textOf((await alice.get("/o/acme")).body)
  for (const path of ["billing", "closure", "export.json"]) expect(page).toContain(`href="/o/acme/${path}"`)
  expect(page).toMatch(/<title>Acme is archived · Gatehouse<\/title>/)
})

test("[O8] admins whom the owners let pay get the way to billing, other admins and members whom to ask", async () => {
  const world = await open()
  const { acme } = world.cast
  const amir = await signedIn(world, "amir")
  const bob = await signedIn(world, "bob")
  await archiveAcme(world, "billing")
  for (const person of [amir, bob]) {
    const page = textOf((await person.get("/o/acme")).body)
    expect(page).toContain("alice@acme.test")
    expect(page).not.toContain("/o/acme/billing")
  }
  await db().organization.update({ where: { id: acme.id }, data: { adminsManageBilling: true } })
  const page = textOf((await amir.get("/o/acme")).body)
  expect(page).toMatch(/<a class="link"[^>]*href="\/o\/acme\/billing"[^>]*>Open billing</)
  for (const path of ["export.json", "closure"]) expect(page).not.toContain(`/o/acme/${path}`)
  expect((await amir.get("/o/acme/billing")).status).toBe(200)
  const refused = JSON.parse((await amir.get("/api/onboarding/progress?org=acme")).body)
  expect(refused.error.message).toContain("You can put that right in billing.")
  expect(textOf((await bob.get("/o/acme")).body)).not.toContain("/o/acme/billing")
})

test("[O8] archived for an unpaid plan, the page is one alarm with the way out, in the words of the cause", async () => {
  const world = await open()
  const { acme } = world.cast
  const alice = await signedIn(world, "alice")
  const at = new Date()
  await db().subscription.create({
    data: {
      id: "s",
      organizationId: acme.id,
      stripeSubscriptionId: "sub_1",
      stripeCustomerId: "cus_1",
      stripePriceId: "price_1",
      plan: "starter",
      status: "unpaid",
      pastDueSince: new Date(+at - 60 * 86_400_000),
      endedAt: new Date(+at - 60 * 86_400_000),
      stripeCreatedAt: at,
      syncedAt: at,
    },
  })
  await archiveAcme(world, "billing")
  for (const [status, title, button] of [
    ["unpaid", "The plan is not paid", "Sort out the payment"],
    ["canceled", "The plan has ended", "Choose a plan"],
    ["paused", "The plan is paused", "Resume the plan"],
  ]) {
    await db().subscription.update({ where: { id: "s" }, data: { status } })
    const page = textOf((await alice.get("/o/acme")).body)
    expect(page.match(/sr-only">(?:Problem|Please note): /g)).toHaveLength(1)
    expect(page).toContain(`${title}</p>`)
    expect(page.match(/bg-lamp-glow[^>]*>([^<]*)</)?.[1]).toBe(button)
  }
})

test("[O8] a closed one says who closed it and when it is erased", async () => {
  const world = await open()
  const bob = await signedIn(world, "bob")
  await archiveAcme(world, "closing")
  await db().organization.update({
    where: { slug: "acme" },
    data: { eraseAt: new Date("2027-01-15T10:00:00Z") },
  })
  const page = textOf((await bob.get("/o/acme")).body)
  expect(page).toContain("Alice Archer closed it")
  expect(page).toContain("15 Jan 2027")
  expect(page).not.toContain("Nothing is deleted")
})

test("[O8] a mail to the owners goes out, once, and one when it is restored; then everybody is back", async () => {
  const world = await open()
  const bob = await signedIn(world, "bob")
  await world.settle()
  world.mailbox.clear()
  await archiveAcme(world, "operator", "We look into a complaint.")
  await world.settle()
  expect(world.mailbox.messages().map(mail => [mail.to, mail.subject])).toEqual([
    [["alice@acme.test"], "Acme is archived"],
  ])
  expect(world.mailbox.latestTo("alice@acme.test").text).toContain("We look into a complaint.")
  expect((await bob.get("/o/acme")).status).toBe(403)
  await transaction(tx => restore(tx, world.cast.acme.id, "operator"))
  await world.settle()
  expect(
    world.mailbox
      .messages()
      .map(mail => mail.subject)
      .sort(),
  ).toEqual(["Acme is archived", "Acme is restored"])
  for (const page of ["/o/acme", "/o/acme/members", "/o/acme/billing"])
    expect((await bob.get(page)).status).toBe(200)
})

test("[O8] an invitation to an archived organisation waits, says so when accepted, and works once it is restored", async () => {
  const world = await open()
  const { acme, amir, charlie } = world.cast
  const invitation = await buildInvitation(db(), {
    organization: acme,
    email: charlie.email,
    invitedBy: amir,
  })
  const browser = await signedIn(world, "charlie")
  await archiveAcme(world)
  expect((await browser.get("/start")).location).toBe("/o/birch")
  const accepted = await browser.post("/start", { invitationId: invitation.id })
  expect(accepted.location).toBe("/start")
  expect(textOf((await browser.open("/start")).body)).toContain("This organisation is archived.")
  expect(await db().membership.count({ where: { userId: charlie.id } })).toBe(1)
  await transaction(tx => restore(tx, acme.id, "operator"))
  expect(textOf((await browser.get("/start")).body)).toContain("Acme")
  expect((await browser.post("/start", { invitationId: invitation.id })).location).toBe("/o/acme")
})

test("[O8] where no owner can sign in, nobody is named", async () => {
  const world = await open()
  const bob = await signedIn(world, "bob")
  await archiveAcme(world)
  await db().user.update({ where: { id: world.cast.alice.id }, data: { disabledAt: new Date() } })
  const page = await bob.get("/o/acme")
  expect(page.status).toBe(403)
  expect(textOf(page.body)).toContain("Acme is archived")
  expect(textOf(page.body)).not.toContain("Whom to ask")
  expect(textOf(page.body)).not.toContain("alice@acme.test")
})

test("[O8] whoever belongs to an archived organisation can leave it", async () => {
  const world = await open()
  const bob = await signedIn(world, "bob")
  await archiveAcme(world)
  expect((await bob.get("/o/acme")).body).toContain('href="/o/acme/leave"')
  const page = textOf((await bob.get("/o/acme/leave")).body)
  expect(page).toContain("you need someone to invite you")
  expect(page).not.toContain("/o/acme/members")
  expect((await bob.post("/o/acme/leave", {})).location).toBe("/start")
  expect(await db().membership.count({ where: { userId: world.cast.bob.id } })).toBe(0)
})
