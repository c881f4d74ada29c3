import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { buildMembership, buildUser } from "../support/cast"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

const textOf = (page: string) =>
  page
    .replaceAll("<!-- -->", "")
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")

const world = setUpBillingWorld()
const portal = "/o/acme/billing/portal"
const billing = "/o/acme/billing"

async function acmeHasPlan(w: BillingWorld) {
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  return { subscription, alice: await enter(w.browser(), alice) }
}

/** Opens a page of Stripe's and sends its form, as the person there would. */
async function atStripe(location: string | null | undefined, act: string, form: Record<string, string>) {
  const page = await (await fetch(location ?? "")).text()
  const url = `${location}/${act}`
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" })
  return { page, back: answer.headers.get("location") }
}

test("[B10] the portal opens at the end of the plan, and leads back to a page that says so", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  const opened = await alice.post(portal, { flow: "cancel" })
  const target = { subscription: subscription.stripeSubscriptionId }
  const { page, back } = await atStripe(opened.location, "cancel", target)
  expect(page).toContain("Cancel your plan")
  expect(new URL(back ?? "").pathname).toBe(billing)
  await w.arrive()
  expect(textOf((await alice.get(billing)).body)).toContain("The plan is set to end")
  // Nothing is left to end: Stripe would refuse that page, and the whole opens.
  const again = await alice.get(`${portal}?flow=cancel`)
  expect(again.status).toBe(303)
  expect(await (await fetch(again.location ?? "")).text()).toContain("Manage your subscription")
})

test("[B11] a smaller plan chosen in the portal costs nobody their place, and the billing page says what it means", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  for (let n = 0; n < 48; n += 1) {
    const user = await buildUser(db(), { email: `new-${n}@acme.test` })
    await buildMembership(db(), { user, organization: w.cast.acme, role: "member" })
  }
  expect(textOf((await alice.get(billing)).body)).not.toContain("nobody new can join")
  const opened = await alice.json("/api/billing/portal", { organization: "acme", flow: "plan" })
  const { url } = JSON.parse(opened.body)
  const starter = (await w.stripe.seedCatalogue()).gatehouse_starter_monthly ?? ""
  const target = { subscription: subscription.stripeSubscriptionId, price: starter }
  const { page, back } = await atStripe(url, "plan", target)
  expect(page).toContain("Change your plan")
  expect(new URL(back ?? "").pathname).toBe(billing)
  await w.arrive()
  expect(textOf((await alice.get(billing)).body)).toContain(
    "51 members, and 50 seats The Starter plan has 50 seats. Nobody loses access, but nobody new can join until there are fewer than 50 members",
  )
  expect(await db().membership.count({ where: { organizationId: w.cast.acme.id } })).toBe(51)
})

test("[B10] a page that the portal does not have leads nowhere", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  expect((await alice.get(`${portal}?flow=refund`)).status).toBe(404)
  expect((await alice.post(portal, { flow: "refund" })).status).toBe(404)
  expect((await alice.get(`${portal}?flow=`)).status).toBe(404)
  expect((await alice.json("/api/billing/portal", { organization: "acme", flow: "refund" })).status).toBe(400)
  expect((await alice.get(`${portal}?flow=all`)).location).toContain(w.stripe.url)
  expect((await alice.post(portal)).location).toContain(w.stripe.url)
})
