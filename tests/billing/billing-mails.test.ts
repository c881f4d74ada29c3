import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { accessOf } from "~/domain/billing/access-of.server"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import { followTime, followTimeOnceHeard } from "~/domain/billing/passing-time.server"
import { readSubscription } from "~/domain/billing/snapshot.server"
import { writeSubscription } from "~/domain/billing/subscriptions.server"
import { sweepStripeEvents } from "~/domain/billing/sweep.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { purgeMailLog } from "~/domain/mail/purge.server"
import { now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { clearLimits } from "~/platform/rate-limit.server"
import { stripe } from "~/platform/stripe.server"
import { buildMembership, buildUser } from "../support/cast"
import { days, hours, type TestClock, testClock } from "../support/clock"
import { type Billing, type Purchase, startBilling } from "../support/stripe"

let billing: Billing
let clock: TestClock
beforeAll(async () => {
  billing = await startBilling({ TRIAL_DAYS: "14" })
})
beforeEach(() => {
  clearLimits()
  clock?.restore()
})
afterAll(() => {
  clock?.restore()
  return billing.close()
})

/** An organisation that has just bought, with a billing address besides its owner, and the mails of the sale put away. */
async function bought(purchase: Purchase & { trial?: boolean } = {}) {
  const { trial = false, ...wishes } = purchase
  clock = testClock((await billing.stripe.time()) * 1000)
  const { checkout, subscriptionId } = await billing.buy(wishes)
  await look(subscriptionId)
  if (!trial) await endTrial(subscriptionId)
  const read = () => db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId: subscriptionId } })
  const { organizationId, stripeCustomerId: customer } = await read()
  await db().organization.update({ where: { id: organizationId }, data: { billingEmail: "pay@books.test" } })
  await db().mail.deleteMany({ where: { organizationId } })
  return { subscriptionId, organizationId, customer, owner: checkout.email, read }
}

/** Looks at Stripe as an event, the sweep or the night does. */
const look = (subscriptionId: string) => applyFresh(() => prepareSync(subscriptionId))

async function endTrial(subscriptionId: string): Promise<void> {
  await stripe().subscriptions.update(subscriptionId, { trial_end: "now" })
  await look(subscriptionId)
}

/** Lets time pass for both sides, with our hourly round every twelve hours and without a single event. */
async function pass(daysLong: number, { quiet = false } = {}): Promise<void> {
  for (let half = 0; half < daysLong * 2; half += 1) {
    clock.advance(hours(12))
    await billing.stripe.advance({ seconds: 12 * 60 * 60 })
    if (!quiet) await followTime()
  }
}

type Sent = [template: string, recipient: string]

/** What went out about an organisation since the last call, in alphabetical order. */
async function sent(organizationId: string): Promise<Sent[]> {
  const mails = await db().mail.findMany({ where: { organizationId, state: "queued" } })
  await db().mail.updateMany({ where: { organizationId }, data: { state: "sent" } })
  return mails.map((mail): Sent => [mail.template, mail.recipient]).sort()
}

const toBoth = (template: string, owner: string): Sent[] =>
  [
    [template, owner],
    [template, "pay@books.test"],
  ]
    .map(([a = "", b = ""]): Sent => [a, b])
    .sort()

test("[B14] a payment that fails is told on day 0, on day 3 and the day before the end, then it is archived and restored", async () => {
  const { subscriptionId, organizationId, customer, owner, read } = await bought()
  await billing.stripe.setCard({ customer, works: false })
  while ((await read()).status !== "past_due") {
    await pass(1, { quiet: true })
    await look(subscriptionId)
  }
  const began = (await read()).pastDueSince
  expect(await sent(organizationId)).toEqual(toBoth("payment_failed", owner))
  await look(subscriptionId)
  await followTime()
  await pass(2.5)
  expect(await sent(organizationId)).toEqual([])
  await pass(0.5)
  expect(await sent(organizationId)).toEqual(toBoth("payment_failed", owner))
  await pass(2.5)
  expect(await sent(organizationId)).toEqual([])
  await pass(0.5)
  expect(await sent(organizationId)).toEqual(toBoth("payment_failed", owner))
  const last = await db().mail.findFirstOrThrow({
    where: { organizationId, recipient: owner },
    orderBy: { createdAt: "desc" },
  })
  expect(last.parameters).toContain("/billing/portal?flow=payment_method")
  await db().subscription.updateMany({
    where: { stripeSubscriptionId: subscriptionId },
    data: { status: "past_due", pastDueSince: began },
  })
  for (let day = 0; day < 30; day += 1) {
    clock.advance(days(1))
    await followTime()
  }
  expect(await accessOf(organizationId)).toMatchObject({ level: "read_only" })
  expect(await sent(organizationId)).toEqual([])
  clock.advance(days(1))
  await followTime()
  expect(await sent(organizationId)).toEqual([["organization_archived", owner]])
  await billing.stripe.setCard({ customer, works: true })
  const { latest_invoice: open } = await stripe().subscriptions.retrieve(subscriptionId)
  await stripe().invoices.pay(String(open))
  await look(subscriptionId)
  expect(await sent(organizationId)).toEqual(
    ([["organization_restored", owner], ...toBoth("receipt", owner)] satisfies Sent[]).sort(),
  )
  expect(await accessOf(organizationId)).toMatchObject({ level: "full" })
  expect((await db().organization.findUniqueOrThrow({ where: { id: organizationId } })).archivedAt).toBeNull()
})

