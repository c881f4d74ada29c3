import { beforeEach, expect, test } from "vitest"
import { syncCatalogue } from "~/domain/billing/catalogue-sync.server"
import {
  forgetPortalConfiguration,
  portalConfigurationId,
} from "~/domain/billing/portal-configuration.server"
import { stripe } from "~/platform/stripe.server"
import { minutes } from "../support/clock"
import { setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
beforeEach(forgetPortalConfiguration)

async function aliceWithPlan() {
  const w = await world()
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  await alice.post("/checkout", { plan: "professional", organization: "acme" })
  await w.stripe.completeCheckout()
  await w.arrive()
  const portal = async () => {
    const { location } = await alice.post("/o/acme/billing/portal")
    return (await fetch(location ?? "")).text()
  }
  return { w, alice, portal }
}

const quiet = { checkOnly: false, tell: () => {}, tellSecret: () => {} }

test("[B13] the portal opens as stripe:sync set it up, and as the account has it where that never ran", async () => {
  const { w, portal } = await aliceWithPlan()
  expect(await portal()).toContain("Change plan")
  await syncCatalogue(quiet)
  w.clock.advance(minutes(11))
  const ours = (await portalConfigurationId()) ?? ""
  expect(ours).toMatch(/^bpc_/)
  await stripe().billingPortal.configurations.update(ours, {
    features: { subscription_update: { enabled: false } },
  })
  expect(await portal()).not.toContain("Change plan")
})

test("[B13] a configuration that was switched off costs one try, and the next one opens without it", async () => {
  const { w, portal, alice } = await aliceWithPlan()
  await portal()
  forgetPortalConfiguration()
  await syncCatalogue(quiet)
  const ours = (await portalConfigurationId()) ?? ""
  expect(ours).toMatch(/^bpc_/)
  await stripe().billingPortal.configurations.update(ours, { active: false })
  expect((await alice.post("/o/acme/billing/portal")).location).toBe("/o/acme/billing")
  expect(await portal()).toContain("Change plan")
  expect(await portalConfigurationId()).toBeUndefined()
  await syncCatalogue(quiet)
  w.clock.advance(minutes(11))
  expect(await portalConfigurationId()).toBe(ours)
})
