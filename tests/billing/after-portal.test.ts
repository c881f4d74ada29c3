import { expect, test, vi } from "vitest"
import { db } from "~/platform/db.server"
import { atStripe, sellPlan } from "../support/plan"
import { setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

vi.setConfig({ testTimeout: 60_000 })

const world = setUpBillingWorld()
const billing = "/o/acme/billing"

test("[B10] back from the portal the page shows what was done there, before any event tells of it", async () => {
  const w = await world()
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  const browser = await enter(w.browser(), alice)
  const opened = await browser.post(`${billing}/portal`)
  const portal = await (await fetch(opened.location ?? "")).text()
  const back = /href="([^"]*from=portal)"/.exec(portal)?.[1] ?? ""
  expect(browser.inside(back)).toBe(`${billing}?from=portal`)
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "portal" })
  expect((await browser.get(billing)).body).not.toContain("set to end")
  const came = await browser.get(browser.inside(back))
  expect([came.status, came.location]).toEqual([302, billing])
  expect((await browser.get(billing)).body).toContain("The plan is set to end")
})

test("[B10] with Stripe away the way back from the portal is short, and for others it asks nothing", async () => {
  const w = await world()
  const { acme, alice, amir } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "portal" })
  const admin = await enter(w.browser(), amir)
  expect((await admin.get(`${billing}?from=portal`)).location).toBe(billing)
  const row = () => db().subscription.findUniqueOrThrow({ where: { id: subscription.id } })
  expect((await row()).cancelAt).toBeNull()
  const owner = await enter(w.browser(), alice)
  await w.stripe.fault({ kind: "hang", times: null })
  const from = performance.now()
  expect((await owner.get(`${billing}?from=portal`)).location).toBe(billing)
  expect(performance.now() - from).toBeLessThan(5_000)
  await w.stripe.clearFaults()
  expect((await atStripe(w, subscription)).status).toBe("active")
})
