import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { exportOrganization } from "~/domain/organizations/export.server"
import { hashToken } from "~/platform/crypto.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { buildInvitation, buildMembership, buildUser, day } from "../support/cast"
import { member, requester } from "../support/membership"
import { setUpWorld, signIn } from "../support/world"

const world = setUpWorld()

test("[O11] an owner downloads everything the organisation holds, as a file nobody keeps", async () => {
  const w = await world()
  const { acme, alice } = w.cast
  const at = new Date("2026-11-01T10:00:00Z")
  await buildInvitation(db(), { organization: acme, email: "ivy@elsewhere.test", invitedBy: alice })
  await db().organization.update({
    where: { id: acme.id },
    data: {
      billingEmail: "bills@acme.test",
      domains: { create: { domain: "acme.test", addedById: alice.id, createdAt: at } },
      formerSlugs: { create: { slug: "acme-old", createdAt: at } },
      logo: { create: { png: Buffer.from("png"), hash: "h", updatedAt: at } },
      onboarding: { create: { startedAt: at, steps: { create: { step: "profile", state: "done", at } } } },
      apiKeys: {
        create: {
          id: newId(),
          createdById: alice.id,
          name: "Ledger",
          tokenHash: "secret",
          hint: "secret",
          scopes: "members:read,audit:read",
          createdAt: at,
        },
      },
      subscriptions: {
        create: {
          id: newId(),
          stripeSubscriptionId: "sub_1",
          stripeCustomerId: "cus_1",
          stripePriceId: "price_1",
          plan: "starter",
          status: "active",
          stripeCreatedAt: at,
          syncedAt: at,
        },
      },
    },
  })
  const browser = w.browser()
  await signIn(w, browser, "alice@acme.test")
  const head = await browser.get("/o/acme/export.json", {}, "HEAD")
  expect([
    head.status,
    head.body,
    await db().auditEntry.count({ where: { act: "organization.exported" } }),
  ]).toEqual([200, "", 0])
  const file = await browser.get("/o/acme/export.json")
  expect(file.headers.get("Content-Disposition")).toMatch(
    /^attachment; filename="acme-\d{4}-\d\d-\d\d\.json"$/,
  )
  expect(file.headers.get("Cache-Control")).toContain("no-store")
  const exported = JSON.parse(file.body)
  expect(Object.keys(exported)).toEqual([
    "format",
    "exportedAt",
    "organization",
    "settings",
    "ownershipOffer",
    "setUp",
    "stripeCustomerId",
    "subscriptions",
    "invoices",
    "purchases",
    "members",
    "invitations",
    "apiKeys",
    "auditLog",
  ])
  expect(exported.organization).toMatchObject({
    name: "Acme",
    address: "acme",
    formerAddresses: [{ address: "acme-old" }],
  })
  expect(exported.settings).toMatchObject({
    billingEmail: "bills@acme.test",
    joinableDomains: [{ domain: "acme.test" }],
    logo: "data:image/png;base64,cG5n",
  })
  expect(exported.setUp.steps).toMatchObject([{ step: "profile", state: "done" }])
  expect(exported.subscriptions).toMatchObject([{ stripeSubscriptionId: "sub_1", plan: "starter" }])
  expect(exported.members.map((one: { email: string; role: string }) => [one.email, one.role])).toEqual([
    ["alice@acme.test", "owner"],
    ["amir@acme.test", "admin"],
    ["bob@acme.test", "member"],
  ])
  expect(exported.invitations).toMatchObject([{ email: "ivy@elsewhere.test", role: "member" }])
  expect(exported.apiKeys).toEqual([
    {
      name: "Ledger",
      scopes: ["members:read", "audit:read"],
      createdByUserId: alice.id,
      createdAt: at.toISOString(),
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    },
  ])
  expect(file.body).not.toContain("secret")
  expect(exported.auditLog.at(-1)).toMatchObject({ act: "organization.exported", actorUserId: alice.id })
})

test("[O11] invoices, purchases, the ownership offer and why it is archived are in the file", async () => {
  const w = await world()
  const { acme, alice, bob } = w.cast
  const at = new Date("2026-11-01T10:00:00Z")
  await db().organization.update({
    where: { id: acme.id },
    data: {
      archivedAt: at,
      holds: { create: { because: "operator", at, note: "Spam", byUserId: w.cast.olive.id } },
      transfer: { create: { fromUserId: alice.id, toUserId: bob.id, createdAt: at, expiresAt: at } },
      invoices: {
        create: {
          id: "in_1",
          number: "ACME-0001",
          status: "paid",
          currency: "eur",
          total: 1900,
          createdAt: at,
          syncedAt: at,
        },
      },
      checkouts: {
        create: {
          id: newId(),
          plan: "starter",
          email: "alice@acme.test",
          emailTyped: "Alice@acme.test",
          businessName: "Acme",
          url: "https://checkout.test/secret",
          stripeSessionId: "cs_secret",
          requestKey: "key_secret",
          createdAt: at,
          updatedAt: at,
        },
      },
    },
  })
  const browser = w.browser()
  await signIn(w, browser, "alice@acme.test")
  const { body } = await browser.get("/o/acme/export.json")
  const exported = JSON.parse(body)
  expect(exported.organization.archivedBecause).toEqual([
    { because: "operator", since: at.toISOString(), note: "Spam" },
  ])
  expect(exported.ownershipOffer).toMatchObject({ fromUserId: alice.id, toUserId: bob.id })
  expect(exported.invoices).toMatchObject([{ id: "in_1", number: "ACME-0001", total: 1900 }])
  expect(exported.purchases).toMatchObject([{ plan: "starter", email: "Alice@acme.test", state: "open" }])
  expect(body).not.toMatch(/secret/)
  expect(body).not.toContain(w.cast.olive.id)
})

