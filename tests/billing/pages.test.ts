import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

/** Acme has bought a plan, and Alice, its owner, is signed in. */
async function acmeHasPlan(w: BillingWorld) {
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  await alice.post("/checkout", { plan: "professional", organization: "acme" })
  await w.stripe.completeCheckout()
  await w.arrive()
  const row = await db().subscription.findFirstOrThrow({ where: { organizationId: w.cast.acme.id } })
  return { alice, subscription: row.stripeSubscriptionId, customer: row.stripeCustomerId }
}

async function billingPage(w: BillingWorld, email: string) {
  const browser = w.browser()
  await signIn(w, browser, email)
  const { status, body } = await browser.get("/o/acme/billing")
  return { browser, status, text: textOf(body) }
}

test("[B10] the owner sees plan, seats, next payment and the way to the portal; an admin reads; a member sees the plan", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const owner = textOf((await alice.get("/o/acme/billing")).body)
  for (const words of [
    "Professional",
    "Active",
    "$79",
    "3 of 200 taken",
    "Next payment",
    "Manage plan and payment",
  ]) {
    expect(owner).toContain(words)
  }
  const admin = await billingPage(w, "amir@acme.test")
  expect(admin.text).toContain("3 of 200 taken")
  expect(admin.text).not.toContain("Manage plan and payment")
  const member = await billingPage(w, "bob@acme.test")
  expect(member.text).toContain("Professional")
  for (const words of ["taken", "Next payment", "Manage plan"]) expect(member.text).not.toContain(words)
  expect((await billingPage(w, "charlie@birch.test")).status).toBe(404)
})

test("[B10] the portal opens for owners only, by form and by JSON", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const opened = await alice.post("/o/acme/billing/portal")
  expect(opened.status).toBe(303)
  expect(opened.location).toMatch(new RegExp(`^${w.stripe.url}/`))
  const json = await alice.json("/api/billing/portal", { organization: "acme" })
  expect(JSON.parse(json.body).url).toContain(w.stripe.url)
  for (const [email, status] of [
    ["amir@acme.test", 403],
    ["bob@acme.test", 403],
    ["charlie@birch.test", 404],
  ] as const) {
    const browser = w.browser()
    await signIn(w, browser, email)
    expect((await browser.post("/o/acme/billing/portal")).status, email).toBe(status)
    expect((await browser.json("/api/billing/portal", { organization: "acme" })).status, email).toBe(status)
  }
  expect((await w.browser().json("/api/billing/portal", { organization: "acme" })).status).toBe(401)
})

test("[B10] without a plan, and without Stripe, the portal says so", async () => {
  const w = await world()
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  expect((await alice.json("/api/billing/portal", { organization: "acme" })).status).toBe(409)
  expect((await alice.get("/o/acme/billing")).body).toContain("No plan yet")
  await alice.post("/checkout", { plan: "starter", organization: "acme" })
  await w.stripe.completeCheckout()
  await w.arrive()
  await w.stripe.fault({ kind: "reset", times: null })
  const away = await alice.post("/o/acme/billing/portal")
  expect(away.location).toBe("/o/acme/billing")
  expect((await alice.get("/o/acme/billing")).body).toContain("does not answer at the moment")
  expect((await alice.json("/api/billing/portal", { organization: "acme" })).status).toBe(503)
})

test("[B10] what is done in the portal shows with its one event", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  await w.stripe.cancel({ subscription, when: "portal" })
  await w.arrive()
  const ending = textOf((await alice.get("/o/acme/billing")).body)
  expect(ending).toContain("The plan is set to end")
  expect(ending).not.toContain("Next payment")
  expect(textOf((await alice.get("/o/acme")).body)).toMatch(/ends on\s*<time/)
  await w.stripe.cancel({ subscription, when: "undo" })
  await w.stripe.changePlan({ subscription, price: "gatehouse_enterprise_monthly" })
  await w.arrive()
  const larger = textOf((await alice.get("/o/acme/billing")).body)
  expect(larger).not.toContain("set to end")
  expect(larger).toContain("3 taken")
})

test("[B7] a failed renewal shows on every page of the organisation, with the way out for the owner", async () => {
  const w = await world()
  const { alice, customer } = await acmeHasPlan(w)
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ days: 32 })
  await w.arrive()
  const page = textOf((await alice.get("/o/acme/billing")).body)
  expect(page).toContain("The last payment did not go through")
  expect(page).toContain("Payment overdue")
  expect(page).toMatch(/Please see to it by\s*<time/)
  expect(page).not.toContain("Next payment")
  expect(page).toContain('action="/o/acme/billing/portal"')
  for (const email of ["amir@acme.test", "bob@acme.test"]) {
    const { text } = await billingPage(w, email)
    expect(text).toContain("Ask an owner to sort out the payment.")
    expect(text).not.toContain("Sort out the payment<")
  }
  await w.stripe.setCard({ customer, works: true })
  await w.stripe.advance({ days: 4 })
  await w.arrive()
  expect(textOf((await alice.get("/o/acme/billing")).body)).not.toContain("did not go through")
})

