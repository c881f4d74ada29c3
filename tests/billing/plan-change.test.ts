import { expect, test } from "vitest"
import { changePlan } from "~/domain/billing/change-plan.server"
import { previewPlan } from "~/domain/billing/plan-preview.server"
import type { Interval, PlanId } from "~/domain/billing/plans"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { stripe } from "~/platform/stripe.server"
import { hiddenField } from "../support/browser"
import { minutes } from "../support/clock"
import { member, requester } from "../support/membership"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")
const confirmation = (plan: string, interval = "month") =>
  `/o/acme/billing/plan/confirmation?plan=${plan}&interval=${interval}`

async function acmeHasPlan(w: BillingWorld) {
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  return { subscription, alice: await enter(w.browser(), alice), membership: await member(alice, "acme") }
}

const rowOf = (id: string) => db().subscription.findUniqueOrThrow({ where: { id } })

async function offered(
  membership: Awaited<ReturnType<typeof member>>,
  plan: PlanId,
  interval: Interval = "month",
) {
  const preview = await previewPlan(membership, { plan, interval })
  if (!preview.ok) throw new Error(preview.error)
  return preview.value
}

test("[B10] what the preview says is what is charged, at once and once, and the page shows it without any event", async () => {
  const w = await world()
  const { subscription, alice, membership } = await acmeHasPlan(w)
  await w.stripe.advance({ days: 10 })
  w.clock.advance(10 * 24 * 60 * 60 * 1000)
  const owner = await enter(w.browser(), w.cast.alice)
  const preview = await offered(membership, "enterprise")
  expect(preview.dueNow).toBeGreaterThan(7_500)
  expect(preview.dueNow).toBeLessThan(9_000)
  const choice = textOf((await owner.get("/o/acme/billing/plan")).body)
  for (const words of ["Professional, as now", "Enterprise", "See what it costs"])
    expect(choice).toContain(words)
  const page = await owner.get(confirmation("enterprise"))
  expect(textOf(page.body)).toMatch(/Pay\s*<span[^>]*>\$8\d\.\d\d<\/span>\s*and change/)
  const offer = hiddenField(page.body, "offer")
  const [done, again] = await Promise.all([
    owner.post(confirmation("enterprise"), { offer }),
    owner.post(confirmation("enterprise"), { offer }),
  ])
  expect([done.status, done.location, again.status]).toEqual([303, "/o/acme/billing", 303])
  expect(await rowOf(subscription.id)).toMatchObject({
    plan: "enterprise",
    interval: "month",
    status: "active",
  })
  const invoices = await stripe().invoices.list({ subscription: subscription.stripeSubscriptionId })
  expect(invoices.data.map(invoice => invoice.status)).toEqual(["paid", "paid"])
  const shown = /Pay\s*<span[^>]*>\$(\d+\.\d\d)<\/span>/.exec(textOf(page.body))?.[1]
  expect((invoices.data[0]?.amount_paid ?? 0) / 100).toBe(Number(shown))
  expect(await db().invoice.count({ where: { organizationId: w.cast.acme.id } })).toBe(2)
  const acts = await db().auditEntry.findMany({ where: { act: "billing.plan_changed" } })
  expect(acts.map(line => line.actorUserId)).toEqual([w.cast.alice.id])
  const after = await rowOf(subscription.id)
  await w.arrive()
  expect({ ...(await rowOf(subscription.id)), syncedAt: null }).toEqual({ ...after, syncedAt: null })
  expect((await alice.get(confirmation("enterprise"))).location).toBe("/o/acme/billing/plan")
})

test("[B10] monthly becomes yearly: charged at once, the period begins anew", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  const page = await alice.get(confirmation("professional", "year"))
  expect(textOf(page.body)).toContain("a year, before tax and discounts")
  await alice.post(confirmation("professional", "year"), { offer: hiddenField(page.body, "offer") })
  const row = await rowOf(subscription.id)
  expect(row).toMatchObject({ plan: "professional", interval: "year" })
  const days = (Number(row.currentPeriodEnd) - Date.now()) / 86_400_000
  expect(days).toBeGreaterThan(360)
})

