import Stripe from "stripe"
import { expect, test, vi } from "vitest"
import { db } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"
import { stripe } from "~/platform/stripe.server"
import type { Visit } from "../support/browser"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

/* What people read of a plan that is in trouble, and where its buttons lead. */

vi.setConfig({ testTimeout: 60_000 })

const world = setUpBillingWorld()
const billing = "/o/acme/billing"
const textOf = ({ body }: Visit) =>
  body
    .replaceAll("<!-- -->", "")
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")

/** The main buttons of a page, and how often it says that something is wrong. */
function alarmsOf({ body }: Visit) {
  const page = body.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")
  const main = [...page.matchAll(/<(?:a|button)[^>]*bg-lamp-glow[^>]*>([^<]*)</g)].map(found => found[1])
  return { main, alarms: page.match(/sr-only">(Problem|Please note|Note): /g)?.length ?? 0 }
}

async function acmeHasPlan(w: BillingWorld) {
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  return { subscription, alice: await enter(w.browser(), alice) }
}

async function paymentFails(w: BillingWorld, { stripeCustomerId: customer }: Subscription) {
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ days: 32 })
  await w.arrive()
  return db().invoice.findFirstOrThrow({ where: { organizationId: w.cast.acme.id, status: "open" } })
}

test("[B10] an overdue payment is one alarm with one main button on the billing page, and one banner elsewhere", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  expect(alarmsOf(await alice.get(billing))).toEqual({ main: ["Manage plan and payment"], alarms: 0 })
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "period_end" })
  await w.arrive()
  expect(alarmsOf(await alice.get(billing))).toEqual({ main: ["Manage plan and payment"], alarms: 1 })
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "undo" })
  await paymentFails(w, subscription)
  const page = await alice.get(billing)
  expect(alarmsOf(page)).toEqual({ main: ["Sort out the payment"], alarms: 1 })
  expect(textOf(page)).toMatch(/Please see to it by \d+ \w+ \d{4}/)
  expect(alarmsOf(await alice.get("/o/acme/billing/plan"))).toEqual({
    main: ["Sort out the payment"],
    alarms: 0,
  })
  expect(alarmsOf(await alice.get("/o/acme/members")).alarms).toBe(1)
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "period_end" })
  await w.arrive()
  const both = await alice.get(billing)
  expect(alarmsOf(both)).toEqual({ main: ["Sort out the payment"], alarms: 1 })
  expect(textOf(both)).toMatch(/Set to end \d+ \w+ \d{4} ?\. Keep the plan/)
})

test("[B10] the open invoice of an ended plan is paid on Stripe's page; a plan comes first, and the link is not stored", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  const { id, number } = await paymentFails(w, subscription)
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "now" })
  await w.arrive()
  const page = await alice.get(billing)
  expect(alarmsOf(page)).toEqual({ main: ["Choose a plan"], alarms: 1 })
  expect(textOf(page)).toContain(
    `Invoice ${number} for $79.00 is open. It is not tried again by itself. Pay it`,
  )
  const pay = `${billing}/invoices/${id}/payment`
  expect((await alice.get(`${billing}/invoices`)).body).toContain(`href="${pay}"`)
  const paid = await alice.get(pay)
  expect(paid.status).toBe(303)
  expect(paid.headers.get("Cache-Control")).toBe("no-store")
  expect(await (await fetch(paid.location ?? "")).text()).toContain(number)
  expect((await alice.get(`${billing}/invoices/open/payment`)).location).toBe(paid.location)
  for (const [person, status] of [
    [w.cast.amir, 403],
    [w.cast.charlie, 404],
  ] as const) {
    expect((await (await enter(w.browser(), person)).get(pay)).status).toBe(status)
  }
  const charlie = await enter(w.browser(), w.cast.charlie)
  expect((await charlie.get(pay.replace("acme", "birch"))).status).toBe(404)

  await stripe().invoices.pay(id, { paid_out_of_band: true })
  expect((await alice.get(pay)).location).toBe(`${billing}/invoices`)
  const list = await alice.get(`${billing}/invoices`)
  expect(textOf(list)).toContain("This invoice is paid.")
  expect(list.body).not.toContain("/payment")
  expect((await alice.get(`${billing}/invoices/open/payment`)).location).toBe(billing)
})

