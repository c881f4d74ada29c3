import { afterEach, beforeEach, expect, test } from "vitest"
import { accessOf } from "~/domain/billing/access-of.server"
import { billingViewOf } from "~/domain/billing/billing-view.server"
import { lastComparison } from "~/domain/billing/comparison-report.server"
import { compareIfMissed, reconcile } from "~/domain/billing/reconciliation.server"
import { repairStripeEvents } from "~/domain/billing/sweep.server"
import { clearAlert, listAlerts } from "~/domain/mail/alerts.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { captureLog } from "~/platform/log.server"
import { stripe } from "~/platform/stripe.server"
import { days, hours, minutes, type TestClock, testClock } from "../support/clock"
import { member } from "../support/membership"
import { type Billing, type Purchase, startBilling } from "../support/stripe"

let billing: Billing
let clock: TestClock
beforeEach(async () => {
  clock = testClock()
  billing = await startBilling()
})
afterEach(async () => {
  await billing.close()
  clock.restore()
})

async function bought(wish?: Purchase) {
  const purchase = await billing.buy(wish)
  for (const event of await billing.news()) await billing.deliver(event)
  await billing.jobs.settle()
  const { organizationId, stripeCustomerId } = await row(purchase.subscriptionId)
  return { ...purchase, organizationId, customer: stripeCustomerId }
}

const row = (stripeSubscriptionId: string) =>
  db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId } })

const findings = async () => {
  const rows = await db().driftFinding.findMany({ orderBy: { what: "asc" } })
  return rows.map(({ organizationId, stripeSubscriptionId: id, what, ours, stripes, repaired }) => {
    return { organizationId, id, what, ours, stripes, repaired }
  })
}

/** Both clocks: Stripe's, at which things happen, and ours. */
async function pass(time: number) {
  await billing.stripe.advance({ seconds: time / 1000 })
  clock.advance(time)
}

/** Nobody has told of what happened before, and nobody will. */
const untold = () => pass(minutes(11))

/** What a process does by itself after its start. */
async function startUp() {
  await repairStripeEvents()
  await billing.jobs.settle()
  await compareIfMissed()
  await billing.jobs.settle()
}

/** Everything a round may write, without the versions of the rows. */
const everything = async () => ({
  subscriptions: (await db().subscription.findMany({ orderBy: { id: "asc" } })).map(one => {
    return { ...one, syncedAt: 0 }
  }),
  organizations: await db().organization.findMany({ orderBy: { id: "asc" } }),
  checkouts: await db().checkout.findMany({ orderBy: { id: "asc" } }),
  events: await db().stripeEvent.findMany({ orderBy: { id: "asc" } }),
  findings: await findings(),
  mails: await db().mail.count(),
  audit: await db().auditEntry.count(),
})

test("[B6] each field that no event told of is a finding, once", async () => {
  const { subscriptionId: id, organizationId } = await bought()
  await billing.stripe.changePlan({ subscription: id, price: "gatehouse_enterprise_monthly" })
  await untold()
  const before = await row(id)
  await reconcile()
  const { stripePriceId, plan } = await row(id)
  expect(plan).toBe("enterprise")
  const found = { organizationId, id, repaired: true }
  expect(await findings()).toEqual([
    { ...found, what: "periodAmount", ours: "7900", stripes: "19900" },
    { ...found, what: "plan", ours: "professional", stripes: "enterprise" },
    { ...found, what: "stripePriceId", ours: before.stripePriceId, stripes: stripePriceId },
  ])
  const after = await everything()
  await reconcile()
  expect(await everything()).toEqual(after)
})

test("[B6] a quantity set by hand is what the organisation pays, and a difference", async () => {
  const { subscriptionId: id, organizationId } = await bought()
  const { items } = await stripe().subscriptions.retrieve(id)
  await stripe().subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? "", quantity: 3 }] })
  await untold()
  await reconcile()
  expect(await row(id)).toMatchObject({ plan: "professional", periodAmount: 3 * 7900 })
  expect(await findings()).toEqual([
    { organizationId, id, what: "periodAmount", ours: "7900", stripes: "23700", repaired: true },
  ])
  const { organization, user } = await db().membership.findFirstOrThrow({
    where: { organizationId },
    include: { organization: true, user: true },
  })
  const view = await billingViewOf(await member(user, organization.slug))
  expect(view.details?.price).toEqual({ amount: 23_700, currency: "usd" })
})