test("[B7] an ended plan shows no price, and leads owners to the plans", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  await w.stripe.cancel({ subscription, when: "now" })
  await w.arrive()
  const page = textOf((await alice.get("/o/acme/billing")).body)
  expect(page).toContain("The plan has ended. Nothing is lost")
  expect(page).toContain("Ended")
  expect(page).not.toMatch(/\$79(\.00)? a month|Next payment/)
  expect(page).toContain('href="/pricing?org=acme"')
  const { text } = await billingPage(w, "bob@acme.test")
  expect(text).toContain("Ask an owner to choose a plan.")
  expect(text).not.toContain("/pricing")
})

test("[B1] the waiting page waits, goes on by itself without JavaScript, and ends", async () => {
  const w = await world()
  const browser = w.browser()
  const { location } = await browser.post("/checkout", {
    plan: "starter",
    email: "dora@example.test",
    businessName: "Dora",
  })
  expect(location).not.toBeNull()
  const { stripeSessionId } = await db().checkout.findFirstOrThrow()
  const page = `/onboarding/pending?session_id=${stripeSessionId}`
  const waiting = await browser.get(page)
  expect(waiting.body).toContain("Waiting for the payment")
  expect(waiting.body).toMatch(/<noscript><meta http-equiv="refresh" content="3"\/?><\/noscript>/i)
  await w.stripe.completeCheckout()
  w.clock.advance(11_000)
  const done = await browser.get(page)
  expect(done.body).toContain("Check your mail")
  expect(done.body).not.toContain("http-equiv")
})

test("[B1] the page asks Stripe every ten seconds at most, however often it is asked", async () => {
  const w = await world()
  const browser = w.browser()
  await browser.post("/checkout", { plan: "starter", email: "dora@example.test", businessName: "Dora" })
  const { stripeSessionId } = await db().checkout.findFirstOrThrow()
  const status = () => browser.get(`/api/billing/status?session_id=${stripeSessionId}`)
  for (let i = 0; i < 8; i += 1) expect(JSON.parse((await status()).body).status).toBe("pending")
  w.clock.advance(11_000)
  await status()
  const looks = (await w.stripe.calls()).filter(
    call => call.path === `/v1/checkout/sessions/${stripeSessionId}`,
  )
  expect(looks).toHaveLength(2)
})

test("[B1] a paid session whose webhook waits in our queue is being provisioned", async () => {
  const w = await world()
  const browser = w.browser()
  await browser.post("/checkout", { plan: "starter", email: "dora@example.test", businessName: "Dora" })
  const { stripeSessionId } = await db().checkout.findFirstOrThrow()
  const status = async () =>
    JSON.parse((await browser.get(`/api/billing/status?session_id=${stripeSessionId}`)).body).status
  expect(await status()).toBe("pending")
  await w.stripe.completeCheckout()
  await w.stripe.releaseAll()
  expect(await status()).toBe("provisioning")
  await w.settle()
  expect(await status()).toBe("active")
})

test("[B1] a Stripe that is away leaves the waiting page waiting", async () => {
  const w = await world()
  const browser = w.browser()
  const { pending } = await w.purchase(browser)
  await w.stripe.fault({ kind: "500", times: null })
  const page = await browser.get(pending)
  expect(page.status).toBe(200)
  expect(page.body).toContain("Waiting for the payment")
})

test("[B1] an unknown purchase gets a friendly 404", async () => {
  const w = await world()
  for (const path of ["/onboarding/pending?session_id=cs_test_unknown", "/onboarding/pending"]) {
    const page = await w.browser().get(path)
    expect(page.status).toBe(404)
    expect(page.body).toContain("We do not know this purchase")
  }
  expect((await w.browser().get("/api/billing/status?session_id=cs_test_unknown")).status).toBe(404)
})

test("[B1] a payment page that ran out says so", async () => {
  const w = await world()
  const browser = w.browser()
  await browser.post("/checkout", { plan: "starter", email: "dora@example.test", businessName: "Dora" })
  const { session } = await w.stripe.completeCheckout({ outcome: "expired" })
  await w.arrive()
  const page = await browser.get(`/onboarding/pending?session_id=${session.id}`)
  expect(page.body).toContain("This payment page has closed")
  expect(await db().checkout.findFirst()).toMatchObject({ state: "abandoned" })
})

test("[B1] a signed-in buyer goes straight on, and nobody else learns where", async () => {
  const w = await world()
  const charlie = w.browser()
  await signIn(w, charlie, "charlie@birch.test")
  const { pending } = await w.purchase(charlie, { businessName: "Cedar" })
  expect((await charlie.get(pending)).body).toContain("/onboarding?org=cedar")
  expect((await w.browser().get(pending)).body).not.toContain("org=cedar")
})