test("[B14] time tells nothing and archives nobody while an event waits that may say otherwise", async () => {
  const { subscriptionId, organizationId } = await bought()
  for (const [age, template] of [
    [4, "payment_failed"],
    [40, "organization_archived"],
  ] as const) {
    await db().subscription.updateMany({
      where: { stripeSubscriptionId: subscriptionId },
      data: { status: "past_due", pastDueSince: new Date(now().getTime() - days(age)) },
    })
    const waiting = await db().stripeEvent.create({
      data: {
        id: `evt_waits_${age}`,
        type: "customer.subscription.updated",
        objectId: subscriptionId,
        livemode: false,
        apiVersion: "",
        source: "sweep",
        createdAt: now(),
        receivedAt: now(),
      },
    })
    await followTime()
    expect(await sent(organizationId)).toEqual([])
    await db().stripeEvent.update({ where: { id: waiting.id }, data: { state: "done" } })
    await followTime()
    expect((await sent(organizationId)).map(([name]) => name)).toContain(template)
  }
})

test("[B14] after a pause of ours only the latest of the notices goes out, and the older ones never", async () => {
  const { subscriptionId, organizationId, owner } = await bought()
  await db().subscription.updateMany({
    where: { stripeSubscriptionId: subscriptionId },
    data: { status: "past_due", pastDueSince: now() },
  })
  clock.advance(days(4))
  await followTime()
  await followTime()
  expect(await sent(organizationId)).toEqual(toBoth("payment_failed", owner))
  clock.advance(days(5))
  await followTime()
  expect(await sent(organizationId)).toEqual(toBoth("payment_failed", owner))
  const [latest] = await db().mail.findMany({ where: { organizationId }, orderBy: { createdAt: "desc" } })
  expect(JSON.parse(latest?.parameters ?? "").parameters).toMatchObject({ over: true, until: "" })
  await purgeMailLog()
  clock.advance(days(20))
  await purgeMailLog()
  await followTime()
  expect(await sent(organizationId)).toEqual([])
})

test("[B7] a payment that fails after an older one was paid unseen has its own grace, and its own mails", async () => {
  const { subscriptionId, organizationId, customer, owner, read } = await bought()
  await billing.stripe.setCard({ customer, works: false })
  while ((await read()).status !== "past_due") {
    await pass(1, { quiet: true })
    await look(subscriptionId)
  }
  const first = (await read()).pastDueSince
  await sent(organizationId)
  await billing.stripe.setCard({ customer, works: true })
  const { latest_invoice: open } = await stripe().subscriptions.retrieve(subscriptionId)
  await stripe().invoices.pay(String(open))
  await pass(10, { quiet: true })
  await billing.stripe.setCard({ customer, works: false })
  while ((await stripe().subscriptions.retrieve(subscriptionId)).status !== "past_due") {
    await pass(1, { quiet: true })
  }
  expect(await accessOf(organizationId)).toMatchObject({ level: "read_only" })
  await look(subscriptionId)
  const second = (await read()).pastDueSince
  expect(+(second ?? 0) - +(first ?? 0)).toBeGreaterThan(days(20))
  expect(await accessOf(organizationId)).toMatchObject({ level: "full" })
  expect(await sent(organizationId)).toEqual(toBoth("payment_failed", owner))
  await pass(1)
  await look(subscriptionId)
  expect((await read()).pastDueSince).toEqual(second)
  expect(await sent(organizationId)).toEqual([])
})

