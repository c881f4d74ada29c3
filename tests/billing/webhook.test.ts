import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { signatureHeader } from "../stand-ins/stripe/delivery/signature"
import { type BillingWorld, setUpBillingWorld, webhookSecret } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const path = "/api/webhooks/stripe"

const event = {
  id: "evt_local_1",
  object: "event",
  type: "customer.subscription.updated",
  livemode: false,
  api_version: "2026-10-28.endive",
  created: 1_800_000_000,
  data: { object: { id: "sub_of_someone_else", object: "subscription" } },
}

const nowSeconds = () => Math.floor(Date.now() / 1000)

async function post(
  w: BillingWorld,
  body: string,
  signature?: string,
): Promise<{ status: number; outcome?: string }> {
  const answer = await fetch(w.url + path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(signature !== undefined && { "Stripe-Signature": signature }),
    },
    body,
  })
  const said = await answer.json()
  return { status: answer.status, outcome: said.outcome }
}

const signed = (body: string, secret = webhookSecret, time = nowSeconds()) =>
  signatureHeader(body, [secret], time)
const stored = () => db().stripeEvent.findMany({ orderBy: { id: "asc" } })

test("[B4] a signed event is stored with its job and answered; a second copy changes nothing", async () => {
  const w = await world()
  const body = JSON.stringify(event)
  expect(await post(w, body, signed(body))).toEqual({ status: 200, outcome: "stored" })
  expect(await post(w, body, signed(body))).toEqual({ status: 200, outcome: "duplicate" })
  const rows = await stored()
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    id: event.id,
    state: "received",
    source: "webhook",
    objectId: "sub_of_someone_else",
  })
  expect(await db().job.count({ where: { kind: "stripe.event" } })).toBe(1)
})

test("[B4] the signature covers the raw body", async () => {
  const w = await world()
  const spaced = JSON.stringify(event, null, 2)
  expect((await post(w, spaced, signed(spaced))).status).toBe(200)
  expect((await post(w, JSON.stringify(event), signed(spaced))).status).toBe(400)
})

test.each([
  ["no signature", undefined],
  ["an empty one", ""],
  ["nonsense", "t=now,v1=abc"],
  ["another secret", signed(JSON.stringify(event), "whsec_someone_else")],
  ["one without a time", signed(JSON.stringify(event)).replace(/^t=\d+,/, "")],
])("[B4] %s is refused and stores nothing", async (_, signature) => {
  const w = await world()
  expect((await post(w, JSON.stringify(event), signature)).status).toBe(400)
  expect(await stored()).toEqual([])
})

test.each([-301, -3600, 302, 3600])("[B4] a signature %d seconds away from now is refused", async offset => {
  const w = await world()
  const body = JSON.stringify(event)
  expect((await post(w, body, signed(body, webhookSecret, nowSeconds() + offset))).status).toBe(400)
  expect(await stored()).toEqual([])
})

test.each([-290, 290])("[B4] a signature %d seconds away from now is accepted", async offset => {
  const w = await world()
  const body = JSON.stringify(event)
  expect((await post(w, body, signed(body, webhookSecret, nowSeconds() + offset))).status).toBe(200)
})

test("[B4] a second time in the header does not make an old or future signature good", async () => {
  const w = await world()
  const body = JSON.stringify(event)
  const future = signed(body, webhookSecret, nowSeconds() + 3600)
  expect((await post(w, body, `t=${nowSeconds()},${future}`)).status).toBe(400)
})

test("[B4] during a rotation both secrets are good, afterwards the old one is not", async () => {
  const w = await world()
  const body = JSON.stringify(event)
  w.settings({
    STRIPE_WEBHOOK_SECRET: "whsec_new_00000000000000",
    STRIPE_WEBHOOK_SECRET_PREVIOUS: webhookSecret,
  })
  expect((await post(w, body, signed(body, "whsec_new_00000000000000"))).status).toBe(200)
  expect((await post(w, body, signed(body, webhookSecret))).status).toBe(200)
  w.settings({ STRIPE_WEBHOOK_SECRET: "whsec_new_00000000000000" })
  expect((await post(w, body, signed(body, webhookSecret))).status).toBe(400)
})

test("[B4] without a secret there is no endpoint", async () => {
  const w = await world()
  const body = JSON.stringify(event)
  w.settings({ STRIPE_WEBHOOK_SECRET: "" })
  expect((await post(w, body, signed(body, ""))).status).toBe(404)
  expect((await post(w, body, signed(body))).status).toBe(404)
  expect(await stored()).toEqual([])
})

