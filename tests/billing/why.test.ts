import { expect, test } from "vitest"
import { archiveByOperator } from "~/domain/organizations/desk-archive.server"
import { db } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"
import { requester } from "../support/membership"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

async function operator(w: BillingWorld) {
  const olive = w.browser()
  await signIn(w, olive, "olive@gatehouse.test")
  const path = `/admin/organizations/${w.cast.acme.id}/billing`
  return {
    path,
    read: async () => {
      const { status, body } = await olive.get(path)
      expect(status).toBe(200)
      return textOf(body)
    },
    ask: () => olive.post(path, {}),
  }
}

const sell = (w: BillingWorld) => sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })

test("[D3] the operator reads both sides, the events and the decision", async () => {
  const w = await world()
  const { stripeSubscriptionId } = await sell(w)
  const page = await (await operator(w)).read()
  for (const words of [
    stripeSubscriptionId,
    "Same on both sides",
    "Paid for, or in its trial: full access.",
    "Full access",
    "customer.subscription.created",
    "checkout.session.completed",
  ]) {
    expect(page).toContain(words)
  }
})

test("[D3] both sides and the decision are in words a person uses", async () => {
  const w = await world()
  const { stripeCustomerId: customer } = await sell(w)
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ days: 32 })
  await w.arrive()
  const page = await (await operator(w)).read()
  expect(page).toContain("Payment overdue, plan Professional, since <time")
  expect(page.match(/>Payment overdue</g)).toHaveLength(2)
  expect(page.match(/>Professional</g)).toHaveLength(2)
  expect(page.match(/>Month</g)).toHaveLength(2)
  expect(page).toContain("Plan: payment overdue. Changed: status")
  for (const raw of ["past_due", ">professional<", "currentPeriodEnd", "nothing new"]) {
    expect(page.replaceAll("brought nothing new", "")).not.toContain(raw)
  }
})

test("[D3] what differs is marked, and asking Stripe again puts it right", async () => {
  const w = await world()
  const { stripeSubscriptionId } = await sell(w)
  await w.stripe.cancel({ subscription: stripeSubscriptionId, when: "now" })
  const olive = await operator(w)
  const before = await olive.read()
  expect(before.match(/>Differs</g)).toHaveLength(3)
  expect((await olive.ask()).location).toBe(olive.path)
  const row = await db().subscription.findUniqueOrThrow({ where: { stripeSubscriptionId } })
  expect(row).toMatchObject({ status: "canceled" })
  const after = await olive.read()
  expect(after).toContain("Same on both sides")
  expect(after).toContain("It has ended: everything can be read and nothing changed for 30 days")
  expect(after).toContain("Read only")
})

const words = (page: string) => page.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")

test("[D3] what an operator archived, or an owner is closing, says so beside what the plan gives", async () => {
  const w = await world()
  await sell(w)
  const { acme, alice } = w.cast
  const olive = await operator(w)
  expect(words(await olive.read())).toContain("So its people have Full access")
  await archiveByOperator(alice.id, acme.id, "Asked for by the police", requester)
  const archived = words(await olive.read())
  expect(archived).toContain("The plan gives Full access")
  expect(archived).toMatch(/By an operator, since .*: “Asked for by the police”/)
  expect(archived).toContain("So its people have Archived")
  await db().organization.update({ where: { id: acme.id }, data: { closeRequestedAt: new Date() } })
  expect(words(await olive.read())).toContain("it waits for Stripe, and its plan ends first")
})

test("[D3] a plan whose payments are not collected says so, and until when", async () => {
  const w = await world()
  const { stripeSubscriptionId } = await sell(w)
  const olive = await operator(w)
  expect(await olive.read()).not.toContain("No money is collected")
  await stripe().subscriptions.update(stripeSubscriptionId, { pause_collection: { behavior: "void" } })
  await w.arrive()
  const page = words(await olive.read())
  expect(page).toContain("No money is collected")
  expect(page).toContain("its invoices are withdrawn, until somebody resumes it.")
})

test("[D3] a subscription on one side only is marked as such", async () => {
  const w = await world()
  const plan = await sell(w)
  const olive = await operator(w)
  await db().subscription.delete({ where: { id: plan.id } })
  expect(await olive.read()).toContain("Missing here")
  await olive.ask()
  expect(await olive.read()).toContain("Same on both sides")
  await db().subscription.updateMany({ data: { stripeSubscriptionId: "sub_elsewhere" } })
  expect(await olive.read()).toContain("Missing at Stripe")
})

for (const kind of ["hang", "429", "500", "reset", "html", "truncated"] as const) {
  test(`[D3] while Stripe answers with ${kind} the page comes within four seconds and says so`, async () => {
    const w = await world()
    await sell(w)
    const olive = await operator(w)
    await w.stripe.fault({ kind, times: null })
    const began = performance.now()
    const page = await olive.read()
    expect(performance.now() - began).toBeLessThan(4_000)
    for (const words of ["Stripe does not answer at the moment", "No answer", "Full access"]) {
      expect(page).toContain(words)
    }
    await w.stripe.clearFaults()
  }, 20_000)
}

test("[D3] an organisation that never bought, and an installation without Stripe", async () => {
  const w = await world()
  const olive = await operator(w)
  expect(await olive.read()).toContain("nothing was bought")
  w.settings({ STRIPE_SECRET_KEY: "", STRIPE_API_URL: "" })
  expect(await olive.read()).toContain("Billing is not set up")
  expect((await olive.ask()).status).toBe(303)
})

test("[D1] nobody but an operator sees or asks", async () => {
  const w = await world()
  const path = `/admin/organizations/${w.cast.acme.id}/billing`
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  expect((await alice.get(path)).location).toBe("/")
  expect((await alice.post(path, {})).location).toBe("/")
  const calls = (await w.stripe.calls()).length
  expect((await w.browser().post(path, {})).status).toBeGreaterThanOrEqual(300)
  expect((await w.stripe.calls()).length).toBe(calls)
})
