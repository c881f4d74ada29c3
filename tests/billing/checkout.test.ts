import { expect, test } from "vitest"
import { randomToken } from "~/platform/crypto.server"
import { db } from "~/platform/db.server"
import { setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const api = "/api/billing/create-checkout-session"
const wish = {
  plan: "starter",
  interval: "month",
  email: "Dora@Example.Test",
  businessName: "Dora & Daughters",
}

test("[B1] the pricing page shows the three plans and leads to a form", async () => {
  const w = await world()
  const page = await w.browser().get("/pricing")
  for (const price of ["$29", "$79", "$199"]) expect(page.body).toContain(price)
  expect(page.body).toContain("/checkout?plan=professional&amp;interval=month")
  const yearly = await w.browser().get("/pricing?interval=year")
  for (const price of ["$290", "$790", "$1,990"]) expect(yearly.body).toContain(price)
})

test("[B1] the form leads to Stripe's page, with our row as reference, metadata and way back", async () => {
  const w = await world()
  const answer = await w.browser().post("/checkout", wish)
  expect(answer.status).toBe(303)
  expect(answer.location).toMatch(new RegExp(`^${w.stripe.url}/`))
  const row = await db().checkout.findFirstOrThrow()
  expect(row).toMatchObject({
    plan: "starter",
    email: "dora@example.test",
    emailTyped: "Dora@Example.Test",
    state: "open",
  })
  expect(answer.location).toBe(row.url)
  const { session, redirect } = await w.stripe.completeCheckout()
  expect(session).toMatchObject({
    id: row.stripeSessionId,
    client_reference_id: row.id,
    metadata: { checkoutId: row.id },
    customer_email: "dora@example.test",
    amount_total: 2900,
    cancel_url: `${w.url}/pricing`,
  })
  expect(redirect).toBe(`${w.url}/onboarding/pending?session_id=${row.stripeSessionId}`)
})

test("[B1] the JSON endpoint answers address and session id", async () => {
  const w = await world()
  const answer = await w.browser().json(api, { ...wish, plan: "enterprise", interval: "year" })
  expect(answer.status).toBe(200)
  expect(answer.headers.get("Cache-Control")).toBe("no-store")
  const { url, sessionId } = JSON.parse(answer.body)
  expect(url).toContain(w.stripe.url)
  const { session } = await w.stripe.completeCheckout({ session: sessionId })
  expect(session.amount_total).toBe(199_000)
})

test("[B1] what does not fit is said by field, on the page and in JSON", async () => {
  const w = await world()
  const page = await w
    .browser()
    .post("/checkout?plan=starter", { plan: "starter", email: "nobody", businessName: "" })
  expect(page.status).toBe(400)
  expect(page.body).toContain("Enter the name of your business.")
  const named = await w.browser().post("/checkout?plan=starter", { ...wish, email: "nobody@localhost" })
  expect(named.status).toBe(400)
  expect(named.body).toContain("Enter an e-mail address, such as")
  const answer = await w.browser().json(api, { plan: "gold" })
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body).error).toMatchObject({
    code: "invalid_input",
    fields: { plan: ["Choose one of the plans."] },
  })
  const missing = await w.browser().json(api, { plan: "starter" })
  expect(Object.keys(JSON.parse(missing.body).error.fields)).toEqual(["businessName", "email"])
  expect(await db().checkout.count()).toBe(0)
})

test("[B1] the same form sent twice at once, and again a little later, is one session", async () => {
  const w = await world()
  const browser = w.browser()
  const answers = await Promise.all([1, 2, 3, 4].map(() => browser.post("/checkout", wish)))
  const later = await browser.post("/checkout", wish)
  expect(new Set([...answers, later].map(answer => answer.location)).size).toBe(1)
  expect(await db().checkout.count()).toBe(1)
  const made = (await w.stripe.calls()).filter(call => call.path === "/v1/checkout/sessions")
  expect(made).toHaveLength(1)
})

test("[B1] another form, or the same after ten minutes, is another session", async () => {
  const w = await world()
  const browser = w.browser()
  const first = await browser.post("/checkout", wish)
  const other = await browser.post("/checkout", { ...wish, plan: "professional" })
  w.clock.advance(11 * 60 * 1000)
  const late = await browser.post("/checkout", wish)
  expect(new Set([first, other, late].map(answer => answer.location)).size).toBe(3)
})

