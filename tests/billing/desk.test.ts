import { expect, test } from "vitest"
import { reconcile } from "~/domain/billing/reconciliation.server"
import { warnOfHalfSetUpStripe } from "~/domain/billing/stripe-state.server"
import { db } from "~/platform/db.server"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

async function operator(w: BillingWorld) {
  const olive = w.browser()
  await signIn(w, olive, "olive@gatehouse.test")
  return {
    post: olive.post.bind(olive),
    read: async (path: string) => textOf((await olive.get(path)).body),
  }
}

test("[B4] the desk leaves out what concerns nothing here, unless asked for", async () => {
  const w = await world()
  for (const [id, state] of [
    ["evt_done", "done"],
    ["evt_none", "ignored"],
    ["evt_dead", "dead"],
  ] as const) {
    const at = new Date()
    await db().stripeEvent.create({
      data: {
        id,
        state,
        type: "invoice.paid",
        objectId: `in_${state}`,
        livemode: false,
        source: "webhook",
        createdAt: at,
        receivedAt: at,
      },
    })
  }
  const olive = await operator(w)
  const usual = await olive.read("/admin/billing")
  expect(usual).toContain("All but ignored (2)")
  expect(usual).toContain("in_done")
  expect(usual).not.toContain("in_ignored")
  expect(await olive.read("/admin/billing?state=ignored")).toContain("in_ignored")
  expect(await olive.read("/admin/billing?state=all")).toContain("in_ignored")
  const replay = { intent: "replay", eventId: "evt_dead" }
  expect((await olive.post("/admin/billing?state=dead", replay)).location).toBe("/admin/billing?state=dead")
  await db().job.deleteMany()
})

test("[B6] the operator reads how far billing is set up, and what the last comparison came to", async () => {
  const w = await world()
  const olive = await operator(w)
  const first = await olive.read("/admin/billing")
  for (const words of ["Local stand-in", "Open", "None yet; it runs every night"]) {
    expect(first).toContain(words)
  }
  await w.purchase(w.browser())
  await w.arrive()
  await reconcile()
  expect(await olive.read("/admin/billing")).toContain("1 row compared, 0 repaired, 0 failed")
  w.settings({ STRIPE_WEBHOOK_SECRET: "" })
  for (const path of ["/admin", "/admin/billing"]) {
    expect(await olive.read(path)).toContain("Closed until STRIPE_WEBHOOK_SECRET is set")
  }
  w.settings({ STRIPE_API_URL: "", STRIPE_SECRET_KEY: "sk_test_1234567890" })
  expect(await olive.read("/admin")).toContain("Test mode")
  w.settings({ STRIPE_API_URL: "", STRIPE_SECRET_KEY: "" })
  expect(await olive.read("/admin")).toContain("Not set up: nothing can be bought")
})

test("[B4] a key without a webhook secret is said at the start", async () => {
  const w = await world()
  warnOfHalfSetUpStripe()
  expect(w.log.records).toEqual([])
  w.settings({ STRIPE_WEBHOOK_SECRET: "" })
  warnOfHalfSetUpStripe()
  expect(w.log.records.map(record => record.msg).join()).toContain("STRIPE_WEBHOOK_SECRET is empty")
})
