import { expect, test } from "vitest"
import { requestClosing } from "~/domain/billing/close-organization.server"
import { reopenOrganization } from "~/domain/billing/reopen-organization.server"
import { spendMailBudget } from "~/domain/mail/budget.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { invite } from "~/domain/organizations/invite.server"
import { offerOwnership } from "~/domain/organizations/offer-ownership.server"
import { db, transaction } from "~/platform/db.server"
import { buildOrganization } from "../support/cast"
import { minutes } from "../support/clock"
import { member, requester } from "../support/membership"
import { askForLink, setUpWorld, signIn, type World } from "../support/world"

const world = setUpWorld()
const budget = { MAIL_BUDGET_PER_HOUR: "40", LIMIT_LINKS_PER_CLIENT: "1000" }
const ownShare = 4

const roleChanged = {
  template: "role_changed",
  parameters: {
    organizationName: "Acme",
    organizationSlug: "acme",
    byName: "Amir",
    role: "an admin",
    roleWords: "Looks after people",
  },
} as const

/** As many notices of role changes as somebody who found a way around every limit could cause. */
async function flood(organizationId: string, to: string, count: number) {
  await transaction(async tx => {
    for (let i = 0; i < count; i++) await queueMail(tx, { ...roleChanged, to: `${i}.${to}`, organizationId })
  })
}

async function asksForLink(w: World, email: string) {
  await askForLink(w, w.browser(), email)
  await w.settle()
  return w.mailbox.messages(email).length
}

test("[L16] however much mail organisations cause, people sign in, within this hour and the next", async () => {
  const w = await world()
  w.settings({ ...budget, MAIL_BUDGET_PER_HOUR: "20" })
  const { charlie } = w.cast
  for (let i = 0; i < 12; i++) {
    const organization = await buildOrganization(db(), {
      name: `Flood ${i}`,
      slug: `flood-${i}`,
      members: [[w.cast.amir, "owner"]],
    })
    await flood(organization.id, `${i}@x.test`, 3)
  }
  await w.settle()
  expect(w.mailbox.messages()).toHaveLength(15)
  expect(await asksForLink(w, charlie.email)).toBe(1)
  w.clock.advance(minutes(61))
  await w.settle()
  expect(w.mailbox.messages()).toHaveLength(31)
  expect(await asksForLink(w, charlie.email)).toBe(2)
})

test("[L16] one organisation has a tenth, invitations and notices together, and takes nothing from another", async () => {
  const w = await world()
  w.settings(budget)
  const { acme, birch, amir } = w.cast
  await flood(acme.id, "p@x.test", 3)
  const addresses = ["a", "b", "c"].map(name => `${name}@x.test`).join()
  await invite(await member(amir, "acme"), { addresses, role: "member" }, { seats: null, requester })
  await flood(birch.id, "q@x.test", 2)
  await w.settle()
  expect(await db().mail.count({ where: { organizationId: acme.id, state: "sent" } })).toBe(ownShare)
  expect(await db().mail.count({ where: { organizationId: birch.id, state: "sent" } })).toBe(2)
  const alert = await db().setting.findFirstOrThrow({ where: { key: "alert.mail-budget" } })
  expect(alert.value).toContain("each organisation 4.")
  w.clock.advance(minutes(61))
  await w.settle()
  expect(await db().mail.count({ where: { state: "queued" } })).toBe(0)
})

test("[L16] invitations count as mail to strangers: half of the budget for both together", async () => {
  const w = await world()
  w.settings(budget)
  const spend = (share: "strangers" | "entry", organizationId: string | null) =>
    spendMailBudget({ share, organizationId })
  let invitations = 0
  for (let i = 0; i < 30; i++) if ((await spend("strangers", `organization ${i}`)).ok) invitations += 1
  expect(invitations).toBe(20)
  expect((await spend("strangers", null)).ok).toBe(false)
  expect((await spend("entry", null)).ok).toBe(true)
})