test("[B7] one payment that stays open has one grace, however many follow it", async () => {
  const { subscriptionId, organizationId, customer, read } = await bought()
  await billing.stripe.setDunning({ retryDays: [1, 3], afterwards: "past_due" })
  await billing.stripe.setCard({ customer, works: false })
  while ((await read()).status !== "past_due") {
    await pass(1, { quiet: true })
    await look(subscriptionId)
  }
  const { pastDueSince: first } = await read()
  await pass(33, { quiet: true })
  await look(subscriptionId)
  const { latest_invoice: latest } = await stripe().subscriptions.retrieve(subscriptionId)
  expect(await db().invoice.count({ where: { id: String(latest), createdAt: { gt: first ?? now() } } })).toBe(
    1,
  )
  expect(await read()).toMatchObject({ status: "past_due", pastDueSince: first })
  expect(await accessOf(organizationId)).toMatchObject({ level: "read_only" })
})

test("[B7] while Stripe does not answer, nobody is archived and nothing is told; once it does, the hour does both", async () => {
  const { subscriptionId, organizationId, owner } = await bought()
  await sweepStripeEvents()
  await db().subscription.updateMany({
    where: { stripeSubscriptionId: subscriptionId },
    data: { status: "past_due", pastDueSince: now() },
  })
  clock.advance(days(40))
  await billing.stripe.fault({ kind: "reset", times: null, path: "/v1/events" })
  await sweepStripeEvents()
  await followTimeOnceHeard()
  expect(await sent(organizationId)).toEqual([])
  await billing.stripe.clearFaults()
  await sweepStripeEvents()
  // What had been missed has been handled, and told nothing new.
  await db().stripeEvent.updateMany({ data: { state: "done" } })
  await followTimeOnceHeard()
  expect(await sent(organizationId)).toEqual([["organization_archived", owner]])
})

test("[B14] whoever becomes an owner later is not told the old news", async () => {
  const { subscriptionId, organizationId, owner } = await bought()
  await billing.stripe.cancel({ subscription: subscriptionId, when: "period_end" })
  await look(subscriptionId)
  expect(await sent(organizationId)).toEqual(toBoth("plan_ending", owner))
  const user = await buildUser(db(), { email: `late-${organizationId}@x.test` })
  const organization = await db().organization.findUniqueOrThrow({ where: { id: organizationId } })
  await buildMembership(db(), { user, organization, role: "owner" })
  await look(subscriptionId)
  await followTime()
  expect(await sent(organizationId)).toEqual([])
})

test("[B14] a trial that ends is told three days before, once, also when Stripe's notice is lost", async () => {
  const { subscriptionId, organizationId, owner } = await bought({ trial: true })
  await pass(10.5)
  expect(await sent(organizationId)).toEqual([])
  await pass(0.5)
  expect(await sent(organizationId)).toEqual(toBoth("trial_ending", owner))
  const [mail] = await db().mail.findMany({ where: { organizationId } })
  expect(mail?.parameters).toContain("$79.00 a month")
  expect(mail?.parameters).toMatch(/"on":"\d+ \w+ \d{4} \(UTC\)"/)
  await look(subscriptionId)
  await pass(2)
  expect(await sent(organizationId)).toEqual([])
})

test("[B14] Stripe's notice that a trial ends is one of the events that are listened to, and mails at once", async () => {
  const { organizationId, owner } = await bought({ trial: true })
  await pass(11, { quiet: true })
  clock.restore()
  const notices = await billing.news(["customer.subscription.trial_will_end"])
  clock = testClock((await billing.stripe.time()) * 1000)
  const own = notices.at(-1)
  expect(own?.type).toBe("customer.subscription.trial_will_end")
  const { id } = JSON.parse(JSON.stringify(own)).data.object
  await look(id)
  await look(id)
  expect(await sent(organizationId)).toEqual(toBoth("trial_ending", owner))
})

