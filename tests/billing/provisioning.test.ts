import { afterAll, beforeAll, expect, test } from "vitest"
import { accessOf } from "~/domain/billing/access-of.server"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { purchaseStatus } from "~/domain/billing/purchase-status.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import { buildOrganization, buildUser } from "../support/cast"
import { type Billing, firstEvents, startBilling } from "../support/stripe"

let billing: Billing
beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())

async function handleNews() {
  for (const event of await billing.news()) await billing.deliver(event)
  await billing.jobs.settle()
}

test("[B2] a paid checkout becomes organisation, unproven owner, subscription, set-up and one mail with an activation link", async () => {
  const { checkout, subscriptionId } = await billing.buy({ plan: "enterprise", interval: "year" })
  await handleNews()
  const provisioned = await db().checkout.findUniqueOrThrow({ where: { id: checkout.id } })
  const organization = await db().organization.findUniqueOrThrow({
    where: { id: provisioned.organizationId ?? "" },
    include: { memberships: { include: { user: true } }, subscriptions: true, onboarding: true },
  })
  expect(organization.name).toBe(checkout.businessName)
  expect(organization.memberships).toMatchObject([
    { role: "owner", user: { email: checkout.email, provenAt: null } },
  ])
  expect(organization.subscriptions).toMatchObject([
    { stripeSubscriptionId: subscriptionId, plan: "enterprise", interval: "year", status: "active" },
  ])
  const inAYear = Date.now() + 365 * 24 * 60 * 60 * 1000
  expect(Math.abs(Number(organization.subscriptions[0]?.currentPeriodEnd) - inAYear)).toBeLessThan(
    3 * 24 * 60 * 60 * 1000,
  )
  expect(organization.onboarding).not.toBeNull()
  const mails = await db().mail.findMany({ where: { recipient: checkout.email } })
  expect(mails).toMatchObject([{ template: "activation", state: "queued" }])
  expect(JSON.parse(mails[0]?.parameters ?? "").link).toMatchObject({ organizationId: organization.id })
  expect(await db().session.count()).toBe(0)
  const acts = await db().auditEntry.findMany({
    where: { organizationId: organization.id },
    orderBy: { id: "asc" },
  })
  expect(acts.map(line => line.act)).toEqual(["organization.created", "billing.plan_bought"])
})

test("[B2] webhook and landing page at once, on two connections, make one organisation and one mail", async () => {
  const other = await connect(billing.file)
  for (let round = 0; round < 8; round += 1) {
    const { checkout, sessionId } = await billing.buy()
    const before = await db().organization.count()
    const racers = [0, 1, 2, 3].map(i => {
      const race = () => applyFresh(() => prepareFulfilment({ sessionId }))
      return i % 2 ? withDatabase(other, race) : race()
    })
    const effects = await Promise.all(racers)
    expect(effects.filter(effect => effect.provisioned)).toHaveLength(1)
    expect(await db().organization.count()).toBe(before + 1)
    expect(await db().mail.count({ where: { recipient: checkout.email } })).toBe(1)
    expect(
      await db().subscription.count({
        where: { organizationId: { not: "" }, organization: { name: checkout.businessName } },
      }),
    ).toBe(1)
  }
  await other.close()
})

test("[B2] landing page first, webhooks afterwards: nothing happens twice", async () => {
  const { checkout, sessionId } = await billing.buy()
  expect(await purchaseStatus(sessionId)).toMatchObject({ status: "active" })
  const after = await billing.stateOf(checkout.id)
  await handleNews()
  expect(await billing.stateOf(checkout.id)).toEqual(after)
})

test("[B3] someone whose mailbox is proven joins as owner and gets a sign-in link", async () => {
  const known = await buildUser(db(), { email: "known@example.test", name: "Known" })
  await billing.buy({ email: "Known@Example.Test", businessName: "Second Home" })
  await handleNews()
  const organization = await db().organization.findFirstOrThrow({
    where: { name: "Second Home" },
    include: { memberships: true },
  })
  expect(organization.memberships).toMatchObject([{ userId: known.id, role: "owner" }])
  expect(await db().mail.findMany({ where: { recipient: known.email } })).toMatchObject([
    { template: "purchase_existing_user" },
  ])
  expect(await db().user.count({ where: { email: known.email } })).toBe(1)
  expect(await db().session.count()).toBe(0)
})

test("[B3] an account that exists but was never proven gets an activation link", async () => {
  const unproven = await buildUser(db(), { email: "unproven@example.test", proven: false })
  await billing.buy({ email: unproven.email })
  await handleNews()
  expect(await db().mail.findMany({ where: { recipient: unproven.email } })).toMatchObject([
    { template: "activation" },
  ])
})

test("[B2] a name that would be a link in a mail is mailed without one", async () => {
  const { checkout } = await billing.buy({ businessName: "Win at evil.example" })
  await handleNews()
  const mail = await db().mail.findFirstOrThrow({ where: { recipient: checkout.email } })
  expect(mail.parameters).toContain("evil. example")
  expect(mail.parameters).not.toContain("evil.example")
})

test("[B2] a second subscription for one organisation is kept, the better one counts, and operator and owner are told", async () => {
  const owner = await buildUser(db(), { email: "twice@example.test" })
  const organization = await buildOrganization(db(), {
    name: "Twice",
    slug: "twice",
    members: [[owner, "owner"]],
  })
  const forIt = {
    email: owner.email,
    userId: owner.id,
    organizationId: organization.id,
    businessName: "Twice",
  }
  const first = await billing.buy({ ...forIt, plan: "starter", outcome: "open" })
  const second = await billing.buy({ ...forIt, plan: "professional", outcome: "open" })
  for (const { sessionId } of [first, second]) await billing.stripe.completeCheckout({ session: sessionId })
  await handleNews()
  const rows = await db().subscription.findMany({ where: { organizationId: organization.id } })
  expect(rows.map(row => row.plan).sort()).toEqual(["professional", "starter"])
  expect((await listAlerts()).map(alert => alert.key)).toContain(`pays-twice:${organization.id}`)
  const told = { template: "paid_twice", recipient: owner.email }
  expect(await db().mail.count({ where: told })).toBe(1)
  expect(await accessOf(organization.id)).toMatchObject({ level: "full", plan: "professional" })
})

test("[B2] the row that lost Stripe's answer is found again by the id it gave", async () => {
  const { checkout } = await billing.buy()
  await db().checkout.update({ where: { id: checkout.id }, data: { stripeSessionId: null, url: null } })
  for (const event of await billing.news(firstEvents)) await billing.deliver(event)
  await billing.jobs.settle()
  expect(await billing.stateOf(checkout.id)).toMatchObject({ state: "provisioned", mails: ["activation"] })
})
