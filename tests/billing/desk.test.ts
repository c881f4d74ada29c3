import { expect, test } from "vitest"
import { reconcile } from "~/domain/billing/reconciliation.server"
import { warnOfHalfSetUpStripe } from "~/domain/billing/stripe-state.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { db } from "~/platform/db.server"
import { hours, minutes } from "../support/clock"
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

type Told = {
  id: string
  state: string
  type?: string
  objectId?: string
  organizationId?: string
  receivedAt?: Date
}

async function told({ id, state, ...event }: Told): Promise<void> {
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
      ...event,
    },
  })
}

test("[B4] the desk leaves out what concerns nothing here, unless asked for", async () => {
  const w = await world()
  for (const [id, state] of [
    ["evt_done", "done"],
    ["evt_none", "ignored"],
    ["evt_dead", "dead"],
  ] as const) {
    await told({ id, state })
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

test("[D1] the operator finds events by type, organisation and object", async () => {
  const w = await world()
  const { id: organizationId } = w.cast.acme
  await told({ id: "evt_a", state: "done", objectId: "sub_of_acme", organizationId })
  await told({ id: "evt_b", state: "done", objectId: "cus_other", type: "customer.deleted" })
  await told({ id: "evt_c", state: "ignored", objectId: "pi_none", type: "payment_intent.created" })
  const olive = await operator(w)
  const found = async (query: string) => {
    const page = await olive.read(`/admin/billing?state=all&${query}`)
    return ["sub_of_acme", "cus_other", "pi_none"].filter(object => page.includes(`>${object}<`))
  }
  expect(await found("")).toHaveLength(3)
  expect(await found("type=invoice.paid")).toEqual(["sub_of_acme"])
  expect(await found("type=payment_intent")).toEqual(["pi_none"])
  for (const acme of [organizationId, "acme", "/o/Acme"]) {
    expect(await found(`organization=${encodeURIComponent(acme)}`)).toEqual(["sub_of_acme"])
  }
  expect(await found("organization=nobody")).toEqual([])
  expect(await found("object=evt_b")).toEqual(["cus_other"])
  expect(await found("object=cus_other")).toEqual(["cus_other"])
  expect(await found("object=cus_other&type=invoice.paid")).toEqual([])
  expect(await olive.read("/admin/billing?type=customer.deleted")).toContain("All but ignored (1)")
})

test("[D1] what brought nothing new is folded away, counted, and there when it is asked for", async () => {
  const w = await world()
  const { id: organizationId } = w.cast.acme
  await told({ id: "evt_news", state: "done", objectId: "sub_news", organizationId })
  await told({ id: "evt_wait", state: "received", objectId: "sub_wait", organizationId })
  for (const [id, effect] of [
    ["evt_same", "nothing new"],
    ["evt_changed", "subscription past_due: status, currentPeriodEnd"],
    ["evt_bought", "provisioned acme"],
  ]) {
    await told({ id: `${id}`, state: "done", objectId: `sub_${id}`, organizationId })
    await db().stripeEvent.update({ where: { id }, data: { effect } })
  }
  const olive = await operator(w)
  const usual = await olive.read("/admin/billing")
  for (const words of ["sub_news", "sub_wait", "1 more event brought nothing new."]) {
    expect(usual).toContain(words)
  }
  expect(usual).toContain("Plan: payment overdue. Changed: status, period ends.")
  expect(usual).toContain("Set up /o/acme")
  expect(usual).not.toContain("past_due")
  expect(usual).not.toContain("sub_evt_same")
  const all = await olive.read("/admin/billing?quiet=show")
  expect(all).toContain("sub_evt_same")
  expect(all).toContain("Leave out what brought nothing new")
  expect(await olive.read("/admin/billing?object=evt_same")).toContain("sub_evt_same")
  const why = await olive.read(`/admin/organizations/${organizationId}/billing`)
  expect(why).not.toContain("sub_evt_same")
  expect(why).toContain(`/admin/billing?organization=${organizationId}&amp;state=all&amp;quiet=show`)
  await db().stripeEvent.deleteMany({ where: { id: { not: "evt_same" } } })
  expect(await olive.read("/admin/billing")).toContain("Nothing new</h2>")
})

test("[D1] a long ledger is read page by page, and keeps what it is narrowed to", async () => {
  const w = await world()
  for (let i = 0; i < 60; i += 1) {
    await told({
      id: `evt_${i}`,
      state: i % 2 ? "done" : "dead",
      objectId: `in_number_${i}_`,
      receivedAt: new Date(Date.now() - i * 1000),
    })
  }
  const olive = await operator(w)
  const numbers = (page: string) =>
    [...page.matchAll(/<code>in_number_(\d+)_</g)].map(match => Number(match[1]))
  const first = await olive.read("/admin/billing?type=invoice.paid")
  expect(numbers(first)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  const [link = ""] = /<a [^>]*rel="next"[^>]*>/.exec(first) ?? []
  const [, next = ""] = /href="([^"]+)"/.exec(link) ?? []
  expect(next).toContain("type=invoice.paid")
  const second = await olive.read(next.replaceAll("&amp;", "&"))
  expect(numbers(second)).toEqual(Array.from({ length: 10 }, (_, i) => i + 50))
})

test("[B4] everything given up is replayed at once, and the alert goes with it", async () => {
  const w = await world()
  const olive = await operator(w)
  w.expectErrors()
  await w.purchase(w.browser())
  await w.stripe.fault({ kind: "500", times: null, path: "/v1/" })
  await w.arrive()
  for (let i = 0; i < 9; i += 1) {
    w.clock.advance(hours(1))
    await w.settle()
  }
  const dead = await db().stripeEvent.count({ where: { state: "dead" } })
  expect(dead).toBeGreaterThan(1)
  expect((await listAlerts()).map(({ title }) => title)).toEqual([
    `${dead} events of Stripe’s could not be handled`,
  ])
  expect(await olive.read("/admin/billing?state=dead")).toContain("Replay all given up")
  await w.stripe.clearFaults()
  const answer = await olive.post("/admin/billing?state=dead", { intent: "replay-all" })
  expect(answer.location).toBe("/admin/billing?state=dead")
  await w.settle()
  expect(await db().stripeEvent.count({ where: { state: { notIn: ["done", "ignored"] } } })).toBe(0)
  expect(await db().organization.count({ where: { name: "Dora & Daughters" } })).toBe(1)
  expect(await listAlerts()).toEqual([])
  expect(await olive.read("/admin/billing")).not.toContain("Replay all given up")
}, 60_000)

test("[D3] the operator reads what a comparison found, whose it was, and what stands", async () => {
  const w = await world()
  const olive = await operator(w)
  await w.purchase(w.browser())
  await w.arrive()
  const { stripeSubscriptionId: id } = await db().subscription.findFirstOrThrow()
  expect(await olive.read("/admin/billing/drift")).toContain("No difference")
  await w.stripe.cancel({ subscription: id, when: "now" })
  await w.stripe.advance({ seconds: minutes(11) / 1000 })
  w.clock.advance(minutes(11))
  await reconcile()
  const found = await olive.read("/admin/billing/drift")
  for (const words of ["Dora &amp; Daughters", id, "Status", ">Active<", ">Ended<", "Repaired"]) {
    expect(found).toContain(words)
  }
  expect(await olive.read("/admin/billing/drift?show=standing")).toContain("No difference")
  await db().driftFinding.updateMany({ data: { repaired: false } })
  expect(await olive.read("/admin/billing/drift?show=standing")).toContain("Stands")
})

test("[D1] nobody but an operator reads the differences", async () => {
  const w = await world()
  const bob = w.browser()
  expect((await bob.get("/admin/billing/drift")).status).toBe(302)
  await signIn(w, bob, "bob@acme.test")
  expect((await bob.get("/admin/billing/drift")).location).toBe("/")
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
