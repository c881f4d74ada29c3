import { expect, test } from "vitest"
import { accessOf } from "~/domain/billing/access-of.server"
import { followAllAccess } from "~/domain/billing/billing-hold.server"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"
import { day } from "../support/cast"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

const open = setUpBillingWorld()

/** A plan of Acme's that has been in this state for so many days. */
async function overdue(w: BillingWorld, status: string, daysLong: number) {
  const { acme, alice } = w.cast
  const { id, stripeSubscriptionId } = await sellPlan(w, { organization: acme, owner: alice })
  await db().subscription.update({ where: { id }, data: { status, pastDueSince: fromNow(-daysLong * day) } })
  await followAllAccess()
  await db().mail.deleteMany({ where: { organizationId: acme.id } })
  const giveUp = async () => {
    await stripe().subscriptions.cancel(stripeSubscriptionId)
    await w.arrive()
  }
  const bobSees = async () => (await (await enter(w.browser(), w.cast.bob)).get("/o/acme/members")).status
  const told = async () => {
    const mails = await db().mail.findMany({ where: { organizationId: acme.id } })
    return mails.map(mail => mail.template)
  }
  const level = async () => (await accessOf(acme.id)).level
  return { giveUp, bobSees, told, level, acme, alice }
}

test.each([
  ["past_due", 45],
  ["unpaid", 33],
  ["unpaid", 45],
  ["paused", 45],
])(
  "[B7] archived after being %s for %i days it stays so when Stripe ends the plan, until one is paid",
  async (status, daysLong) => {
    const w = await open()
    const { giveUp, bobSees, told, acme, alice } = await overdue(w, status, daysLong)
    expect(await bobSees()).toBe(403)
    await giveUp()
    expect(await bobSees()).toBe(403)
    expect(await told()).toEqual(["plan_ended"])
    const ended = await db().mail.findFirstOrThrow({ where: { template: "plan_ended" } })
    expect(JSON.parse(ended.parameters).parameters).toMatchObject({ readableUntil: "" })
    expect(await followAllAccess()).toBe(0)
    expect(await db().archiveHold.count()).toBe(1)
    await sellPlan(w, { organization: acme, owner: alice })
    expect(await bobSees()).toBe(200)
    expect(await told()).toContain("organization_restored")
  },
)

test("[B7] a plan that ends while it is overdue can be read for what is left of the days", async () => {
  const w = await open()
  const { giveUp, told, level } = await overdue(w, "past_due", 17)
  await giveUp()
  expect(await level()).toBe("read_only")
  expect(await told()).toEqual(["plan_ended"])
  w.clock.advance(19 * day)
  expect(await level()).toBe("read_only")
  w.clock.advance(1 * day)
  expect(await level()).toBe("archived")
})

test("[B7] a plan that was paid while nobody looked and ended then is read for all its days", async () => {
  const w = await open()
  const { acme, alice } = w.cast
  const { id, stripeSubscriptionId } = await sellPlan(w, { organization: acme, owner: alice })
  const { paidAt } = await paidInvoice(stripeSubscriptionId)
  const pastDueSince = new Date(paidAt * 1000 - day)
  await db().subscription.update({
    where: { id },
    data: { status: "past_due", pastDueSince, syncedAt: pastDueSince },
  })
  await stripe().subscriptions.cancel(stripeSubscriptionId)
  await w.arrive()
  expect(await db().subscription.findUniqueOrThrow({ where: { id } })).toMatchObject({
    status: "canceled",
    pastDueSince: null,
  })
})

test("[B7] a plan that was paid while nobody looked and is paused then is read for all its days", async () => {
  const w = await open()
  const { acme, alice } = w.cast
  const { id, stripeSubscriptionId } = await sellPlan(w, { organization: acme, owner: alice })
  const { paidAt } = await paidInvoice(stripeSubscriptionId)
  const pastDueSince = new Date(paidAt * 1000 - 40 * day)
  await db().subscription.update({
    where: { id },
    data: { status: "past_due", pastDueSince, syncedAt: pastDueSince },
  })
  await stripe().subscriptions.pause(stripeSubscriptionId, { type: "subscription" })
  await w.arrive()
  const row = await db().subscription.findUniqueOrThrow({ where: { id } })
  expect(row.status).toBe("paused")
  expect(row.pastDueSince?.getTime()).toBeGreaterThanOrEqual(paidAt * 1000)
  expect((await accessOf(acme.id)).level).toBe("read_only")
  await w.arrive()
  expect(await db().subscription.findUniqueOrThrow({ where: { id } })).toMatchObject({
    pastDueSince: row.pastDueSince,
  })
})

async function paidInvoice(subscription: string) {
  const { data } = await stripe().invoices.list({ subscription, status: "paid" })
  return { paidAt: data[0]?.status_transitions.paid_at ?? 0 }
}