test("[B1] a lost answer from Stripe makes no second session: the next try finds the first", async () => {
  const w = await world()
  const browser = w.browser()
  await w.stripe.fault({ kind: "reset", times: 2, path: "/v1/checkout/sessions", after: true })
  const lost = await browser.post("/checkout?plan=starter", wish)
  expect(lost.status).toBe(503)
  expect(lost.body).toContain("Nothing was charged. Try again")
  const found = await browser.post("/checkout", wish)
  expect(found.status).toBe(303)
  await w.stripe.completeCheckout()
  await expect(w.stripe.completeCheckout()).rejects.toThrow("There is no open Checkout Session.")
})

test("[B1] a Stripe that hangs is answered with try again within twelve seconds, and makes one session", {
  timeout: 60_000,
}, async () => {
  const w = await world()
  const browser = w.browser()
  await w.stripe.fault({ kind: "hang", times: null, after: true })
  const began = performance.now()
  const hung = await browser.json(api, wish)
  expect(performance.now() - began).toBeLessThan(12_000)
  expect(hung.status).toBe(503)
  expect(JSON.parse(hung.body).error.code).toBe("stripe_unreachable")
  await w.stripe.clearFaults()
  expect((await browser.json(api, wish)).status).toBe(200)
  expect(await db().checkout.count()).toBe(1)
  await w.stripe.completeCheckout()
  await expect(w.stripe.completeCheckout()).rejects.toThrow("There is no open Checkout Session.")
})

test("[B1] after a definite failure the next try begins anew", async () => {
  const w = await world()
  const browser = w.browser()
  await w.stripe.fault({ kind: "500", times: 2, path: "/v1/checkout/sessions" })
  expect((await browser.post("/checkout?plan=starter", wish)).status).toBe(503)
  expect((await browser.post("/checkout", wish)).status).toBe(303)
  expect(
    await db().checkout.groupBy({ by: ["state"], _count: true, orderBy: { state: "asc" } }),
  ).toMatchObject([
    { state: "abandoned", _count: 1 },
    { state: "open", _count: 1 },
  ])
})

test("[B1] more than ten checkouts a minute from one client have to wait", async () => {
  const w = await world()
  const browser = w.browser()
  for (let i = 0; i < 10; i += 1) {
    expect((await browser.json(api, { ...wish, businessName: `Shop ${i}` })).status).toBe(200)
  }
  const eleventh = await browser.json(api, wish)
  expect(eleventh.status).toBe(429)
  expect(Number(eleventh.headers.get("Retry-After"))).toBeGreaterThan(0)
})

test("[B1] without Stripe keys buying says so", async () => {
  const w = await world()
  w.settings({ STRIPE_SECRET_KEY: "", STRIPE_API_URL: "" })
  const answer = await w.browser().json(api, wish)
  expect(answer.status).toBe(503)
  expect(JSON.parse(answer.body).error.code).toBe("not_configured")
  expect((await w.browser().post("/checkout?plan=starter", wish)).status).toBe(503)
  const status = await w.browser().get("/api/billing/status?session_id=cs_test_1")
  expect(JSON.parse(status.body)).toEqual({ status: "not_configured" })
  expect((await w.browser().get("/pricing")).body).toContain("Buying is not set up")
})

test("[B1] an owner buys for their organisation; nobody else can", async () => {
  const w = await world()
  const buy = { plan: "starter", organization: "acme" }
  expect((await w.browser().json(api, buy)).status).toBe(401)
  for (const [email, status] of [
    ["charlie@birch.test", 404],
    ["bob@acme.test", 403],
    ["amir@acme.test", 403],
  ] as const) {
    const browser = w.browser()
    await signIn(w, browser, email)
    expect((await browser.json(api, buy)).status, email).toBe(status)
    expect((await browser.get("/pricing?org=acme")).status, email).toBe(status)
  }
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  expect((await alice.get("/checkout?plan=starter&org=acme")).body).toContain("For Acme")
  expect((await alice.post("/checkout", buy)).status).toBe(303)
  await w.stripe.completeCheckout()
  await w.arrive()
  const acme = await db().organization.findUniqueOrThrow({
    where: { slug: "acme" },
    include: { subscriptions: true, memberships: true },
  })
  expect(acme.subscriptions).toMatchObject([{ plan: "starter", status: "active" }])
  expect(acme.memberships).toHaveLength(3)
  expect(await db().organization.count()).toBe(2)
  const again = await alice.json(api, buy)
  expect(again.status).toBe(409)
})