test("[B10] yearly becomes monthly: the next payment is in a month", async () => {
  const w = await world()
  const { subscription, membership } = await acmeHasPlan(w)
  const yearly = await offered(membership, "professional", "year")
  expect((await changePlan(membership, yearly.offer, requester)).ok).toBe(true)
  const monthly = await offered(membership, "professional", "month")
  const days = (Number(monthly.nextAt) - Date.now()) / 86_400_000
  expect(days).toBeGreaterThan(27)
  expect(days).toBeLessThan(32)
  expect((await changePlan(membership, monthly.offer, requester)).ok).toBe(true)
  expect((await rowOf(subscription.id)).currentPeriodEnd).toEqual(monthly.nextAt)
})

test("[B10] a smaller plan gives a credit, and is charged nothing", async () => {
  const w = await world()
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const preview = await offered(membership, "starter")
  expect(preview).toMatchObject({ dueNow: 0 })
  expect(preview.credit).toBeGreaterThan(4_900)
  const page = await alice.get(confirmation("starter"))
  expect(textOf(page.body)).toContain("used for the next invoices")
  await alice.post(confirmation("starter"), { offer: hiddenField(page.body, "offer") })
  expect((await rowOf(subscription.id)).plan).toBe("starter")
})

test("[B11] a plan with fewer seats than members is explained with the numbers, takes nobody out and lets nobody in", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const at = new Date()
  const people = Array.from({ length: 52 }, (_, i) => ({
    id: newId(),
    email: `p${i}@acme.test`,
    emailTyped: `p${i}@acme.test`,
    provenAt: at,
    createdAt: at,
    updatedAt: at,
  }))
  await db().user.createMany({ data: people })
  const organizationId = w.cast.acme.id
  const role = { organizationId, role: "member", createdAt: at, lastUsedAt: at }
  await db().membership.createMany({
    data: people.map(({ id: userId }) => ({ id: newId(), userId, ...role })),
  })
  const page = await alice.get(confirmation("starter"))
  expect(textOf(page.body)).toContain("Starter has 50 seats")
  expect(textOf(page.body)).toContain("You are 55 members, 5 more than that. Everybody stays")
  await alice.post(confirmation("starter"), { offer: hiddenField(page.body, "offer") })
  expect(await db().membership.count({ where: { organizationId } })).toBe(55)
  const invited = await alice.post("/o/acme/invitations", { addresses: "new@acme.test", role: "member" })
  expect(textOf(invited.body)).toContain("50 seats")
  expect(await db().invitation.count({ where: { organizationId, email: "new@acme.test" } })).toBe(0)
})

test("[B10] a declined card changes nothing, says so with the way to mend it, and a later try goes through", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  const customer = subscription.stripeCustomerId
  await w.stripe.setCard({ customer, works: false })
  const page = await alice.get(confirmation("enterprise"))
  const refused = await alice.post(confirmation("enterprise"), { offer: hiddenField(page.body, "offer") })
  expect(refused.status).toBe(402)
  expect(textOf(refused.body)).toContain("The payment was declined")
  expect(textOf(refused.body)).toContain("Update the way of paying")
  expect(textOf(refused.body)).toContain('name="offer"')
  expect((await rowOf(subscription.id)).plan).toBe("professional")
  const portal = await alice.post("/o/acme/billing/portal", { flow: "payment_method" })
  expect(portal.status).toBe(303)
  expect(portal.location).toMatch(new RegExp(`^${w.stripe.url}/`))
  await w.stripe.setCard({ customer, works: true })
  w.clock.advance(minutes(1))
  const again = await alice.get(confirmation("enterprise"))
  await alice.post(confirmation("enterprise"), { offer: hiddenField(again.body, "offer") })
  expect((await rowOf(subscription.id)).plan).toBe("enterprise")
})

test("[B10] a card the bank wants confirmed changes nothing here, and leads to the portal's page for the plan", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  await w.stripe.cardAsks({ customer: subscription.stripeCustomerId })
  const page = await alice.get(confirmation("enterprise"))
  const refused = await alice.post(confirmation("enterprise"), { offer: hiddenField(page.body, "offer") })
  const words = textOf(refused.body)
  expect([refused.status, words.includes("Your bank wants this payment confirmed")]).toEqual([402, true])
  expect(words).not.toContain("declined")
  expect((await rowOf(subscription.id)).plan).toBe("professional")
  expect(hiddenField(words, "flow")).toBe("plan")
  const portal = await alice.post("/o/acme/billing/portal", { flow: "plan" })
  expect([portal.status, portal.location?.startsWith(w.stripe.url)]).toEqual([303, true])
  expect(await (await fetch(portal.location ?? "")).text()).toContain("Enterprise")
})