test("[B4] a live event beside a test key is refused", async () => {
  const w = await world()
  const body = JSON.stringify({ ...event, livemode: true })
  expect((await post(w, body, signed(body))).status).toBe(400)
  expect(await stored()).toEqual([])
})

test.each([
  [
    "a thin event",
    JSON.stringify({
      id: "evt_thin",
      object: "v2.core.event",
      type: "v1.billing.meter.error_report_triggered",
    }),
  ],
  ["no JSON", "hello"],
  ["an empty body", ""],
  ["a JSON null", "null"],
  ["something that is no event", JSON.stringify({ id: "cus_1", object: "customer" })],
])("[B4] %s is refused with 400", async (_, body) => {
  const w = await world()
  expect((await post(w, body, signed(body))).status).toBe(400)
  expect(await stored()).toEqual([])
})

test("[B4] a type that is of no use here is stored as ignored, without a job", async () => {
  const w = await world()
  const body = JSON.stringify({ ...event, type: "customer.tax_id.created" })
  expect(await post(w, body, signed(body))).toEqual({ status: 200, outcome: "ignored" })
  expect(await stored()).toMatchObject([{ state: "ignored" }])
  expect(await db().job.count({ where: { kind: "stripe.event" } })).toBe(0)
})

test("[B4] the subscription of another shop in the same account is ignored", async () => {
  const w = await world()
  const { data } = await fetch(`${w.stripe.url}/v1/prices?lookup_keys[]=gatehouse_starter_monthly`, {
    headers: { Authorization: `Bearer ${w.stripe.secretKey}` },
  }).then(answer => answer.json())
  const customer = await create(w, "customers", { email: "elsewhere@example.test" })
  await create(w, "checkout/sessions", {
    mode: "subscription",
    customer: customer.id,
    "line_items[0][price]": data[0].id,
    "line_items[0][quantity]": "1",
    success_url: "https://shop.example/done",
    "metadata[checkoutId]": "of-another-installation",
    client_reference_id: "of-another-installation",
    "subscription_data[metadata][checkoutId]": "of-another-installation",
  })
  await w.stripe.completeCheckout()
  await w.arrive()
  const rows = await stored()
  expect(rows.length).toBeGreaterThan(4)
  expect(rows.map(row => row.state)).toEqual(rows.map(() => "ignored"))
  expect(await db().organization.count()).toBe(2)
})

async function create(
  w: BillingWorld,
  what: string,
  fields: Record<string, string>,
): Promise<{ id: string }> {
  const answer = await fetch(`${w.stripe.url}/v1/${what}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${w.stripe.secretKey}` },
    body: new URLSearchParams(fields),
  })
  const made = await answer.json()
  if (!answer.ok) throw new Error(made.error.message)
  return made
}

test("[B4] what fails to the last try is a dead letter, and the operator replays it", async () => {
  const w = await world()
  w.expectErrors()
  await w.purchase(w.browser())
  await w.stripe.fault({ kind: "429", times: null })
  await w.stripe.releaseAll()
  for (let tries = 0; tries < 8; tries += 1) {
    await w.settle()
    w.clock.advance(60 * 60 * 1000)
  }
  await w.settle()
  const dead = await db().stripeEvent.findMany({ where: { state: "dead" } })
  expect(dead.length).toBeGreaterThanOrEqual(4)
  expect(dead[0]).toMatchObject({ attempts: 8, lastError: expect.stringContaining("Too many requests") })
  expect(await db().checkout.findFirst()).toMatchObject({ state: "open" })

  await w.stripe.clearFaults()
  const operator = w.browser()
  await signIn(w, operator, "olive@gatehouse.test")
  const desk = await operator.get("/admin/billing?state=dead")
  expect(desk.body).toContain("could not be handled")
  expect(desk.body).toContain("Replay")
  expect(
    (await operator.post("/admin/billing", { intent: "replay", eventId: dead[0]?.id ?? "" })).status,
  ).toBe(303)
  await w.settle()
  expect(await db().checkout.findFirst()).toMatchObject({ state: "provisioned" })
  expect(await db().stripeEvent.findUnique({ where: { id: dead[0]?.id ?? "" } })).toMatchObject({
    state: "done",
  })
})

test("[B4] nobody but an operator sees or replays events", async () => {
  const w = await world()
  const guest = w.browser()
  expect((await guest.get("/admin/billing")).location).toContain("/login")
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  expect((await alice.get("/admin/billing")).location).toBe("/")
  expect((await alice.post("/admin/billing", { intent: "replay", eventId: "evt_1" })).location).toBe("/")
})
