import { expect, test } from "vitest"
import { followAllAccess } from "~/domain/billing/billing-hold.server"
import { actsThatChange } from "~/domain/organizations/roles"
import { fromNow, now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { buildInvitation, buildUser, day } from "../support/cast"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()

async function signedIn(world: World, who: "alice" | "amir" | "bob" | "charlie") {
  const browser = world.browser()
  await signIn(world, browser, world.cast[who].email)
  return browser
}

/** A plan of Acme's that nobody has paid for so many days. */
async function unpaid(world: World, days: number, status = "past_due") {
  return db().subscription.create({
    data: {
      id: newId(),
      organizationId: world.cast.acme.id,
      stripeSubscriptionId: "sub_acme",
      stripeCustomerId: "cus_acme",
      stripePriceId: "price_acme",
      plan: "starter",
      status,
      pastDueSince: fromNow(-days * day),
      endedAt: status === "canceled" ? fromNow(-days * day) : null,
      stripeCreatedAt: fromNow(-200 * day),
      syncedAt: now(),
    },
  })
}

const setStatus = (status: string) =>
  db().subscription.update({
    where: { stripeSubscriptionId: "sub_acme" },
    data: { status, pastDueSince: null, endedAt: null },
  })

const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

const changes: [string, Record<string, string>][] = [
  ["/o/acme/invitations", { intent: "invite", addresses: "new@x.test", role: "member" }],
  ["/o/acme/settings", { name: "Taken over" }],
  ["/o/acme/settings/address", { slug: "taken-over" }],
  ["/o/acme/settings/security", { requireMfa: "on" }],
  ["/o/acme/settings/domains", { intent: "add", domain: "acme.test" }],
  ["/o/acme/settings/keys", { name: "CI", scopes: "audit:read", lifetime: "90" }],
  ["/onboarding?org=acme", { org: "acme", step: "workspace", name: "Taken over" }],
]
/** Addresses without a page of their own. */
const bareChanges: typeof changes = [
  ["/o/acme/logo", { intent: "remove" }],
  ["/onboarding/skip", { intent: "later", org: "acme" }],
]

test("[B7] with an unpaid plan changes are answered with one sentence and the way to billing, and change nothing", async () => {
  const world = await open()
  const alice = await signedIn(world, "alice")
  const amir = await signedIn(world, "amir")
  const bobs = await db().membership.findFirstOrThrow({ where: { userId: world.cast.bob.id } })
  const invitation = await buildInvitation(db(), {
    organization: world.cast.acme,
    invitedBy: world.cast.alice,
    email: "ivy@x.test",
  })
  await unpaid(world, 8)
  const acts: typeof changes = [
    ...changes,
    [`/o/acme/members/${bobs.id}`, { intent: "remove" }],
    [`/o/acme/invitations/${invitation.id}`, { intent: "revoke" }],
  ]
  for (const [path, fields] of acts) {
    const answer = await alice.post(path, fields)
    expect([path, answer.status]).toEqual([path, 403])
    const page = textOf(answer.body)
    expect(page).toContain(
      "The plan of Acme is not paid, so it can be read and exported, but not changed. Open billing to put that right.",
    )
    expect(page).toContain('href="/o/acme/billing"')
  }
  for (const [path, fields] of bareChanges) expect((await alice.post(path, fields)).status).toBe(403)
  const refused = textOf((await amir.post("/o/acme/settings", { name: "Taken over" })).body)
  expect(refused).toContain("but not changed. Ask an owner to put that right.")
  expect(await db().invitation.findMany()).toMatchObject([{ id: invitation.id, revokedAt: null }])
  expect(await db().membership.count({ where: { id: bobs.id } })).toBe(1)
  const acme = await db().organization.findUniqueOrThrow({ where: { id: world.cast.acme.id } })
  expect(acme).toMatchObject({ name: "Acme", slug: "acme", requireMfa: false })
  expect(await db().joinableDomain.count()).toBe(0)
  expect(await db().mail.count({ where: { organizationId: acme.id } })).toBe(0)
})

test("[B7] programs hear the same, with a code", async () => {
  const world = await open()
  const amir = await signedIn(world, "amir")
  await unpaid(world, 2, "canceled")
  const refused = await amir.get("/api/onboarding/progress?org=acme")
  expect(refused.status).toBe(403)
  expect(JSON.parse(refused.body)).toEqual({
    error: {
      code: "read_only",
      message:
        "The plan of Acme has ended, so it can be read and exported, but not changed. Ask an owner to put that right.",
      requestId: expect.stringMatching(/^[\w.-]{8,}$/),
    },
  })
})

test("[B7] reading, the export, leaving, handing over and closing go on, and nothing that changes is offered", async () => {
  const world = await open()
  const alice = await signedIn(world, "alice")
  const bob = await signedIn(world, "bob")
  await buildInvitation(db(), {
    organization: world.cast.acme,
    invitedBy: world.cast.alice,
    email: "ivy@x.test",
  })
  await unpaid(world, 8)
  const readable = [
    "",
    "/members",
    "/roles",
    "/audit",
    "/audit.csv",
    "/settings/keys",
    "/billing",
    "/settings/danger",
    "/transfer",
  ]
  for (const path of [...readable, "/closure", "/export.json"]) {
    const answer = await alice.get(`/o/acme${path}`)
    expect([path, answer.status]).toEqual([path, 200])
  }
  const overview = textOf((await alice.get("/o/acme")).body)
  expect(overview).toContain("everything can be read and exported, but not changed")
  expect(overview).not.toContain("Invite people")
  expect(overview).not.toContain('href="/o/acme/settings"')
  expect(overview).toContain('href="/o/acme/settings/danger"')
  const members = textOf((await alice.get("/o/acme/members")).body)
  expect(members).toContain("ivy@x.test")
  expect(members).not.toMatch(/Send again|Withdraw|Invite people|href="[^"]*\/invitations/)
  const danger = textOf((await alice.get("/o/acme/settings/danger")).body)
  expect(danger).not.toContain("/o/acme/settings/domains")
  expect(danger).toContain("Hand it over")
  expect((await bob.get("/o/acme/leave")).status).toBe(200)
  expect((await bob.post("/o/acme/leave", {})).status).toBe(303)
})