test("[B10] an invoice that was withdrawn or written off says so and asks for nothing", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  const { id } = await paymentFails(w, subscription)
  const invoices = `${billing}/invoices`
  await db().invoice.update({ where: { id }, data: { status: "uncollectible" } })
  expect(textOf(await alice.get(invoices))).toContain("Written off Nobody asks for it any more.")
  await db().invoice.update({ where: { id }, data: { status: "open" } })
  await stripe().invoices.voidInvoice(id)
  expect((await alice.get(`${invoices}/${id}/payment`)).location).toBe(invoices)
  const page = textOf(await alice.get(invoices))
  expect(page).toContain("This invoice was withdrawn.")
  expect(page).toContain("Withdrawn There is nothing to pay.")
  expect(page).not.toContain("Pay it")
  await w.stripe.fault({ kind: "reset", times: null })
  expect((await alice.get(`${invoices}/${id}/payment`)).location).toBe(invoices)
  expect(textOf(await alice.get(invoices))).toContain("does not answer at the moment")
})

test("[B10] credit that is left over is shown, also when the plan has ended, and nobody waits for it", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  expect(textOf(await alice.get(billing))).not.toContain("credit")
  await w.stripe.changePlan({
    subscription: subscription.stripeSubscriptionId,
    price: "gatehouse_starter_monthly",
    proration: "always_invoice",
  })
  await w.arrive()
  const words = /You have \$(\d+\.\d\d) credit; it is used for the next invoices\./
  expect(Number(words.exec(textOf(await alice.get(billing)))?.[1])).toBeGreaterThan(40)
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "now" })
  await w.arrive()
  expect(textOf(await alice.get(billing))).toMatch(words)
  w.clock.advance(61_000)
  await w.stripe.fault({ kind: "hang", times: null })
  const from = performance.now()
  expect(textOf(await alice.get(billing))).not.toMatch(words)
  expect(performance.now() - from).toBeLessThan(2_500)
})

test("[B7] a payment that the bank wants confirmed says so on the page and in the mail, and leads to where it is confirmed", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  const { stripeCustomerId: customer } = subscription
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ days: 32 })
  await w.stripe.askForConfirmation({ customer })
  await w.arrive()
  const page = await alice.get(billing)
  expect(alarmsOf(page)).toEqual({ main: ["Confirm the payment"], alarms: 1 })
  expect(textOf(page)).toContain(
    "$79.00 waits to be confirmed The bank wants the last payment to be confirmed.",
  )
  const leads = await alice.get(`${billing}/invoices/open/payment`)
  expect([leads.status, leads.location?.startsWith(w.stripe.url)]).toEqual([303, true])
  expect(alarmsOf(await alice.get(`${billing}/plan`)).main).toEqual(["Confirm the payment"])
  const bob = await enter(w.browser(), w.cast.bob)
  expect(textOf(await bob.get("/o/acme"))).toContain("Ask an owner to confirm the payment.")
  const mail = w.mailbox.messages("alice@acme.test").at(-1)
  expect(mail?.subject).toBe("The payment for Acme waits to be confirmed")
  expect(mail?.html).toContain(`${billing}/invoices/open/payment`)

  await w.stripe.setCard({ customer, works: true })
  await w.stripe.confirmPayment({ customer })
  await w.arrive()
  expect(alarmsOf(await alice.get(billing)).alarms).toBe(0)
  expect(await db().subscription.findFirstOrThrow()).toMatchObject({ status: "active", paymentTrouble: null })
})

test("[B7] a first payment that waits to be confirmed says so", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  await db().subscription.update({
    where: { id: subscription.id },
    data: { status: "incomplete", paymentTrouble: "needs_confirmation" },
  })
  const page = await alice.get(billing)
  expect(alarmsOf(page)).toEqual({ main: ["Confirm the payment"], alarms: 1 })
  expect(textOf(page)).toContain("The plan starts as soon as it is.")
})

