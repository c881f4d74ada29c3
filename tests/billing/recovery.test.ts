import { afterAll, beforeAll, expect, test } from "vitest"
import { repairStripeEvents, sweepStripeEvents } from "~/domain/billing/sweep.server"
import { db } from "~/platform/db.server"
import { type Billing, startBilling } from "../support/stripe"

let billing: Billing
beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())

const snapshot = async () => ({
  events: await db().stripeEvent.findMany({ orderBy: { id: "asc" } }),
  organizations: await db().organization.findMany({ orderBy: { id: "asc" } }),
  mails: await db().mail.count(),
})

test("[B6] before the first purchase there is nothing to sweep", async () => {
  const calls = (await billing.stripe.calls()).length
  expect(await sweepStripeEvents()).toBe(0)
  expect((await billing.stripe.calls()).length).toBe(calls)
})

test("[B6] webhooks that never came are found and handled; sweeping again changes nothing", async () => {
  const { checkout } = await billing.buy()
  const missed = await sweepStripeEvents()
  expect(missed).toBeGreaterThanOrEqual(4)
  await billing.jobs.settle()
  expect(await billing.stateOf(checkout.id)).toMatchObject({ state: "provisioned", mails: ["activation"] })
  expect(await db().stripeEvent.count({ where: { source: "sweep" } })).toBe(missed)
  const after = await snapshot()
  expect(await sweepStripeEvents()).toBe(0)
  await billing.jobs.settle()
  expect(await snapshot()).toEqual(after)
})

test("[B6] what came by webhook is not swept up a second time", async () => {
  const { checkout } = await billing.buy()
  for (const event of await billing.news()) await billing.deliver(event)
  await billing.jobs.settle()
  expect(await sweepStripeEvents()).toBe(0)
  expect(await billing.stateOf(checkout.id)).toMatchObject({ state: "provisioned", mails: ["activation"] })
})

test("[B6] more than a page of events is swept whole", { timeout: 60_000 }, async () => {
  const { subscriptionId } = await billing.buy()
  for (let i = 0; i < 60; i += 1) {
    await billing.stripe.cancel({ subscription: subscriptionId, when: "period_end" })
    await billing.stripe.cancel({ subscription: subscriptionId, when: "undo" })
  }
  expect(await sweepStripeEvents()).toBeGreaterThan(120)
  await billing.jobs.settle()
  expect(await db().stripeEvent.count({ where: { state: "received" } })).toBe(0)
})

test("[B6] an event that was stored and never finished is taken up at the start, also without its job", async () => {
  const { checkout } = await billing.buy()
  for (const event of await billing.news()) await billing.deliver(event)
  await db().job.deleteMany({ where: { state: "queued" } })
  await repairStripeEvents()
  await billing.jobs.settle()
  expect(await billing.stateOf(checkout.id)).toMatchObject({ state: "provisioned", mails: ["activation"] })
  expect(await db().stripeEvent.count({ where: { state: "received" } })).toBe(0)
})

test("[B6] taking up twice makes one job for each event", async () => {
  await billing.buy()
  for (const event of await billing.news()) await billing.deliver(event)
  const jobs = await db().job.count()
  await repairStripeEvents()
  await repairStripeEvents()
  expect(await db().job.count()).toBe(jobs)
})

test("[B6] a Stripe that cannot be reached stops nothing, and the next sweep makes up for it", async () => {
  const { checkout } = await billing.buy()
  await billing.stripe.fault({ kind: "reset", times: null, path: "/v1/events" })
  expect(await sweepStripeEvents()).toBe(0)
  await billing.stripe.clearFaults()
  expect(await sweepStripeEvents()).toBeGreaterThanOrEqual(4)
  await billing.jobs.settle()
  expect(await billing.stateOf(checkout.id)).toMatchObject({ state: "provisioned" })
})