test("[B1] someone signed in buys with their own address, whatever they send", async () => {
  const w = await world()
  const browser = w.browser()
  await signIn(w, browser, "charlie@birch.test")
  await browser.post("/checkout", { ...wish, email: "alice@acme.test" })
  expect(await db().checkout.findFirstOrThrow()).toMatchObject({
    email: "charlie@birch.test",
    userId: w.cast.charlie.id,
  })
})

test("[B1] an owner without an organisation in the address chooses among theirs without a plan, or a new one", async () => {
  const w = await world()
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  expect((await alice.get("/pricing")).body).toContain("For Acme or a new organisation: you choose")
  const form = await alice.get("/checkout?plan=starter")
  expect(form.body).toContain("Which organisation is the plan for?")
  expect(form.body).toMatch(/<input[^>]*name="organization"[^>]*value="acme"/)
  const nameless = await alice.post("/checkout?plan=starter", { plan: "starter", organization: "+" })
  expect(nameless.status).toBe(400)
  expect(nameless.body).toContain("Enter the name of your business.")
  await alice.post("/checkout", { plan: "starter", organization: "+", businessName: "Alder" })
  await alice.post("/checkout", { plan: "starter", organization: "acme", businessName: "" })
  const rows = await db().checkout.findMany({ orderBy: { id: "asc" } })
  expect(rows).toMatchObject([
    { businessName: "Alder", organizationId: null },
    { organizationId: w.cast.acme.id },
  ])
  await w.stripe.completeCheckout({ session: rows[1]?.stripeSessionId ?? "" })
  await w.arrive()
  expect((await alice.get("/checkout?plan=starter")).body).not.toContain('value="acme"')
  const bob = w.browser()
  await signIn(w, bob, "bob@acme.test")
  expect((await bob.get("/checkout?plan=starter")).body).not.toContain("Which organisation")
})

test("[B1] a form for an organisation that has a plan says so at once and leads to billing", async () => {
  const w = await world()
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  await alice.post("/checkout", { plan: "starter", organization: "acme" })
  const { session } = await w.stripe.completeCheckout()
  expect(session.cancel_url).toBe(`${w.url}/pricing?org=acme`)
  await w.arrive()
  const page = await alice.get("/checkout?plan=professional&org=acme")
  expect(page.status).toBe(409)
  expect(page.body).toContain("Acme has a plan already")
  expect(page.body).toContain('href="/o/acme/billing"')
})

test("[B1] coming back from Stripe finds the form as it was typed, in that browser only", async () => {
  const w = await world()
  const browser = w.browser()
  await browser.post("/checkout", wish)
  const again = await browser.get("/checkout?plan=professional")
  expect(again.body).toContain('value="Dora &amp; Daughters"')
  expect(again.body).toContain('value="Dora@Example.Test"')
  expect((await w.browser().get("/checkout?plan=professional")).body).not.toContain("Dora")
})

test("[B1] where mail cannot be sent nothing is sold, because the way in is a mail", async () => {
  const w = await world()
  w.settings({ NODE_ENV: "production", SMTP_HOST: "", STRIPE_API_URL: "", APP_SECRET: randomToken() })
  const browser = w.browser()
  expect((await browser.get("/pricing")).body).toContain("Buying is not set up yet")
  const form = await browser.get("/checkout?plan=starter")
  expect(form.status).toBe(503)
  expect(form.body).toContain("Buying is not set up yet")
  expect((await browser.post("/checkout?plan=starter", wish)).status).toBe(503)
  expect((await browser.json(api, wish)).status).toBe(503)
  expect(await db().checkout.count()).toBe(0)
})
