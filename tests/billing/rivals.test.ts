import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

/** Alice opens a payment page for each plan, one tab after the other, and jobs run in between if asked. */
async function tabs(w: BillingWorld, plans: string[], betweenTabs: () => Promise<void> = async () => {}) {
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  const sessions: string[] = []
  for (const plan of plans) {
    w.clock.advance(1000)
    await alice.post("/checkout", { plan, organization: "acme" })
    const row = await db().checkout.findFirstOrThrow({ where: { plan, state: "open" } })
    sessions.push(row.stripeSessionId ?? "")
    await betweenTabs()
  }
  return { alice, sessions }
}

const states = async () =>
  (await db().checkout.findMany({ orderBy: { id: "asc" } })).map(({ plan, state }) => `${plan} ${state}`)

test("[B1] opening a payment page for another plan closes the older one, and the newest can be paid", async () => {
  const w = await world()
  const { alice, sessions } = await tabs(w, ["starter", "professional"], w.settle)
  expect(await states()).toEqual(["starter abandoned", "professional open"])
  await expect(w.stripe.completeCheckout({ session: sessions[0] })).rejects.toThrow("expired")
  await alice.post("/checkout", { plan: "starter", organization: "acme" })
  const { session } = await w.stripe.completeCheckout({
    session:
      (await db().checkout.findFirstOrThrow({ where: { plan: "starter", state: "open" } })).stripeSessionId ??
      "",
  })
  expect(session.id).not.toBe(sessions[0])
})

test("[B1] a paid plan closes the payment pages that are still open for the organisation", async () => {
  const w = await world()
  const { sessions } = await tabs(w, ["starter", "professional"])
  await w.stripe.completeCheckout({ session: sessions[0] })
  await w.arrive()
  expect(await states()).toEqual(["starter provisioned", "professional abandoned"])
  await expect(w.stripe.completeCheckout({ session: sessions[1] })).rejects.toThrow("expired")
  expect(await db().subscription.count()).toBe(1)
})

test("[B1] a stranger's payment page is nobody's rival", async () => {
  const w = await world()
  await w.browser().post("/checkout", { plan: "starter", email: "dora@example.test", businessName: "Dora" })
  const { sessions } = await tabs(w, ["professional"])
  await w.stripe.completeCheckout({ session: sessions[0] })
  await w.arrive()
  expect(await states()).toEqual(["starter open", "professional provisioned"])
})

test("[B2] two pages paid at the same moment: both plans are kept, and the owners are told what to do", async () => {
  const w = await world()
  w.settings({ SUPPORT_EMAIL: "help@gatehouse.test" })
  const { alice, sessions } = await tabs(w, ["starter", "professional"])
  for (const session of sessions) await w.stripe.completeCheckout({ session })
  await w.arrive()
  expect(await states()).toEqual(["starter provisioned", "professional provisioned"])
  const page = await alice.get("/o/acme/billing")
  for (const words of [
    "pays for more than one plan",
    "Starter (monthly) and Professional (monthly) go on side by side",
    "End Starter (monthly)",
    "help@gatehouse.test",
  ]) {
    expect(textOf(page.body)).toContain(words)
  }
  for (const { id, plan } of await db().subscription.findMany()) {
    const opened = await alice.post("/o/acme/billing/portal", { subscription: id })
    const portal = await (await fetch(opened.location ?? "")).text()
    expect(portal).toContain(plan === "starter" ? "$29.00" : "$79.00")
  }
  const spare = await db().subscription.findFirstOrThrow({ where: { plan: "starter" } })
  await w.stripe.cancel({ subscription: spare.stripeSubscriptionId, when: "portal" })
  const amir = w.browser()
  await signIn(w, amir, "amir@acme.test")
  expect((await amir.get("/o/acme/billing")).body).not.toContain("more than one plan")
  await w.arrive()
  expect((await alice.get("/o/acme/billing")).body).not.toContain("more than one plan")
})

test("[B2] nobody opens the portal for another organisation's subscription", async () => {
  const w = await world()
  const { alice, sessions } = await tabs(w, ["starter"])
  await w.stripe.completeCheckout({ session: sessions[0] })
  await w.arrive()
  const { id } = await db().subscription.findFirstOrThrow()
  await db().subscription.update({ where: { id }, data: { organizationId: w.cast.birch.id } })
  const opened = await alice.post("/o/acme/billing/portal", { subscription: id })
  expect(opened.location).toBe("/o/acme/billing")
})
