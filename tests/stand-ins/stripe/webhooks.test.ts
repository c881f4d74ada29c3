import Stripe from "stripe"
import { expect, test } from "vitest"
import { startReceiver, subscribed, world } from "./test-world"

test("[B4] webhooks carry a signature the SDK accepts, made at the moment of the attempt", async () => {
  const { local, stripe, receiver } = await world()
  await stripe.customers.create({ email: "signed@example.com" })
  await local.settled()
  const sent = receiver.received[0]
  const header = String(sent?.headers["stripe-signature"])
  const event = stripe.webhooks.constructEvent(sent?.body ?? "", header, "whsec_test")
  expect(event).toMatchObject({ type: "customer.created", api_version: Stripe.API_VERSION, livemode: false })
  expect(() => stripe.webhooks.constructEvent(sent?.body ?? "", header, "whsec_other")).toThrow()
  expect(() => stripe.webhooks.constructEvent(`${sent?.body} `, header, "whsec_test")).toThrow()
})

test("[B4] while a secret is replaced, both sign", async () => {
  const { local, stripe, receiver } = await world()
  const next = await local.rollWebhookSecret()
  await stripe.customers.create({ email: "a@example.com" })
  await local.settled()
  const { body = "", headers } = receiver.received[0] ?? {}
  const header = String(headers?.["stripe-signature"])
  for (const secret of ["whsec_test", next])
    expect(stripe.webhooks.constructEvent(body, header, secret).type).toBe("customer.created")
})

test("[B5] held webhooks are released one by one, in any order", async () => {
  const all = await world()
  const { local, receiver } = all
  const wanted = ["checkout.session.completed", "customer.subscription.created", "invoice.paid"]
  await local.setDelivery({ mode: "held", types: wanted })
  await subscribed(all)
  await local.settled()
  expect(receiver.types().filter(type => wanted.includes(type))).toEqual([])
  const held = await local.queuedDeliveries()
  expect(held.map(row => row.type).sort()).toEqual(wanted)
  receiver.received.length = 0
  for (const type of ["invoice.paid", "checkout.session.completed", "customer.subscription.created"]) {
    const delivery = held.find(row => row.type === type)
    const attempt = await local.release({ delivery: delivery?.id ?? "" })
    expect(attempt?.status).toBe(200)
  }
  expect(receiver.types()).toEqual([
    "invoice.paid",
    "checkout.session.completed",
    "customer.subscription.created",
  ])
  expect(await local.queuedDeliveries()).toEqual([])
})

test("[B5] ten copies at once, shuffled, delayed", async () => {
  const { local, stripe, receiver } = await world()
  await local.setDelivery({ copies: 10 })
  await stripe.customers.create({ email: "copies@example.com" })
  await local.settled()
  expect(receiver.types()).toEqual(Array.from({ length: 10 }, () => "customer.created"))
  expect(new Set(receiver.received.map(({ body }) => JSON.parse(body).id)).size).toBe(1)

  await local.setDelivery({ mode: "delayed", delayMs: 150 })
  receiver.received.length = 0
  await stripe.customers.create({ email: "late@example.com" })
  expect(receiver.received).toEqual([])
  await local.settled()
  expect(receiver.types()).toEqual(["customer.created"])

  await local.setDelivery({ mode: "shuffled" })
  receiver.received.length = 0
  for (let n = 0; n < 5; n += 1) await stripe.customers.create({ email: `s${n}@example.com` })
  await local.settled()
  expect(receiver.received).toHaveLength(5)
})

test("[B5] a refused webhook is tried again, signed anew, until it is accepted or given up", async () => {
  const { local, stripe, receiver } = await world()
  await local.setDelivery({ retryMs: [50, 50] })
  receiver.answers.push(500, 302, 200)
  await stripe.customers.create({ email: "retry@example.com" })
  await local.settled()
  expect((await local.deliveries({ type: "customer.created" })).at(-1)).toMatchObject({
    state: "delivered",
    attempts: [{ status: 500 }, { status: 302 }, { status: 200 }],
  })
  receiver.answers.push(500, 500, 500, 500)
  await stripe.customers.create({ email: "never@example.com" })
  await local.settled()
  expect((await local.deliveries({ state: "failed" })).map(row => row.attempts.length)).toEqual([3])
  const { data } = await stripe.events.list({ delivery_success: false })
  expect(data).toHaveLength(1)
  await local.resend({ event: data[0]?.id ?? "" })
  expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(1)
  await local.resend({ event: data[0]?.id ?? "" })
  expect((await stripe.events.list({ delivery_success: false })).data).toEqual([])
})

test("[B4] an endpoint gets only the types it asked for, and none when disabled", async () => {
  const { stripe, local } = await world()
  const other = await startReceiver()
  const endpoint = await stripe.webhookEndpoints.create({
    url: other.url,
    enabled_events: ["product.created"],
    api_version: "2026-10-28.endive",
  })
  expect(endpoint.secret).toMatch(/^whsec_/)
  await stripe.customers.create({})
  await stripe.products.create({ name: "Thing" })
  await local.settled()
  expect(other.types()).toEqual(["product.created"])
  expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined()
  await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })
  await stripe.products.create({ name: "Other" })
  await local.settled()
  expect(other.received).toHaveLength(1)
})

test("[B5] at random, some events are lost, some come twice, and a seed repeats which", async () => {
  const count = async () => {
    const { local, stripe, receiver } = await world({ seed: 11 })
    await local.setDelivery({ mode: "random", delayMs: 60, odds: { dropped: 0.3, repeated: 0.3 } })
    for (let n = 0; n < 20; n += 1) await stripe.customers.create({ email: `r${n}@example.com` })
    await local.settled()
    const emails = receiver.received.map(({ body }) => String(JSON.parse(body).data.object.email))
    return { distinct: new Set(emails).size, all: emails.length, sorted: [...emails].sort() }
  }
  const one = await count()
  expect(one.distinct).toBeLessThan(20)
  expect(one.all).toBeGreaterThan(one.distinct)
  expect((await count()).sorted).toEqual(one.sorted)
})