test("[L16] what is refused by one part of the budget is not taken from the others", async () => {
  const w = await world()
  w.settings(budget)
  const spend = (share: "organization" | "payments", organizationId: string) =>
    spendMailBudget({ share, organizationId })
  for (let i = 0; i < 100; i++) await spend("organization", "one")
  let others = 0
  for (let i = 0; i < 100; i++) if ((await spend("payments", "one")).ok) others += 1
  expect(others).toBe(30 - ownShare)
})

test("[L16] operators are told whatever is spent", async () => {
  const w = await world()
  w.settings({ ...budget, MAIL_BUDGET_PER_HOUR: "1" })
  await asksForLink(w, w.cast.alice.email)
  expect(await asksForLink(w, w.cast.bob.email)).toBe(0)
  expect((await spendMailBudget({ share: "operators", organizationId: null })).ok).toBe(true)
})

test("[M1] a later mail takes the place of one that still waits, and of no other", async () => {
  const w = await world()
  w.settings({ ...budget, MAIL_BUDGET_PER_HOUR: "10" })
  const { acme, birch, bob } = w.cast
  const queue = (organizationId: string, role: string, to = bob.email) =>
    transaction(tx =>
      queueMail(tx, {
        ...roleChanged,
        to,
        organizationId,
        parameters: { ...roleChanged.parameters, role },
        replacesWaiting: true,
      }),
    )
  await queue(acme.id, "a member", "someone@x.test")
  await w.settle()
  for (const role of ["an admin", "a member", "an owner"]) await queue(acme.id, role)
  await queue(birch.id, "an admin")
  await w.settle()
  w.clock.advance(minutes(61))
  await w.settle()
  const subjects = w.mailbox.messages(bob.email).map(mail => mail.subject)
  expect(subjects.sort()).toEqual(["You are now an admin of Acme", "You are now an owner of Acme"])
  expect(await db().mail.count({ where: { state: "expired" } })).toBe(2)
})

test("[L16] an admin who changes one role all day stops nobody's sign-in, and is told to wait at the form", async () => {
  const w = await world()
  w.settings({ ...budget, MAIL_BUDGET_PER_HOUR: "20" })
  const { amir, bob, charlie } = w.cast
  const browser = w.browser()
  await signIn(w, browser, amir.email)
  const page = `/o/acme/members/${(await member(bob, "acme")).id}`
  const change = (role: string) => browser.post(page, { intent: "change_role", role })
  for (let i = 0; i < 60; i++) expect((await change(i % 2 ? "member" : "admin")).status).toBe(303)
  const refused = await change("admin")
  expect(refused.status).toBe(429)
  expect(refused.body).toContain("Try again in an hour.")
  await w.settle()
  expect(w.mailbox.messages(bob.email).map(mail => mail.subject)).toEqual(["You are now a member of Acme"])
  expect(await asksForLink(w, charlie.email)).toBe(1)
})

test("[O7] owners who offer or close too often are told so at the form", async () => {
  const w = await world()
  const { alice, bob } = w.cast
  const browser = w.browser()
  await signIn(w, browser, alice.email)
  const membership = await member(alice, "acme")
  for (let i = 0; i < 10; i++) {
    expect((await offerOwnership(membership, bob.email, requester)).ok).toBe(true)
    await db().ownershipTransfer.deleteMany()
  }
  const offered = await browser.post("/o/acme/transfer", { intent: "offer", address: bob.email })
  expect([offered.status, offered.body.includes("Try again tomorrow.")]).toEqual([429, true])
  expect(offered.body).toContain(bob.email)
  for (let i = 0; i < 5; i++) {
    expect((await requestClosing(membership, requester)).ok).toBe(true)
    expect((await reopenOrganization(membership, requester)).ok).toBe(true)
  }
  const closed = await browser.post("/o/acme/closure", { intent: "close", name: "Acme" })
  expect([closed.status, closed.body.includes("Try again tomorrow.")]).toEqual([429, true])
})
