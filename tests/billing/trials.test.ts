import { expect, test } from "vitest"
import { correctAddress } from "~/domain/billing/correct-address.server"
import { db } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"
import { type BillingWorld, postEvent, setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const begin = async () => {
  const w = await world()
  w.settings({ TRIAL_DAYS: "14" })
  return w
}
const day = 24 * 60 * 60

/** Sends the form as a new browser; the session's id. */
async function open(w: BillingWorld, email: string, businessName = "Dora & Daughters"): Promise<string> {
  const answer = await w
    .browser()
    .post("/checkout", { plan: "starter", interval: "month", email, businessName })
  expect(answer.status).toBe(303)
  return (await db().checkout.findFirstOrThrow({ orderBy: { id: "desc" } })).stripeSessionId ?? ""
}

async function pay(w: BillingWorld, session: string) {
  const paid = await w.stripe.completeCheckout({ session })
  return { ...paid.session, subscriptionId: String(paid.session.subscription) }
}

const statuses = async () =>
  (await db().subscription.findMany({ orderBy: { id: "asc" } })).map(({ status }) => status)

test("[B12] a first plan begins with a trial: the card is asked for, nothing is charged, and everything is set up", async () => {
  const w = await begin()
  const session = await open(w, "dora@example.test")
  const paid = await pay(w, session)
  expect(paid).toMatchObject({ amount_total: 0, payment_method_collection: "always" })
  expect(paid.custom_text.submit?.message).toContain("charged at once")
  const subscription = await stripe().subscriptions.retrieve(paid.subscriptionId)
  expect(subscription.status).toBe("trialing")
  expect((subscription.trial_end ?? 0) - (subscription.trial_start ?? 0)).toBe(14 * day)
  expect(subscription.trial_settings?.end_behavior.missing_payment_method).toBe("cancel")
  await w.arrive()
  expect(await db().subscription.findFirst()).toMatchObject({ status: "trialing", plan: "starter" })
  expect(w.mailbox.latestTo("dora@example.test").link).toBeDefined()
  const pending = await w.browser().get(`/onboarding/pending?session_id=${session}`)
  expect(pending.body).not.toContain("The payment has arrived")
})

test("[B12] one address has one trial, whatever its dots and +alias; another address has its own", async () => {
  const w = await begin()
  await pay(w, await open(w, "dora.miller@example.test"))
  await w.arrive()
  for (const email of ["doramiller@example.test", "d.o.r.a.miller+two@example.test"]) {
    await pay(w, await open(w, email, `Shop of ${email}`))
  }
  await pay(w, await open(w, "emil@example.test", "Emil"))
  await w.arrive()
  expect(await statuses()).toEqual(["trialing", "active", "active", "trialing"])
})

test("[B12] an organisation has one trial: the next owner of it, or one that had a plan before, pays at once", async () => {
  const w = await begin()
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  await alice.post("/checkout", { plan: "starter", organization: "acme" })
  const { session } = await w.stripe.completeCheckout()
  await w.arrive()
  expect(await statuses()).toEqual(["trialing"])
  await w.stripe.cancel({ subscription: String(session.subscription), when: "now" })
  await w.arrive()
  await db().membership.updateMany({
    where: { userId: w.cast.amir.id, organizationId: w.cast.acme.id },
    data: { role: "owner" },
  })
  const amir = w.browser()
  await signIn(w, amir, "amir@acme.test")
  expect((await amir.get("/pricing?org=acme")).body).not.toContain("The first 14 days are free")
  await amir.post("/checkout", { plan: "starter", organization: "acme" })
  expect((await w.stripe.completeCheckout()).session.amount_total).toBe(2900)
  await w.arrive()
  expect((await statuses()).sort()).toEqual(["active", "canceled"])
})

test("[B12] a plan bought before there were trials leaves none for that organisation", async () => {
  const w = await begin()
  w.settings({ TRIAL_DAYS: "0" })
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  await alice.post("/checkout", { plan: "starter", organization: "acme" })
  const { session } = await w.stripe.completeCheckout()
  expect(session.amount_total).toBe(2900)
  await w.arrive()
  await w.stripe.cancel({ subscription: String(session.subscription), when: "now" })
  await w.arrive()
  w.settings({ TRIAL_DAYS: "14" })
  expect((await alice.get("/pricing?org=acme")).body).not.toContain("days are free")
  expect((await alice.get("/pricing")).body).toContain("The first 14 days are free")
})

test("[B12] typing somebody's address, and even opening their payment page, takes no trial from them", async () => {
  const w = await begin()
  await open(w, "dora@example.test", "A stranger's joke")
  expect(await db().trialClaim.count()).toBe(0)
  await pay(w, await open(w, "dora@example.test"))
  await w.arrive()
  expect(await statuses()).toEqual(["trialing"])
})

test("[B12] once a trial is taken, other payment pages that offer it close", async () => {
  const w = await begin()
  const other = await open(w, "d.ora+1@example.test", "First thought")
  const elsewhere = await open(w, "emil@example.test", "Emil")
  await pay(w, await open(w, "dora@example.test"))
  await w.arrive()
  expect((await stripe().checkout.sessions.retrieve(other)).status).toBe("expired")
  expect((await stripe().checkout.sessions.retrieve(elsewhere)).status).toBe("open")
  await w.arrive()
  expect((await db().checkout.findUniqueOrThrow({ where: { stripeSessionId: other } })).state).toBe(
    "abandoned",
  )
})

test("[B12] two pages of one address paid at once, told of at once: one trial, and the other plan is charged, once", async () => {
  const w = await begin()
  const sessions = [await open(w, "dora@example.test", "One"), await open(w, "d.ora@example.test", "Two")]
  for (const session of sessions) await pay(w, session)
  const told = (await w.stripe.events({ types: ["checkout.session.completed"] })).flatMap(event => [
    event,
    event,
    event,
  ])
  await Promise.all(told.map(event => postEvent(w.url, event)))
  await w.arrive()
  await w.arrive()
  expect((await statuses()).sort()).toEqual(["active", "trialing"])
  const invoices = (await stripe().invoices.list()).data.filter(({ total }) => total > 0)
  expect(invoices.map(({ total }) => total)).toEqual([2900])
  expect(await db().organization.count({ where: { name: { in: ["One", "Two"] } } })).toBe(2)
  const effects = await db().stripeEvent.findMany({
    where: { type: "checkout.session.completed", effect: { contains: "trial" } },
  })
  expect(effects.map(({ effect }) => effect?.replace(/provisioned \S+?(;| with)/, "$1")).sort()).toEqual([
    " with a trial",
    "; its trial was the second one and ends",
  ])
})

test("[B12] a second trial is ended also when Stripe was away at first", async () => {
  const w = await begin()
  const sessions = [await open(w, "dora@example.test", "One"), await open(w, "dora+2@example.test", "Two")]
  for (const session of sessions) await pay(w, session)
  await w.stripe.fault({ kind: "429", times: 1, path: "/v1/subscriptions/", method: "POST" })
  await w.arrive()
  w.clock.advance(60 * 60 * 1000)
  await w.settle()
  await w.arrive()
  expect((await statuses()).sort()).toEqual(["active", "trialing"])
})

test("[B12] a corrected address has the trial, and the one typed by mistake keeps its own", async () => {
  const w = await begin()
  const session = await open(w, "droa@example.test")
  await pay(w, session)
  await w.arrive()
  const { id: checkoutId } = await db().checkout.findUniqueOrThrow({ where: { stripeSessionId: session } })
  const requester = { clientAddress: "192.0.2.9", userAgent: "tests" }
  const corrected = await correctAddress({
    checkoutId,
    sessionId: session,
    email: "dora@example.test",
    requester,
  })
  expect(corrected.ok).toBe(true)
  expect((await pay(w, await open(w, "dora@example.test", "Second"))).amount_total).toBe(2900)
  expect((await pay(w, await open(w, "droa@example.test", "Droa"))).amount_total).toBe(0)
})

test("[B12] the page of a purchase with a trial says that nothing was paid yet", async () => {
  const w = await begin()
  const session = await open(w, "dora@example.test")
  await pay(w, session)
  await w.arrive()
  const status = await w.browser().get(`/api/billing/status?session_id=${session}`)
  expect(JSON.parse(status.body)).toMatchObject({ status: "active", trial: true })
})

test("[B12] the pricing page and the form promise a trial only to whom it is given, and only where there are trials", async () => {
  const w = await begin()
  const promise = "The first 14 days are free"
  expect((await w.browser().get("/pricing")).body).toContain(promise)
  const form = await w.browser().get("/checkout?plan=starter")
  expect(form.body).toContain(promise)
  expect(form.body).toContain("One trial for each organisation and e-mail address.")
  const charlie = w.browser()
  await signIn(w, charlie, "charlie@birch.test")
  expect((await charlie.get("/pricing?org=birch")).body).toContain(promise)
  await charlie.post("/checkout", { plan: "starter", organization: "birch" })
  await w.stripe.completeCheckout()
  await w.arrive()
  for (const path of ["/pricing", "/checkout?plan=starter"]) {
    expect((await charlie.get(path)).body, path).not.toContain(promise)
  }
  w.settings({ TRIAL_DAYS: "1" })
  expect((await w.browser().get("/pricing")).body).toContain("The first day is free")
  w.settings({})
  expect((await w.browser().get("/pricing")).body).not.toContain("free.")
})

test("[B12] where tax comes on top, the prices say so", async () => {
  const w = await world()
  expect((await w.browser().get("/pricing")).body).not.toContain("without tax")
  w.settings({ STRIPE_AUTOMATIC_TAX: "on" })
  for (const path of ["/pricing", "/checkout?plan=starter"]) {
    expect((await w.browser().get(path)).body, path).toContain("Prices are without tax.")
  }
})

test("[L9] what is kept of a trial names neither the address nor the organisation", async () => {
  const w = await begin()
  await pay(w, await open(w, "dora@example.test"))
  await w.arrive()
  const { id } = await db().organization.findFirstOrThrow({ where: { name: "Dora & Daughters" } })
  const kept = JSON.stringify(await db().trialClaim.findMany())
  expect(JSON.parse(kept)).toHaveLength(2)
  expect(kept).not.toContain("dora")
  expect(kept).not.toContain(id)
})