/** What the comparison found beside what it put right. */
async function nothingAmiss(report: Awaited<ReturnType<typeof reconcile>>) {
  expect(report).toMatchObject({ repaired: [], failed: [] })
  expect(await findings()).toEqual([])
  expect(await listAlerts()).toEqual([])
}

test("[B6] what an event that waits is about to tell is put right and is no difference", async () => {
  const { subscriptionId } = await bought()
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  for (const event of await billing.news()) await billing.deliver(event)
  await untold()
  await nothingAmiss(await reconcile())
  expect(await row(subscriptionId)).toMatchObject({ status: "canceled" })
})

for (const type of ["invoice.payment_failed", "customer.subscription.updated"]) {
  test(`[B6] ${type}, while it waits, explains what else differs of the same customer`, async () => {
    const { subscriptionId, customer } = await bought()
    await billing.stripe.setCard({ customer, works: false })
    await pass(days(32))
    const [event] = await billing.news([type])
    if (event) await billing.deliver(event)
    await untold()
    await nothingAmiss(await reconcile())
    expect(await row(subscriptionId)).toMatchObject({ status: "past_due" })
  })
}

test("[B6] what Stripe has only just told of, and is about to arrive, is no difference", async () => {
  const { subscriptionId } = await bought()
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await pass(minutes(5))
  await nothingAmiss(await reconcile())
  expect(await row(subscriptionId)).toMatchObject({ status: "canceled" })
})

test("[B6] a purchase whose events are on their way, or wait, is no difference", async () => {
  await billing.buy()
  await nothingAmiss(await reconcile())
  expect(await db().organization.count()).toBe(1)
  await billing.news()
  await billing.buy()
  const [completed] = await billing.news(["checkout.session.completed"])
  if (completed) await billing.deliver(completed)
  await untold()
  await reconcile()
  expect(await db().organization.count()).toBe(2)
  expect(await findings()).toEqual([])
})

test("[B6] what no event told of is a difference, whatever Stripe tells of others at that time", async () => {
  const { subscriptionId } = await bought()
  const other = await bought()
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await untold()
  await billing.stripe.cancel({ subscription: other.subscriptionId, when: "now" })
  for (const event of await billing.news()) {
    if (event.data.object.id === other.subscriptionId) await billing.deliver(event)
  }
  expect((await reconcile())?.repaired.map(({ id }) => id)).toEqual([subscriptionId])
})

test("[B6] a subscription made by hand for a customer of ours is found in Stripe’s list", async () => {
  const { subscriptionId, organizationId, customer } = await bought({ plan: "starter" })
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  const [price] = (await stripe().prices.list({ lookup_keys: ["gatehouse_enterprise_monthly"] })).data
  await billing.stripe.setCard({ customer, works: true })
  const made = await stripe().subscriptions.create({ customer, items: [{ price: price?.id }] })
  await untold()
  await reconcile()
  expect(await row(made.id)).toMatchObject({ organizationId, plan: "enterprise", status: "active" })
  expect(await accessOf(organizationId)).toMatchObject({ level: "full", plan: "enterprise" })
  expect(await findings()).toContainEqual({
    organizationId,
    id: made.id,
    what: "missing",
    ours: "",
    stripes: "active",
    repaired: true,
  })
})

test("[B6] a plan made by hand beside one that goes on is told of once; in its place, it is not", async () => {
  const { subscriptionId, organizationId, customer } = await bought({ plan: "starter" })
  const [price] = (await stripe().prices.list({ lookup_keys: ["gatehouse_enterprise_monthly"] })).data
  await billing.stripe.setCard({ customer, works: true })
  const told = () => db().mail.count({ where: { template: "paid_twice", organizationId } })
  await billing.stripe.cancel({ subscription: subscriptionId, when: "period_end" })
  await reconcile()
  await stripe().subscriptions.create({ customer, items: [{ price: price?.id }] })
  await reconcile()
  expect(await told()).toBe(0)
  await stripe().subscriptions.create({ customer, items: [{ price: price?.id }] })
  await reconcile()
  await reconcile()
  expect(await told()).toBe(1)
  expect((await listAlerts()).map(({ key }) => key)).toContain(`pays-twice:${organizationId}`)
})

