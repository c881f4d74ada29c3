import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
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
const billing = "/o/acme/billing"

async function acmeHasPlan(w: BillingWorld) {
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  return { subscription, alice: await enter(w.browser(), alice) }
}

test("[B10] the page says what is charged next and when, and shows the latest three invoices", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const page = textOf((await alice.get(billing)).body)
  expect(page).toMatch(/Next payment \$79\.00 on \d+ \w+ \d{4}/)
  expect(page).toContain("$79 a month, before tax")
  expect(page).toContain("Change the plan")
  expect(page).toContain("End the plan")
  await w.stripe.advance({ months: 4 })
  await w.arrive()
  const later = await alice.get(billing)
  expect(later.body.match(/billing\/invoices\/in_/g)).toHaveLength(3)
  expect(await db().invoice.count({ where: { organizationId: w.cast.acme.id } })).toBe(5)
})

test("[B10] while Stripe does not answer the page is there within two seconds and a bit, and says the plan's price", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  await w.stripe.fault({ kind: "hang", times: null })
  const from = performance.now()
  const page = await alice.get(billing)
  const first = performance.now() - from
  expect(first).toBeLessThan(3_000)
  expect(textOf(page.body)).toMatch(/Next payment \$79 , before tax, on \d+ \w+ \d{4}/)
  await alice.get(billing)
  expect(performance.now() - from - first).toBeLessThan(1_000)
})

test("[B10] a failed payment says how much, for which invoice, when it is tried again, and leads to the card", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  await w.stripe.setCard({ customer: subscription.stripeCustomerId, works: false })
  await w.stripe.advance({ days: 32 })
  await w.arrive()
  const page = await alice.get(billing)
  expect(textOf(page.body)).toMatch(
    /\$79\.00 could not be charged The last payment did not go through\. .* Invoice \S+ is open\. It is tried again on \d+ \w+ \d{4}/,
  )
  expect(textOf(page.body)).toContain("Sort out the payment")
  expect(textOf(page.body)).not.toContain("Change the plan")
  const opened = await alice.post("/o/acme/billing/portal", { flow: "payment_method" })
  expect(opened.location).toContain(w.stripe.url)
  const mailed = await alice.get("/o/acme/billing/portal?flow=payment_method")
  expect([mailed.status, mailed.location?.startsWith(w.stripe.url)]).toEqual([303, true])
})

test("[B12] a trial says when it is over and what comes then", async () => {
  const w = await world()
  w.settings({ TRIAL_DAYS: "14" })
  const { alice } = await acmeHasPlan(w)
  const page = textOf((await alice.get(billing)).body)
  expect(page).toContain("Trial")
  expect(page).toMatch(/Trial ends \d+ \w+ \d{4}/)
  expect(page).toMatch(/Next payment \$79\.00 on/)
})

test("[B10] admins manage billing once an owner allows it, from the next request on, and no longer when it is taken back", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const amir = await enter(w.browser(), w.cast.amir)
  const bob = await enter(w.browser(), w.cast.bob)
  const asks = ["/o/acme/billing/invoices", "/o/acme/billing/cancellation", "/o/acme/billing/plan"]
  for (const path of asks) expect((await amir.get(path)).status, path).toBe(403)
  for (const browser of [amir, bob]) {
    expect((await browser.post("/o/acme/billing/admins", { allowed: "yes" })).status).toBe(403)
  }
  expect((await alice.post("/o/acme/billing/admins", { allowed: "perhaps" })).status).toBe(400)
  for (let i = 0; i < 2; i++) await alice.post("/o/acme/billing/admins", { allowed: "yes" })
  for (const path of asks) {
    expect((await amir.get(path)).status, path).toBe(200)
    expect((await bob.get(path)).status, path).toBe(403)
  }
  expect(textOf((await amir.get(billing)).body)).toContain("Manage plan and payment")
  expect(textOf((await amir.get(billing)).body)).not.toContain("Billing by admins")
  expect((await amir.post("/o/acme/billing/portal")).location).toContain(w.stripe.url)
  expect((await amir.json("/api/billing/portal", { organization: "acme" })).status).toBe(200)
  expect(textOf((await bob.get("/o/acme/billing/invoices")).body)).toContain("Only an owner or admin of Acme")
  expect((await amir.post("/o/acme/billing/admins", { allowed: "no" })).status).toBe(403)
  const roles = (await bob.get("/o/acme/roles")).body
  await alice.post("/o/acme/billing/admins", { allowed: "no" })
  expect((await bob.get("/o/acme/roles")).body).not.toEqual(roles)
  for (const path of asks) expect((await amir.get(path)).status, path).toBe(403)
  expect((await amir.json("/api/billing/portal", { organization: "acme" })).status).toBe(403)
  const acts = await db().auditEntry.findMany({
    where: { act: { startsWith: "billing.admins" } },
    orderBy: { at: "asc" },
  })
  expect(acts.map(({ act, actorUserId }) => [act, actorUserId])).toEqual([
    ["billing.admins_allowed", w.cast.alice.id],
    ["billing.admins_disallowed", w.cast.alice.id],
  ])
})

test("[B10] what one organisation allows its admins counts in no other", async () => {
  const w = await world()
  await acmeHasPlan(w)
  await db().organization.update({ where: { id: w.cast.birch.id }, data: { adminsManageBilling: true } })
  const amir = await enter(w.browser(), w.cast.amir)
  expect((await amir.get("/o/acme/billing/invoices")).status).toBe(403)
  expect((await amir.get("/o/birch/billing/invoices")).status).toBe(404)
})