test("[B14] a plan that is set to end, kept and set to end again is told each time, each once, and its end once", async () => {
  const { subscriptionId, organizationId, owner } = await bought()
  const tell = async (when: "period_end" | "undo" | "portal") => {
    await billing.stripe.cancel({ subscription: subscriptionId, when })
    await Promise.all([look(subscriptionId), look(subscriptionId)])
    await look(subscriptionId)
    await followTime()
    return sent(organizationId)
  }
  for (const _ of [1, 2]) {
    expect(await tell("period_end")).toEqual(toBoth("plan_ending", owner))
    // The same end said in other words of Stripe's is the same end.
    expect(await tell("portal")).toEqual([])
    expect(await tell("undo")).toEqual(toBoth("plan_kept", owner))
  }
  expect(await tell("portal")).toEqual(toBoth("plan_ending", owner))
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await look(subscriptionId)
  await look(subscriptionId)
  await followTime()
  expect(await sent(organizationId)).toEqual(toBoth("plan_ended", owner))
})

test("[B14] whoever was not told that the plan ends is not told that it goes on", async () => {
  const { subscriptionId, organizationId } = await bought()
  await billing.stripe.cancel({ subscription: subscriptionId, when: "period_end" })
  await look(subscriptionId)
  await db().mail.deleteMany({ where: { organizationId } })
  await billing.stripe.cancel({ subscription: subscriptionId, when: "undo" })
  await look(subscriptionId)
  expect(await sent(organizationId)).toEqual([])
})

test("[B14] closing has its own mails: none of these", async () => {
  const { subscriptionId, organizationId } = await bought()
  await db().organization.update({ where: { id: organizationId }, data: { closeRequestedAt: now() } })
  await billing.stripe.cancel({ subscription: subscriptionId, when: "period_end" })
  await look(subscriptionId)
  await billing.stripe.cancel({ subscription: subscriptionId, when: "now" })
  await look(subscriptionId)
  clock.advance(days(40))
  await followTime()
  expect(await sent(organizationId)).toEqual([])
})

test("[B14] a renewal that is paid brings one receipt to each payer; the purchase brings none", async () => {
  const { subscriptionId, organizationId, owner } = await bought()
  await look(subscriptionId)
  await followTime()
  expect(await sent(organizationId)).toEqual([])
  await pass(32, { quiet: true })
  await look(subscriptionId)
  await look(subscriptionId)
  await followTime()
  expect(await sent(organizationId)).toEqual(toBoth("receipt", owner))
  const receipt = await db().mail.findFirstOrThrow({ where: { organizationId, recipient: owner } })
  const { latest_invoice: paid } = await stripe().subscriptions.retrieve(subscriptionId)
  expect(receipt.parameters).toContain(`/billing/invoices/${paid}`)
  expect(receipt.parameters).toContain("$79.00")
})

test("[B14] a payment that nobody told of still brings its receipt with the next hour, once", async () => {
  const { subscriptionId, organizationId, owner } = await bought()
  await pass(32, { quiet: true })
  const { latest_invoice: paid } = await stripe().subscriptions.retrieve(subscriptionId)
  await keepInvoice(db(), await stripe().invoices.retrieve(String(paid)))
  expect(await sent(organizationId)).toEqual([])
  await followTime()
  await followTime()
  await look(subscriptionId)
  expect(await sent(organizationId)).toEqual(toBoth("receipt", owner))
})

test("[B7] a status of the future keeps what access comes from, grants nothing more, and alerts once", async () => {
  const { subscriptionId, organizationId, read } = await bought({ plan: "starter" })
  const before = await read()
  const fetched = await stripe().subscriptions.retrieve(subscriptionId)
  const snapshot = await readSubscription(fetched)
  const future = {
    ...snapshot,
    status: "hibernating",
    unknownStatus: "hibernating",
    plan: "enterprise" as const,
  }
  await transaction(tx => writeSubscription(tx, before, future))
  expect(await read()).toMatchObject({ status: "active", plan: "starter", unknownStatus: "hibernating" })
  expect(await accessOf(organizationId)).toMatchObject({ level: "full", plan: "starter" })
  const raised = async () => (await listAlerts()).filter(({ key }) => key.includes(subscriptionId))
  expect(await raised()).toHaveLength(1)
  await db().setting.deleteMany({ where: { key: { contains: subscriptionId } } })
  await transaction(async tx =>
    writeSubscription(tx, await tx.subscription.findUniqueOrThrow({ where: { id: before.id } }), future),
  )
  expect(await raised()).toHaveLength(0)
  await look(subscriptionId)
  expect(await read()).toMatchObject({ status: "active", unknownStatus: null })
  expect(await sent(organizationId)).toEqual([])
})
