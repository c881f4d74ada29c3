import { expect, test } from "vitest"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { days } from "../support/clock"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

const world = setUpBillingWorld()
const textOf = (page: string) =>
  page
    .replaceAll("<!-- -->", "")
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
const ending = "/o/acme/billing/cancellation"

async function acmeHasPlan(w: BillingWorld) {
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  const browser = await enter(w.browser(), alice)
  return { subscription, read: async (path: string) => textOf((await browser.get(path)).body), browser }
}

async function paymentFails(w: BillingWorld, customer: string) {
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ days: 32 })
  await w.arrive()
}

test("[B10] [O11] a credit is named where ending or closing would leave it behind", async () => {
  const w = await world()
  const { subscription, read } = await acmeHasPlan(w)
  expect(await read(ending)).not.toContain("credit")
  expect(await read("/o/acme/closure")).toContain("A credit that is left is lost with it")
  await w.stripe.changePlan({
    subscription: subscription.stripeSubscriptionId,
    price: "gatehouse_starter_monthly",
    proration: "always_invoice",
  })
  await w.arrive()
  expect(await read(ending)).toMatch(/The credit of \$\d+\.\d\d is not paid out\./)
  expect(await read("/o/acme/closure")).toMatch(/The credit of \$\d+\.\d\d is lost with it/)
  await w.stripe.fault({ kind: "hang", times: null })
  w.clock.advance(61_000)
  const from = performance.now()
  expect(await read("/o/acme/closure")).toContain("A credit that is left is lost with it")
  expect(performance.now() - from).toBeLessThan(4_500)
}, 60_000)

test("[B10] ending a plan of which a payment is missing promises nothing that is not paid for", async () => {
  const w = await world()
  const { subscription, read, browser } = await acmeHasPlan(w)
  await paymentFails(w, subscription.stripeCustomerId)
  const inGrace = await read(ending)
  expect(inGrace).toMatch(/The plan ends on \d+ \w+ \d{4} , and is not renewed\. .*stays due/)
  expect(inGrace).toMatch(/Everything keeps working until \d+ \w+ \d{4} \. From then on everything can only/)
  w.clock.advance(days(10))
  const readOnly = await read(ending)
  expect(readOnly).toContain("Everything can only be read and exported, until what is open is paid")
  for (const page of [inGrace, readOnly]) {
    expect(page).not.toContain("used up")
    expect(page).not.toContain("nothing changes")
  }
  w.mailbox.clear()
  await browser.post(ending, { intent: "end" })
  await w.settle()
  const { text } = w.mailbox.latestTo("alice@acme.test")
  expect(text).toContain("A payment is missing, though")
  expect(text).not.toContain("nothing changes")
})

test("[B10] archived for its bills, it stays so until they are paid", async () => {
  const w = await world()
  const { subscription, read } = await acmeHasPlan(w)
  await paymentFails(w, subscription.stripeCustomerId)
  await db().subscription.updateMany({ data: { pastDueSince: fromNow(-days(60)) } })
  expect(await read(ending)).toContain("It stays archived, until what is open is paid")
})

for (const status of ["unpaid", "paused"] as const) {
  test(`[B10] a plan that is ${status} has nothing that runs out, and is ended where it is paid`, async () => {
    const w = await world()
    const { subscription, read, browser } = await acmeHasPlan(w)
    await db().subscription.update({ where: { id: subscription.id }, data: { status } })
    expect(await read(ending)).toContain("Nothing of it is paid for")
    const opened = await browser.post("/o/acme/billing/portal", { flow: "cancel" })
    expect(opened.location).toContain(w.stripe.url)
  })
}
