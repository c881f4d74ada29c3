import { afterEach, beforeEach, expect, test } from "vitest"
import { accessOf } from "~/domain/billing/access-of.server"
import { repairStripeEvents } from "~/domain/billing/sweep.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { db } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"
import { type Billing, startBilling } from "../support/stripe"

let billing: Billing
beforeEach(async () => {
  billing = await startBilling()
})
afterEach(() => billing.close())

async function arrive() {
  for (const event of await billing.news()) await billing.deliver(event)
  await billing.jobs.settle()
}

async function bought() {
  const { subscriptionId } = await billing.buy({ businessName: "Dora & Daughters" })
  await arrive()
  const row = await db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId: subscriptionId } })
  return { organizationId: row.organizationId, customer: row.stripeCustomerId }
}

const titles = async () => (await listAlerts()).map(({ title }) => title)

const effects = async () => {
  const rows = await db().stripeEvent.findMany({
    where: { type: { startsWith: "charge.dispute" }, state: { not: "ignored" } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  })
  return rows.map(({ type, effect, organizationId }) => [type, effect, organizationId])
}

test("[D1] a dispute is told to the operator with its last day, costs nobody access, and goes when it is won", async () => {
  const { organizationId, customer } = await bought()
  const { id } = await billing.stripe.dispute({ of: customer })
  await arrive()
  expect(await titles()).toEqual(["Dora & Daughters disputes a payment"])
  const [alert] = await listAlerts()
  expect(alert?.key).toBe(`disputed:${organizationId}:${id}`)
  expect(alert?.words).toMatch(
    /^\$79\.00 of invoice \S+ \(dispute du_\w+, reason: fraudulent\)\. Answer it in Stripe’s dashboard by \d+ \w+ \d{4} \(UTC\)\. /,
  )
  expect(await accessOf(organizationId)).toMatchObject({ level: "full" })
  const opened = ["charge.dispute.created", "$79.00 disputed: needs response", organizationId]
  expect(await effects()).toEqual([opened])
  await billing.stripe.closeDispute({ dispute: id, won: true })
  await arrive()
  expect(await listAlerts()).toEqual([])
  const closed = ["charge.dispute.closed", "dispute of $79.00 closed, the money stays", organizationId]
  expect(await effects()).toContainEqual(closed)
})

test("[D1] a dispute that is lost stays in view, and a late event of its beginning brings nothing back", async () => {
  const { customer } = await bought()
  const { id } = await billing.stripe.dispute({ of: customer })
  const late = await billing.news()
  await billing.stripe.closeDispute({ dispute: id, won: false })
  await arrive()
  for (const event of late) await billing.deliver(event)
  await billing.jobs.settle()
  expect(await titles()).toEqual(["Dora & Daughters won its dispute"])
})

test("[D1] an inquiry that becomes a dispute, and one that was answered, say so", async () => {
  const { customer } = await bought()
  const { id } = await billing.stripe.dispute({ of: customer, inquiry: true })
  await arrive()
  await billing.stripe.closeDispute({ dispute: id, won: false })
  await arrive()
  expect((await listAlerts())[0]?.words).toContain("Answer it in Stripe’s dashboard by")
  await billing.stripe.answerDispute({ dispute: id })
  await arrive()
  expect((await listAlerts())[0]?.words).toContain("It has been answered, and the bank decides.")
})

test("[B6] a dispute whose event was lost is found by the sweep", async () => {
  const { customer } = await bought()
  await billing.stripe.dispute({ of: customer })
  await repairStripeEvents()
  await billing.jobs.settle()
  expect(await titles()).toEqual(["Dora & Daughters disputes a payment"])
})

test("[B4] other people’s disputes in the account are none of our business", async () => {
  await bought()
  const [price] = (await stripe().prices.list({ lookup_keys: ["gatehouse_starter_monthly"] })).data
  const other = await stripe().customers.create({ email: "other@shop.test" })
  await billing.stripe.setCard({ customer: other.id, works: true })
  await stripe().subscriptions.create({ customer: other.id, items: [{ price: price?.id }] })
  await billing.stripe.dispute({ of: other.id })
  await arrive()
  expect(await listAlerts()).toEqual([])
  expect(await db().stripeEvent.findFirst({ where: { type: "charge.dispute.created" } })).toMatchObject({
    state: "ignored",
    effect: "not an invoice of ours",
  })
})