test("[B6] other people’s subscriptions in the account are not even asked for", async () => {
  await bought()
  const [price] = (await stripe().prices.list({ lookup_keys: ["gatehouse_starter_monthly"] })).data
  const other = await stripe().customers.create({ email: "other@shop.test" })
  await billing.stripe.setCard({ customer: other.id, works: true })
  const theirs = await stripe().subscriptions.create({ customer: other.id, items: [{ price: price?.id }] })
  const before = (await billing.stripe.calls()).length
  expect(await reconcile()).toMatchObject({ compared: 1, repaired: [], failed: [] })
  const asked = (await billing.stripe.calls()).slice(before).map(call => call.path)
  expect(asked).not.toContain(`/v1/subscriptions/${theirs.id}`)
  expect(await db().subscription.count()).toBe(1)
})

test("[B6] a night on which nothing differs costs one call for a hundred subscriptions", async () => {
  for (let i = 0; i < 4; i += 1) await bought()
  await reconcile()
  const before = (await billing.stripe.calls()).length
  expect(await reconcile()).toMatchObject({ compared: 4, repaired: [] })
  expect((await billing.stripe.calls()).length - before).toBe(1)
})

test("[B6] a customer deleted at Stripe ends the plan, and the organisation can buy again", async () => {
  for (const told of [true, false]) {
    const { organizationId, subscriptionId, customer, checkout } = await bought()
    await stripe().customers.del(customer)
    if (told) {
      for (const event of await billing.news()) await billing.deliver(event)
      await billing.jobs.settle()
      expect(await db().stripeEvent.findFirst({ where: { type: "customer.deleted" } })).toMatchObject({
        organizationId,
        effect: "customer deleted at Stripe: forgotten",
      })
    } else await reconcile()
    expect(await row(subscriptionId)).toMatchObject({ status: "canceled" })
    expect(await db().organization.findUnique({ where: { id: organizationId } })).toMatchObject({
      stripeCustomerId: null,
    })
    const again = await bought({ organizationId, email: checkout.email, plan: "starter" })
    expect(await accessOf(organizationId)).toMatchObject({ level: "full", plan: "starter" })
    expect(again.customer).not.toBe(customer)
  }
})

test("[B6] a purchase whose marks were removed by hand and whose events are lost is provisioned", async () => {
  const { checkout, subscriptionId } = await billing.buy()
  await stripe().subscriptions.update(subscriptionId, { metadata: { checkoutId: "" } })
  await reconcile()
  const { organizationId } = await db().checkout.findUniqueOrThrow({ where: { id: checkout.id } })
  expect(await row(subscriptionId)).toMatchObject({ organizationId, status: "active" })
  await reconcile()
  expect(await db().organization.count()).toBe(1)
})

test("[B8] a debit that came back, unheard of, fails the purchase and mails once", async () => {
  const { checkout, sessionId } = await billing.buy({ outcome: "bank_debit" })
  await reconcile()
  expect(await db().checkout.findUnique({ where: { id: checkout.id } })).toMatchObject({
    state: "on_its_way",
  })
  const session = await stripe().checkout.sessions.retrieve(sessionId)
  await stripe().subscriptions.cancel(String(session.subscription))
  await reconcile()
  await reconcile()
  expect(await db().checkout.findUnique({ where: { id: checkout.id } })).toMatchObject({ state: "failed" })
  expect(await db().mail.count({ where: { template: "payment_failed" } })).toBe(1)
})