test("[B7] paying, a grace that lasts, and no plan at all keep nobody from anything", async () => {
  const world = await open()
  const alice = await signedIn(world, "alice")
  const tries = async () => (await alice.get("/o/acme/invitations")).status
  expect(await tries()).toBe(200)
  await unpaid(world, 6)
  expect(await tries()).toBe(200)
  await world.clock.advance(2 * day)
  expect(await tries()).toBe(403)
  world.settings({ BILLING_GRACE_DAYS: "14" })
  expect(await tries()).toBe(200)
  world.settings({})
  expect(await tries()).toBe(403)
  await setStatus("active")
  expect(await tries()).toBe(200)
})

test("[B7] another organisation's unpaid plan blocks nobody here", async () => {
  const world = await open()
  const charlie = await signedIn(world, "charlie")
  await unpaid(world, 8)
  expect((await charlie.get("/o/birch/settings")).status).toBe(200)
})

test("[B7] nobody joins by an invitation while the plan is unpaid, and the invitation stays good", async () => {
  const world = await open()
  const ivy = await buildUser(db(), { email: "ivy@x.test", proven: true })
  const invitation = await buildInvitation(db(), {
    organization: world.cast.acme,
    invitedBy: world.cast.alice,
    email: ivy.email,
  })
  await unpaid(world, 8)
  const browser = world.browser()
  await signIn(world, browser, ivy.email)
  const accept = () => browser.post("/start", { intent: "accept", invitationId: invitation.id })
  await accept()
  expect(await db().membership.count({ where: { userId: ivy.id } })).toBe(0)
  await setStatus("active")
  await accept()
  expect(await db().membership.count({ where: { userId: ivy.id } })).toBe(1)
})

test("[B7] the hour archives what has been unpaid for long, once, and tells the owners", async () => {
  const world = await open()
  await unpaid(world, 36)
  expect(await followAllAccess()).toBe(0)
  world.clock.advance(2 * day)
  expect(await followAllAccess()).toBe(1)
  expect(await followAllAccess()).toBe(0)
  const mails = await db().mail.findMany({ where: { organizationId: world.cast.acme.id } })
  expect(mails.map(mail => [mail.template, mail.recipient])).toEqual([
    ["organization_archived", world.cast.alice.email],
  ])
  const bob = await signedIn(world, "bob")
  expect((await bob.get("/o/acme")).status).toBe(403)
  await setStatus("active")
  expect(await followAllAccess()).toBe(1)
  expect((await bob.get("/o/acme")).status).toBe(200)
  expect(await db().mail.count({ where: { template: "organization_restored" } })).toBe(1)
})

test("[B7] an organisation that is being closed is not archived for its bills, too", async () => {
  const world = await open()
  await unpaid(world, 60, "canceled")
  await db().organization.update({ where: { id: world.cast.acme.id }, data: { closeRequestedAt: now() } })
  expect(await followAllAccess()).toBe(0)
  expect(await db().archiveHold.count()).toBe(0)
})

test("[B7] what changes is told apart from reading, paying and going", () => {
  expect([...actsThatChange].sort()).toEqual([
    "invitations.manage",
    "keys.manage",
    "members.manage",
    "organization.change_address",
    "organization.set_up",
    "roles.grant_admin",
    "roles.grant_owner",
    "security.manage",
  ])
})