test("[B10] an offer older than a quarter of an hour, of another organisation, made up, or of a plan that changed since is not taken", async () => {
  const w = await world()
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const { offer } = await offered(membership, "enterprise")
  const charlie = await member(w.cast.charlie, "birch")
  expect(await changePlan(charlie, offer, requester)).toEqual({ ok: false, error: "stale" })
  const [body = "", seal = ""] = offer.split(".")
  const forged = Buffer.from(body, "base64url").toString().replace("enterprise", "starter")
  for (const made of ["", "x", `${body}.`, `${Buffer.from(forged).toString("base64url")}.${seal}`]) {
    expect(await changePlan(membership, made, requester)).toEqual({ ok: false, error: "stale" })
  }
  w.clock.advance(minutes(16))
  expect(await changePlan(membership, offer, requester)).toEqual({ ok: false, error: "stale" })
  const page = await alice.post(confirmation("enterprise"), { offer })
  expect(page.status).toBe(409)
  expect(textOf(page.body)).toContain("here is how it stands")
  const other = await offered(membership, "enterprise")
  const first = await offered(membership, "starter")
  expect((await changePlan(membership, first.offer, requester)).ok).toBe(true)
  expect(await changePlan(membership, other.offer, requester)).toEqual({ ok: false, error: "stale" })
  expect((await rowOf(subscription.id)).plan).toBe("starter")
})

test.each([{ TRIAL_DAYS: "" }, { TRIAL_DAYS: "14" }])(
  "[B10] an offer that was taken is spent, also when the plan is back where it was (%o)",
  async settings => {
    const w = await world()
    w.settings(settings)
    const { subscription, membership } = await acmeHasPlan(w)
    const atStripe = async () =>
      (await stripe().subscriptions.retrieve(subscription.stripeSubscriptionId)).items.data[0]?.price
        .lookup_key
    const up = await offered(membership, "enterprise")
    expect((await changePlan(membership, up.offer, requester)).ok).toBe(true)
    expect((await changePlan(membership, up.offer, requester)).ok).toBe(true)
    const down = await offered(membership, "professional")
    expect((await changePlan(membership, down.offer, requester)).ok).toBe(true)
    await w.arrive()
    const invoices = await db().invoice.count()
    expect(await changePlan(membership, up.offer, requester)).toEqual({ ok: false, error: "stale" })
    expect(await rowOf(subscription.id)).toMatchObject({ plan: "professional" })
    expect(await atStripe()).toBe("gatehouse_professional_monthly")
    expect(await db().invoice.count()).toBe(invoices)
    const again = await offered(membership, "enterprise")
    expect((await changePlan(membership, again.offer, requester)).ok).toBe(true)
    expect([(await rowOf(subscription.id)).plan, await atStripe()]).toEqual([
      "enterprise",
      "gatehouse_enterprise_monthly",
    ])
  },
)

test("[B10] who cannot change the plan now is told what comes first", async () => {
  const w = await world()
  const owner = await enter(w.browser(), w.cast.alice)
  expect(textOf((await owner.get("/o/acme/billing/plan")).body)).toContain("There is no plan to change")
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const { offer } = await offered(membership, "enterprise")
  await w.stripe.cancel({ subscription: subscription.stripeSubscriptionId, when: "period_end" })
  await w.arrive()
  expect(textOf((await alice.get("/o/acme/billing/plan")).body)).toContain("Keep it first")
  expect(await changePlan(membership, offer, requester)).toEqual({ ok: false, error: "ending" })
  expect((await alice.get("/o/acme/billing/plan/confirmation?plan=gold")).location).toBe(
    "/o/acme/billing/plan",
  )
})

test("[B10] admins and members get 403, strangers 404; while Stripe is away the page says so and nothing changes", async () => {
  const w = await world()
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const { offer } = await offered(membership, "enterprise")
  for (const [person, status] of [
    [w.cast.amir, 403],
    [w.cast.bob, 403],
    [w.cast.charlie, 404],
  ] as const) {
    const browser = await enter(w.browser(), person)
    for (const page of ["/o/acme/billing/plan", confirmation("enterprise")])
      expect((await browser.get(page)).status, person.email).toBe(status)
    expect((await browser.post(confirmation("enterprise"), { offer })).status).toBe(status)
  }
  await w.stripe.fault({ kind: "reset", times: null })
  const away = await alice.get(confirmation("enterprise"))
  expect([away.status, textOf(away.body).includes("cannot be worked out at the moment")]).toEqual([503, true])
  const posted = await alice.post(confirmation("enterprise"), { offer })
  expect(posted.status).toBe(503)
  expect(textOf(posted.body)).toContain("The plan was not changed")
  expect((await rowOf(subscription.id)).plan).toBe("professional")
})

