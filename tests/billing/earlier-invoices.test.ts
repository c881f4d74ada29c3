import { afterEach, beforeEach, expect, test } from "vitest"
import { followInvoices } from "~/domain/billing/invoice-round.server"
import { reconcile } from "~/domain/billing/reconciliation.server"
import { db } from "~/platform/db.server"
import { days, type TestClock, testClock } from "../support/clock"
import { type Billing, startBilling } from "../support/stripe"

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

test("[B10] a purchase that only the comparison found after two months has all its invoices and receipts", async () => {
  const known = await billing.buy()
  for (const event of await billing.news()) await billing.deliver(event)
  await billing.jobs.settle()
  const late = await billing.buy()
  await billing.stripe.advance({ seconds: days(62) / 1000 })
  clock.advance(days(62))
  // Nobody knows yet whose these invoices are, and the next round begins after them.
  await followInvoices()
  expect(await db().invoice.count({ where: { stripeSubscriptionId: known.subscriptionId } })).toBe(3)
  expect(await db().invoice.count({ where: { stripeSubscriptionId: late.subscriptionId } })).toBe(0)

  await reconcile()
  await billing.jobs.settle()
  const rows = await db().invoice.findMany({ where: { stripeSubscriptionId: late.subscriptionId } })
  expect(rows.map(row => row.status)).toEqual(["paid", "paid", "paid"])
  const receipts = await db().mail.count({
    where: { template: "receipt", organizationId: rows[0]?.organizationId ?? "" },
  })
  expect(receipts).toBe(2)
})
