import { expect, test } from "vitest"
import { requestClosing } from "~/domain/billing/close-organization.server"
import { db } from "~/platform/db.server"
import { buildMembership } from "../support/cast"
import { member, requester } from "../support/membership"
import { atStripe, sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")
const path = "/o/acme/billing/cancellation"

async function acmeHasPlan(w: BillingWorld) {
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  return { subscription, alice: await enter(w.browser(), alice) }
}

const rowOf = (id: string) => db().subscription.findUniqueOrThrow({ where: { id } })
const acts = (organizationId: string) =>
  db().auditEntry.findMany({ where: { organizationId, act: { startsWith: "billing.end" } } })

test("[B10] an owner ends the plan with its period, sees the date, and takes it back: both at once, without any event", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  expect(textOf((await alice.get(path)).body)).toMatch(/The plan ends\s*on\s*<time/)
  const ended = await alice.post(path, { intent: "end" })
  expect([ended.status, ended.location]).toEqual([303, "/o/acme/billing"])
  expect(await atStripe(w, subscription)).toEqual({ status: "active", ending: true })
  const { cancelAt, currentPeriodEnd } = await rowOf(subscription.id)
  expect(cancelAt).toEqual(currentPeriodEnd)
  const page = textOf((await alice.get("/o/acme/billing")).body)
  expect(page).toContain("The plan is set to end")
  expect(page).toContain("Keep the plan")
  await alice.post(path, { intent: "keep" })
  expect(await atStripe(w, subscription)).toEqual({ status: "active", ending: false })
  expect((await rowOf(subscription.id)).cancelAt).toBeNull()
  expect(textOf((await alice.get("/o/acme/billing")).body)).not.toContain("set to end")
  const before = await rowOf(subscription.id)
  await w.arrive()
  expect({ ...(await rowOf(subscription.id)), syncedAt: null }).toEqual({ ...before, syncedAt: null })
  expect((await acts(w.cast.acme.id)).map(line => [line.act, line.actorUserId])).toEqual([
    ["billing.end_set", w.cast.alice.id],
    ["billing.end_taken_back", w.cast.alice.id],
  ])
})

test("[B10] what was set to end by a date in the portal is taken back, too", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "portal" })
  await w.arrive()
  expect(textOf((await alice.get(path)).body)).toContain("Keep the plan")
  await alice.post(path, { intent: "keep" })
  expect((await rowOf(subscription.id)).cancelAt).toBeNull()
  await w.stripe.advance({ days: 40 })
  await w.arrive()
  expect((await rowOf(subscription.id)).status).toBe("active")
})

test("[B10] ending twice, at once too, is ending once", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const both = await Promise.all([alice.post(path, { intent: "end" }), alice.post(path, { intent: "end" })])
  expect(both.map(one => one.status)).toEqual([303, 303])
  await alice.post(path, { intent: "end" })
  expect((await acts(w.cast.acme.id)).map(line => line.act)).toEqual(["billing.end_set"])
  const rows = await db().subscription.findMany({ where: { organizationId: w.cast.acme.id } })
  expect(rows.map(row => row.cancelAt !== null)).toEqual([true])
})

test("[B10] what is said of the end is so at Stripe, also when something was done there of which no event has come", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "portal" })
  await alice.post(path, { intent: "keep" })
  expect(await atStripe(w, subscription)).toEqual({ status: "active", ending: false })
  expect((await rowOf(subscription.id)).cancelAt).toBeNull()
  await alice.post(path, { intent: "end" })
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "undo" })
  await alice.post(path, { intent: "end" })
  expect(await atStripe(w, subscription)).toEqual({ status: "active", ending: true })
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "undo" })
  await alice.post(path, { intent: "keep" })
  expect((await rowOf(subscription.id)).cancelAt).toBeNull()
})

test("[B10] admins and members get 403, strangers 404, and nothing changes", async () => {
  const w = await world()
  const { subscription } = await acmeHasPlan(w)
  for (const [person, status] of [
    [w.cast.amir, 403],
    [w.cast.bob, 403],
    [w.cast.charlie, 404],
  ] as const) {
    const browser = await enter(w.browser(), person)
    expect((await browser.get(path)).status, person.email).toBe(status)
    expect((await browser.post(path, { intent: "end" })).status, person.email).toBe(status)
  }
  expect(await atStripe(w, subscription)).toEqual({ status: "active", ending: false })
})

test("[B10] without a plan there is nothing to end, a wrong act is refused, and Stripe away changes nothing", async () => {
  const w = await world()
  const owner = await enter(w.browser(), w.cast.alice)
  expect(textOf((await owner.get(path)).body)).toContain("There is nothing to end")
  await owner.post(path, { intent: "end" })
  expect(textOf((await owner.get("/o/acme/billing")).body)).toContain("no plan here that could be ended")
  const { subscription, alice } = await acmeHasPlan(w)
  expect((await alice.post(path, { intent: "burn" })).status).toBe(400)
  await w.stripe.fault({ kind: "reset", times: null })
  await alice.post(path, { intent: "end" })
  expect(textOf((await alice.get("/o/acme/billing")).body)).toContain("does not answer at the moment")
  expect((await rowOf(subscription.id)).cancelAt).toBeNull()
  expect(await acts(w.cast.acme.id)).toEqual([])
})

test("[B10] a plan that has ended at Stripe meanwhile is told so, and its row follows", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "now" })
  await alice.post(path, { intent: "end" })
  expect(textOf((await alice.get("/o/acme/billing")).body)).toContain("no plan here that could be ended")
  expect((await rowOf(subscription.id)).status).toBe("canceled")
})

test("[O11] while the organisation is being closed, its plan cannot be kept behind the closing's back", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  await requestClosing(await member(w.cast.alice, "acme"), requester)
  await w.settle()
  await alice.post(path, { intent: "keep" })
  expect(textOf((await alice.get("/o/acme/billing")).body)).toContain("is being closed")
  expect((await atStripe(w, subscription)).ending).toBe(true)
})

test("[B10] one person ends and keeps a plan six times a day, because each time is mailed; asking for what is so counts nothing", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  for (const intent of ["end", "end", "keep", "keep", "end", "keep", "end", "keep"]) {
    await alice.post(path, { intent })
  }
  await alice.get("/o/acme/billing")
  const mailed = await db().mail.count()
  await alice.post(path, { intent: "end" })
  expect(textOf((await alice.get("/o/acme/billing")).body)).toContain("ended and kept plans often today")
  expect(await atStripe(w, subscription)).toEqual({ status: "active", ending: false })
  expect(await db().mail.count()).toBe(mailed)
  await buildMembership(db(), { user: w.cast.charlie, organization: w.cast.acme, role: "owner" })
  await (await enter(w.browser(), w.cast.charlie)).post(path, { intent: "end" })
  expect(await atStripe(w, subscription)).toEqual({ status: "active", ending: true })
})