/** Tables of an organisation that are not in its file, and why. */
const leftOut: Record<string, string> = {
  BarredMailbox: "hashes, which say nothing to anybody",
  DomainBar: "who was removed stands in the audit log",
  Link: "secrets of people",
  Session: "what people’s programs speak of is each person's own",
  Mail: "what was mailed to whom is each person's own",
  StripeEvent: "what Stripe told; what came of it stands in plan, invoices and audit log",
  DriftFinding: "for operators: where Stripe and the database differed",
}

test("[O11] no table of an organisation is forgotten in the file", () => {
  const models = [...readFileSync("prisma/schema.prisma", "utf8").matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)]
  const itsOwn = models
    .filter(([, , fields]) => /^ {2}organizationId /m.test(fields ?? ""))
    .map(([, name]) => name ?? "")
  expect(itsOwn.length).toBeGreaterThan(10)
  const exporting = ["export", "export-lists"]
    .map(name => readFileSync(`app/domain/organizations/${name}.server.ts`, "utf8"))
    .join()
  const read: Record<string, RegExp> = {
    ArchiveHold: /holds: true/,
    OrganizationLogo: /logo: true/,
    SlugRedirect: /formerSlugs: true/,
    JoinableDomain: /domains: true/,
    OwnershipTransfer: /transfer: true/,
    Subscription: /subscriptions: true/,
    Onboarding: /onboarding: \{ include/,
    OnboardingStep: /steps: true/,
    AuditEntry: /auditEntry\.findMany/,
    Membership: /membership\.findMany/,
    Invitation: /invitation\.findMany/,
    Invoice: /invoice\.findMany/,
    ApiKey: /apiKey\.findMany/,
    Checkout: /checkout\.findMany/,
  }
  expect(itsOwn.filter(name => !(name in leftOut) && !read[name]?.test(exporting))).toEqual([])
})

test("[O11] the file holds nothing of others and nothing secret", async () => {
  const w = await world()
  const { acme, alice, bob, charlie, birch } = w.cast
  await buildMembership(db(), { user: bob, organization: birch, role: "member" })
  await buildInvitation(db(), { organization: birch, email: "secret@birch.test", invitedBy: charlie })
  const browser = w.browser()
  await signIn(w, browser, "alice@acme.test")
  const { body } = await browser.get("/o/acme/export.json")
  expect(body).not.toMatch(/birch/i)
  for (const foreign of [birch.id, charlie.id]) expect(body).not.toContain(foreign)
  const session = browser.cookies.get("gatehouse") ?? ""
  expect(session).not.toBe("")
  for (const secret of [session, hashToken(session)]) expect(body).not.toContain(secret)
  for (const { tokenHash } of await db().link.findMany()) expect(body).not.toContain(tokenHash)
  expect(body).not.toMatch(/hash|token/i)
  expect(body).toContain(acme.id)
  expect(body).toContain(alice.id)
})

test("[O11] a large organisation comes whole and in small pieces, each row once", async () => {
  const w = await world()
  const { acme, alice } = w.cast
  const at = new Date(Date.now() - day)
  for (let i = 0; i < 3; i += 1) {
    const user = await buildUser(db(), { email: `p${i}@acme.test` })
    await buildMembership(db(), { user, organization: acme, role: "member", createdAt: at })
  }
  // Many at the very same moment: the position between two batches lies within it.
  await db().auditEntry.createMany({
    data: Array.from({ length: 2_600 }, (_, i) => ({
      id: newId(),
      organizationId: acme.id,
      act: "member.role_given",
      target: String(i),
      at: new Date(+at + Math.floor(i / 1_300)),
    })),
  })
  const stream = await exportOrganization(await member(alice, "acme"), requester)
  let text = ""
  let longest = 0
  for await (const piece of stream) {
    text += piece
    longest = Math.max(longest, String(piece).length)
  }
  const { members, auditLog } = JSON.parse(text)
  expect(members).toHaveLength(6)
  const targets = auditLog.map((line: { target: string }) => line.target)
  expect(new Set(targets).size).toBe(2_601)
  expect(targets).toHaveLength(2_601)
  expect(longest).toBeLessThan(text.length / 4)
})

test("[O11] without members, invitations or lines the file is JSON all the same", async () => {
  const w = await world()
  const charlie = w.browser()
  await signIn(w, charlie, "charlie@birch.test")
  const { body } = await charlie.get("/o/birch/export.json")
  expect(JSON.parse(body)).toMatchObject({ invitations: [], subscriptions: [], setUp: null })
})