const changesAtStripe = { path: "/v1/subscriptions", method: "POST" }

test("[B10] when Stripe breaks off in the middle of a change, it is asked what became of it", async () => {
  const w = await world()
  const { subscription, alice } = await acmeHasPlan(w)
  const page = await alice.get(confirmation("enterprise"))
  await w.stripe.fault({ kind: "reset", times: 1, after: true, ...changesAtStripe })
  const posted = await alice.post(confirmation("enterprise"), { offer: hiddenField(page.body, "offer") })
  expect([posted.status, posted.location]).toEqual([303, "/o/acme/billing"])
  expect((await rowOf(subscription.id)).plan).toBe("enterprise")
  const acts = await db().auditEntry.findMany({ where: { act: "billing.plan_changed" } })
  expect(acts.map(line => line.actorUserId)).toEqual([w.cast.alice.id])
})

test("[B10] when Stripe goes silent in the middle of a change, that is said, and it is asked again by itself", async () => {
  const w = await world()
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const { offer } = await offered(membership, "enterprise")
  await w.stripe.fault({ kind: "reset", times: 1, after: true, ...changesAtStripe })
  await w.stripe.fault({ kind: "reset", times: null, skip: 1, path: "/v1/subscriptions", method: "GET" })
  const posted = await alice.post(confirmation("enterprise"), { offer })
  expect(posted.status).toBe(503)
  expect(textOf(posted.body)).toContain("Nobody knows yet")
  const [wish] = await db().auditEntry.findMany({ where: { act: "billing.plan_change_asked" } })
  expect(wish).toMatchObject({ actorUserId: w.cast.alice.id, target: subscription.stripeSubscriptionId })
  const log = await alice.get("/o/acme/audit")
  expect(textOf(log.body)).toContain(
    "Asked to change the plan from Professional, paid by the month, to Enterprise",
  )
  expect((await rowOf(subscription.id)).plan).toBe("professional")
  await w.stripe.clearFaults()
  w.clock.advance(minutes(2))
  await w.settle()
  expect((await rowOf(subscription.id)).plan).toBe("enterprise")
})

test("[B10] a plan that Stripe has changed unheard is looked up before a price is named", async () => {
  const w = await world()
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const id = subscription.stripeSubscriptionId
  const [item] = (await stripe().subscriptions.retrieve(id)).items.data
  const prices = await stripe().prices.list({ lookup_keys: ["gatehouse_enterprise_monthly"] })
  await stripe().subscriptions.update(id, {
    items: [{ id: item?.id ?? "", price: prices.data[0]?.id ?? "" }],
  })
  expect(await offered(membership, "starter")).toMatchObject({
    from: { plan: "enterprise", interval: "month" },
    to: { plan: "starter" },
  })
  expect((await rowOf(subscription.id)).plan).toBe("enterprise")
  await db().subscription.update({
    where: { id: subscription.id },
    data: { stripePriceId: subscription.stripePriceId, plan: "professional" },
  })
  const same = await previewPlan(membership, { plan: "enterprise", interval: "month" })
  expect(same).toEqual({ ok: false, error: "same" })
  expect((await alice.get(confirmation("starter"))).status).toBe(200)
})

test("[B12] a plan changed during its trial stays on trial and costs nothing now", async () => {
  const w = await world()
  w.settings({ TRIAL_DAYS: "14" })
  const { subscription, alice, membership } = await acmeHasPlan(w)
  expect(subscription.status).toBe("trialing")
  expect(await offered(membership, "enterprise")).toMatchObject({ dueNow: 0, trial: true })
  const page = await alice.get(confirmation("enterprise"))
  expect(textOf(page.body)).toContain("The trial goes on")
  await alice.post(confirmation("enterprise"), { offer: hiddenField(page.body, "offer") })
  expect(await rowOf(subscription.id)).toMatchObject({ plan: "enterprise", status: "trialing" })
})