test("[B7] a key that may not look at payments still hears that one failed", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  await w.stripe.setCard({ customer: subscription.stripeCustomerId, works: false })
  await w.stripe.advance({ days: 32 })
  const refused = new Stripe.errors.StripePermissionError({ type: "invalid_request_error", statusCode: 403 })
  const list = vi.spyOn(stripe().invoicePayments, "list").mockImplementation(() => {
    throw refused
  })
  await w.arrive()
  expect(list).toHaveBeenCalled()
  list.mockRestore()
  expect(alarmsOf(await alice.get(billing)).main).toEqual(["Sort out the payment"])
})

test("[B7] a paused plan says why, and resuming it asks for a way of paying first", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  const { stripeSubscriptionId: id, stripeCustomerId: customer } = subscription
  await stripe().subscriptions.pause(id, { type: "subscription" })
  await w.arrive()
  const page = await alice.get(billing)
  expect(alarmsOf(page)).toEqual({ main: ["Resume the plan"], alarms: 1 })
  expect(textOf(page)).toContain("The plan is paused. Until it goes on, everything can be read and exported")
  expect(textOf(page)).toContain("Resumed, it costs $79 a month again, from that day.")
  expect(textOf(page)).not.toContain("payment is missing")
  expect(textOf(await alice.get(`${billing}/plan`))).toContain("The plan is paused Resume it first.")
  await db().subscription.updateMany({ data: { paymentTrouble: "no_way_of_paying" } })
  expect(textOf(await alice.get(billing))).toContain("The trial is over, and there is no way of paying yet.")

  for (const method of (await stripe().customers.listPaymentMethods(customer)).data) {
    await stripe().paymentMethods.detach(method.id)
  }
  const asked = await alice.post(`${billing}/resumption`)
  expect([asked.status, asked.location?.startsWith(w.stripe.url)]).toEqual([303, true])
  expect((await stripe().subscriptions.retrieve(id)).status).toBe("paused")
  await w.stripe.setCard({ customer, works: true })
  expect((await alice.post(`${billing}/resumption`)).location).toBe(billing)
  const resumed = await alice.get(billing)
  expect(textOf(resumed)).toContain("The plan goes on.")
  expect(alarmsOf(resumed).alarms).toBe(0)
  expect(await db().subscription.findFirstOrThrow()).toMatchObject({ status: "active", paymentTrouble: null })
  expect(await db().auditEntry.count({ where: { act: "billing.plan_resumed" } })).toBe(1)
  await alice.post(`${billing}/resumption`)
  expect(textOf(await alice.get(billing))).toContain("The plan is not paused.")
  for (const [person, status] of [
    [w.cast.amir, 403],
    [w.cast.charlie, 404],
  ] as const) {
    expect((await (await enter(w.browser(), person)).post(`${billing}/resumption`)).status).toBe(status)
  }
})

test("[B10] who cannot pay is told whom to ask, and admins where they may pay are among them", async () => {
  const w = await world()
  const { subscription } = await acmeHasPlan(w)
  await paymentFails(w, subscription)
  const bob = await enter(w.browser(), w.cast.bob)
  const amir = await enter(w.browser(), w.cast.amir)
  for (const one of [bob, amir])
    expect(textOf(await one.get("/o/acme"))).toContain("Ask an owner to sort out")
  await db().organization.update({ where: { id: w.cast.acme.id }, data: { adminsManageBilling: true } })
  expect(textOf(await bob.get("/o/acme"))).toContain("Ask an owner or admin to sort out the payment.")
  const admin = await amir.get("/o/acme")
  expect(textOf(admin)).not.toContain("Ask an owner")
  expect(admin.body).toContain('action="/o/acme/billing/portal"')
})

test("[B10] what is said of the plan's end names no day in a zone that may not be the reader's", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  await alice.post(`${billing}/cancellation`, { intent: "end" })
  const page = await alice.get(billing)
  const toast = page.body.slice(page.body.lastIndexOf('role="status"'))
  expect(/<p [^>]*>([^<]*)</.exec(toast)?.[1]).toBe("Noted. You can take it back until that day.")
  expect(textOf(page)).toMatch(/It ends on \d+ \w+ \d{4}/)
})