test("[B6] what Stripe does not know costs nobody anything, stands once, and is struck off when it is in order", async () => {
  const { subscriptionId: id, organizationId } = await bought()
  await db().subscription.updateMany({ data: { stripeSubscriptionId: "sub_gone" } })
  // As it would be with the key of another account: the list does not hold it either.
  await db().organization.updateMany({ data: { stripeCustomerId: null } })
  await db().checkout.deleteMany()
  expect((await reconcile())?.failed).toMatchObject([{ id: "sub_gone" }])
  expect(await accessOf(organizationId)).toMatchObject({ level: "full" })
  expect((await listAlerts()).map(({ key }) => key)).toEqual(["stripe-drift"])
  await clearAlert("stripe-drift")
  expect((await reconcile())?.failed).toMatchObject([{ id: "sub_gone" }])
  expect(await listAlerts()).toEqual([])
  const found = { organizationId, id: "sub_gone", what: "missing", ours: "active", stripes: "" }
  expect(await findings()).toEqual([{ ...found, repaired: false }])
  await db().driftFinding.updateMany({ data: { stripeSubscriptionId: id } })
  await db().subscription.updateMany({ data: { stripeSubscriptionId: id } })
  await reconcile()
  expect(await findings()).toEqual([{ ...found, id, repaired: true }])
})

test("[B6] one that fails stops none of the others", async () => {
  const log = captureLog()
  const broken = await bought()
  const other = await bought()
  for (const { subscriptionId } of [broken, other]) {
    await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  }
  await untold()
  await billing.stripe.fault({ kind: "500", times: null, path: `/v1/subscriptions/${broken.subscriptionId}` })
  const report = await reconcile()
  log.stop()
  expect(report?.failed.map(({ id }) => id)).toEqual([broken.subscriptionId])
  expect(report?.repaired.map(({ id }) => id)).toEqual([other.subscriptionId])
}, 30_000)

test("[B6] a round that Stripe was too busy for is made up for within the hour, and only then", async () => {
  await bought()
  await billing.stripe.fault({ kind: "429", times: null, path: "/v1/subscriptions" })
  await compareIfMissed()
  expect(await lastComparison()).toBeUndefined()
  await billing.stripe.clearFaults()
  await compareIfMissed()
  const { at } = (await lastComparison()) ?? {}
  expect(at).toBeDefined()
  clock.advance(hours(24))
  await compareIfMissed()
  expect(await lastComparison()).toMatchObject({ at })
  clock.advance(hours(2))
  await compareIfMissed()
  expect((await lastComparison())?.at.getTime()).toBeGreaterThan(now().getTime() - hours(1))
})

test("[B6] two rounds at once are one after the other", async () => {
  const { subscriptionId } = await bought()
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await untold()
  const [one, two] = await Promise.all([reconcile(), reconcile()])
  expect([one?.repaired.length, two?.repaired.length]).toEqual([1, 0])
})

for (const outage of [4, 31]) {
  test(`[B6] after an outage of ${outage} days everything is as Stripe says once the process has started`, async () => {
    const ends = await bought({ plan: "starter" })
    const fails = await bought()
    const changes = await bought({ plan: "starter" })
    const stays = await bought({ interval: "year" })
    await startUp()
    const paidMeanwhile = await billing.buy()
    const leftOpen = await billing.buy({ outcome: "open" })
    await pass(days(outage - 1))
    await billing.stripe.cancel({ subscription: ends.subscriptionId, when: "now" })
    await billing.stripe.changePlan({
      subscription: changes.subscriptionId,
      price: "gatehouse_enterprise_monthly",
    })
    await billing.stripe.setCard({ customer: fails.customer, works: false })
    await pass(days(1))
    await startUp()
    for (const { subscriptionId } of [ends, fails, changes, stays, paidMeanwhile]) {
      const { status, items } = await stripe().subscriptions.retrieve(subscriptionId)
      const ours = await row(subscriptionId)
      expect(ours).toMatchObject({ status, stripePriceId: items.data[0]?.price.id })
      expect(+(ours.currentPeriodEnd ?? 0) / 1000).toBe(items.data[0]?.current_period_end)
    }
    expect(await billing.stateOf(paidMeanwhile.checkout.id)).toMatchObject({ state: "provisioned" })
    const welcomed = { template: "activation", recipient: paidMeanwhile.checkout.email }
    expect(await db().mail.count({ where: welcomed })).toBe(1)
    expect(await db().checkout.findUnique({ where: { id: leftOpen.checkout.id } })).toMatchObject({
      state: "abandoned",
    })
    expect(await db().stripeEvent.count({ where: { state: { notIn: ["done", "ignored"] } } })).toBe(0)
    const after = await everything()
    await startUp()
    await reconcile()
    expect(await everything()).toEqual(after)
  }, 60_000)
}