test.each([
  ["enterprise", "month"],
  ["professional", "year"],
] as const)("[B12] during a trial nothing is due now for %s by the %s", async (plan, interval) => {
  const w = await world()
  w.settings({ TRIAL_DAYS: "14" })
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const preview = await offered(membership, plan, interval)
  const { trialEnd } = subscription
  expect(preview).toMatchObject({ dueNow: 0, taxNow: 0, credit: 0, trial: true, nextAt: trialEnd })
  const page = await alice.get(confirmation(plan, interval))
  const words = textOf(page.body).replace(/<[^>]+>/g, " ")
  expect(words).toContain("The trial goes on, and the new plan is charged when it is over.")
  expect(words).toMatch(/Due now\s+\$0/)
  expect(words).not.toContain("and change")
  await alice.post(confirmation(plan, interval), { offer: hiddenField(page.body, "offer") })
  expect(await rowOf(subscription.id)).toMatchObject({ plan, interval, status: "trialing", trialEnd })
  const invoices = await stripe().invoices.list({ subscription: subscription.stripeSubscriptionId })
  expect(invoices.data.map(invoice => invoice.amount_paid)).toEqual([0])
})

async function pauseAtStripe(w: BillingWorld, id: string) {
  const answer = await fetch(`${w.stripe.url}/v1/subscriptions/${id}/pause`, {
    method: "POST",
    headers: { Authorization: `Bearer ${w.stripe.secretKey}` },
    body: new URLSearchParams({ type: "subscription" }),
  })
  expect(answer.status).toBe(200)
}

const month = 31 * 24 * 60 * 60

const unheard: [
  string,
  string,
  (w: BillingWorld, at: { id: string; customer: string }) => Promise<unknown>,
][] = [
  ["ending", "ended in the portal", (w, { id }) => w.stripe.cancel({ subscription: id, when: "portal" })],
  ["ending", "ended by its flag", (w, { id }) => w.stripe.cancel({ subscription: id, when: "period_end" })],
  ["paused", "paused", (w, { id }) => pauseAtStripe(w, id)],
  [
    "unpaid",
    "left unpaid",
    async (w, { customer }) => {
      await w.stripe.setCard({ customer, works: false })
      await w.stripe.advance({ seconds: month + 2 * 60 * 60 })
    },
  ],
]

test.each(unheard)("[B10] %s: a plan %s unheard is neither reckoned nor charged", async (why, _, happens) => {
  const w = await world()
  const { acme, alice } = w.cast
  const { id, ...row } = await sellPlan(w, { organization: acme, owner: alice, plan: "enterprise" })
  const membership = await member(alice, "acme")
  const yearly = await offered(membership, "enterprise", "year")
  const smaller = await offered(membership, "starter")
  await happens(w, { id: row.stripeSubscriptionId, customer: row.stripeCustomerId })
  const bills = async () => {
    const { data } = await stripe().invoices.list({ subscription: row.stripeSubscriptionId })
    return data.map(invoice => [invoice.id, invoice.total])
  }
  const before = await bills()
  expect(await changePlan(membership, smaller.offer, requester)).toEqual({ ok: false, error: why })
  const heard = await rowOf(id)
  await db().subscription.update({
    where: { id },
    data: { status: "active", cancelAt: null, pastDueSince: null, paymentTrouble: null },
  })
  expect(await previewPlan(membership, { plan: "starter", interval: "month" })).toEqual({
    ok: false,
    error: why,
  })
  expect(await changePlan(membership, yearly.offer, requester)).toEqual({ ok: false, error: why })
  expect(await bills()).toEqual(before)
  const { status, cancelAt, plan } = await rowOf(id)
  expect({ status, cancelAt, plan }).toEqual({
    status: heard.status,
    cancelAt: heard.cancelAt,
    plan: "enterprise",
  })
})

test("[B10] while the operator sets a plan's payments aside at Stripe, no change is offered, and none that was", async () => {
  const w = await world()
  const { subscription, alice, membership } = await acmeHasPlan(w)
  const id = subscription.stripeSubscriptionId
  const { offer } = await offered(membership, "enterprise")
  await stripe().subscriptions.update(id, { pause_collection: { behavior: "void" } })
  expect(await changePlan(membership, offer, requester)).toEqual({ ok: false, error: "stale" })
  const away = await alice.get(confirmation("enterprise"))
  expect(away.location).toBe("/o/acme/billing/plan")
  expect(textOf((await alice.get("/o/acme/billing/plan")).body)).toContain("set this plan’s payments aside")
  expect((await stripe().subscriptions.retrieve(id)).items.data[0]?.price.id).toBe(subscription.stripePriceId)
})
