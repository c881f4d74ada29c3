import { afterAll, beforeAll, expect, test } from "vitest"
import { purchaseStatus } from "~/domain/billing/purchase-status.server"
import { db } from "~/platform/db.server"
import { type Billing, type Bought, startBilling } from "../support/stripe"

let billing: Billing
beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())

async function handleNews(order: "happened" | "reversed" = "happened") {
  const events = await billing.news()
  for (const event of order === "reversed" ? events.reverse() : events) {
    await billing.deliver(event)
    await billing.deliver(event)
    await billing.jobs.settle()
  }
}

const mailsTo = async ({ checkout }: Bought) =>
  (await db().mail.findMany({ where: { recipient: checkout.email }, orderBy: { createdAt: "asc" } })).map(
    mail => mail.template,
  )

const organizationsOf = ({ checkout }: Bought) =>
  db().organization.count({ where: { name: checkout.businessName } })

test("[B8] a bank debit is on its way: one mail, nothing created, and the page says so", async () => {
  const bought = await billing.buy({ outcome: "bank_debit" })
  await handleNews()
  expect(await mailsTo(bought)).toEqual(["payment_on_its_way"])
  expect(await organizationsOf(bought)).toBe(0)
  expect(await db().user.count({ where: { email: bought.checkout.email } })).toBe(0)
  expect(await purchaseStatus(bought.sessionId)).toMatchObject({ status: "pending", detail: "on_its_way" })
})

test.each(["happened", "reversed"] as const)(
  "[B8] when it arrives, the purchase is provisioned (events as %s)",
  async order => {
    const bought = await billing.buy({ outcome: "bank_debit" })
    await handleNews()
    await billing.stripe.settlePayment({ session: bought.sessionId })
    await handleNews(order)
    expect(await mailsTo(bought)).toEqual(["payment_on_its_way", "activation"])
    expect(await organizationsOf(bought)).toBe(1)
    expect(await purchaseStatus(bought.sessionId)).toMatchObject({ status: "active" })
  },
)

test.each(["happened", "reversed"] as const)(
  "[B8] when it comes back, one mail says so and nothing is created (events as %s)",
  async order => {
    const bought = await billing.buy({ outcome: "bank_debit" })
    await handleNews()
    await billing.stripe.failPayment({ session: bought.sessionId })
    await handleNews(order)
    expect(await mailsTo(bought)).toEqual(["payment_on_its_way", "payment_failed"])
    expect(await organizationsOf(bought)).toBe(0)
    expect(await purchaseStatus(bought.sessionId)).toMatchObject({ status: "pending", detail: "failed" })
  },
)

test("[B8] all of it told at once and backwards, after it has arrived, provisions once and says nothing stale", async () => {
  const bought = await billing.buy({ outcome: "bank_debit" })
  await billing.stripe.settlePayment({ session: bought.sessionId })
  await handleNews("reversed")
  expect(await mailsTo(bought)).toEqual(["activation"])
  expect(await organizationsOf(bought)).toBe(1)
})

test("[B8] a subscription that Stripe calls active while the debit is under way still grants nothing", async () => {
  const bought = await billing.buy({ outcome: "open" })
  await billing.stripe.completeCheckout({
    session: bought.sessionId,
    outcome: "bank_debit",
    subscriptionStatus: "active",
  })
  await handleNews()
  expect(await organizationsOf(bought)).toBe(0)
  expect(await mailsTo(bought)).toEqual(["payment_on_its_way"])
})
