import Stripe from "stripe"
import { expect, test } from "vitest"
import { sdk, subscribed, world } from "./test-world"

test("[B15] a wrong key is refused with 401", async () => {
  const { local } = await world()
  const stranger = new Stripe("sk_test_local_wrong", {
    host: local.host,
    port: local.port,
    protocol: "http",
    maxNetworkRetries: 0,
  })
  await expect(stranger.customers.list()).rejects.toMatchObject({
    type: "StripeAuthenticationError",
    statusCode: 401,
  })
})

test("[B15] another API version is refused, since the answers have one shape only", async () => {
  const { local } = await world()
  const old = sdk(local).customers.list({}, { apiVersion: "2024-06-20" })
  await expect(old).rejects.toThrow("Invalid Stripe API version: 2024-06-20")
})

test("[B15] unknown, missing and malformed parameters are refused by name", async () => {
  const { stripe, openSession, price } = await world()
  const line_items = [{ price: price("gatehouse_starter_monthly"), quantity: 1 }]
  // The SDK sends what it is given; its types alone would not let these through.
  const removed = { locale: "en", payment_method_types: ["card"] }
  await expect(openSession(removed)).rejects.toMatchObject({
    code: "parameter_unknown",
    param: "payment_method_types",
    statusCode: 400,
  })
  const nested = { subscription_data: { description: "x", colour: "blue" } }
  await expect(openSession(nested)).rejects.toMatchObject({
    code: "parameter_unknown",
    param: "subscription_data[colour]",
  })
  await expect(stripe.checkout.sessions.create({ mode: "subscription", line_items })).rejects.toMatchObject({
    code: "parameter_missing",
    param: "success_url",
  })
  await expect(openSession({ line_items: [{ price: "price_none", quantity: 1 }] })).rejects.toMatchObject({
    code: "resource_missing",
    param: "line_items[0][price]",
    message: "No such price: 'price_none'",
  })
  await expect(openSession({ success_url: "localhost" })).rejects.toMatchObject({
    code: "url_invalid",
    param: "success_url",
  })
  await expect(openSession({ customer_email: "nobody" })).rejects.toMatchObject({ code: "email_invalid" })
  await expect(stripe.customers.retrieve("cus_none")).rejects.toMatchObject({
    code: "resource_missing",
    statusCode: 404,
  })
  await expect(stripe.rawRequest("GET", "/v1/nowhere")).rejects.toMatchObject({ statusCode: 404 })
})

test("[B15] combinations that Stripe refuses are refused", async () => {
  const { stripe, openSession, price } = await world()
  const { id: customer } = await stripe.customers.create({ email: "c@example.com" })
  const once = {
    price_data: { currency: "usd", unit_amount: 500, product_data: { name: "Once" } },
    quantity: 1,
  }
  await expect(openSession({ customer })).rejects.toThrow("customer, customer_email")
  await expect(openSession({ mode: "payment" })).rejects.toThrow("recurring price")
  await expect(openSession({ line_items: [once] })).rejects.toThrow("at least one recurring price")
  await expect(
    openSession({
      mode: "payment",
      line_items: [once],
      subscription_data: { metadata: {}, description: "x" },
    }),
  ).rejects.toThrow("subscription_data")
  await expect(openSession({ expires_at: Math.floor(Date.now() / 1000) + 60 })).rejects.toThrow(
    "at least 30 minutes",
  )
  await expect(
    openSession({ customer, customer_email: undefined, tax_id_collection: { enabled: true } }),
  ).rejects.toThrow("customer_update[name]")
  await expect(
    stripe.prices.create({
      currency: "usd",
      unit_amount: 1,
      product_data: { name: "x" },
      lookup_key: "gatehouse_starter_monthly",
    }),
  ).rejects.toThrow("already uses that lookup key")
  await expect(
    stripe.webhookEndpoints.create({
      url: "http://127.0.0.1:9/",
      enabled_events: ["*"],
      api_version: "2020-08-27",
    }),
  ).rejects.toThrow("Invalid API version")
  await stripe.prices.update(price("gatehouse_starter_monthly"), { active: false })
  await expect(openSession()).rejects.toThrow("inactive")
})

test("[B15] one idempotency key gives one answer, and refuses other parameters", async () => {
  const { local, stripe } = await world()
  const once = { idempotencyKey: "key-1" }
  const first = await stripe.customers.create({ email: "one@example.com" }, once)
  const again = await stripe.customers.create({ email: "one@example.com" }, once)
  expect(again.id).toBe(first.id)
  expect(first.lastResponse.headers["idempotent-replayed"]).toBeUndefined()
  expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true")
  expect(again.lastResponse.requestId).toMatch(/^req_/)
  await expect(stripe.customers.create({ email: "two@example.com" }, once)).rejects.toMatchObject({
    type: "StripeIdempotencyError",
    statusCode: 400,
  })
  expect((await stripe.customers.list()).data).toHaveLength(1)
  const calls = await local.calls()
  expect(calls.filter(call => call.replayed)).toHaveLength(1)
})

test("[B15] lists are paged both ways, and expanding reaches into them", async () => {
  const { stripe } = await world()
  for (let n = 1; n <= 5; n += 1) await stripe.customers.create({ email: `c${n}@example.com` })
  const all = await stripe.customers.list().autoPagingToArray({ limit: 100 })
  expect(all.map(row => row.email)).toEqual([5, 4, 3, 2, 1].map(n => `c${n}@example.com`))
  const first = await stripe.customers.list({ limit: 2 })
  expect(first.has_more).toBe(true)
  const second = await stripe.customers.list({ limit: 2, starting_after: first.data[1]?.id })
  expect(second.data.map(row => row.email)).toEqual(["c3@example.com", "c2@example.com"])
  const back = await stripe.customers.list({ limit: 2, ending_before: second.data[0]?.id })
  expect(back.data.map(row => row.email)).toEqual(["c5@example.com", "c4@example.com"])
  await expect(stripe.customers.list({ expand: ["data.colour"] })).rejects.toThrow("cannot be expanded")
})

test("[B6] events are listed by time, type and delivery, page by page", async () => {
  const all = await world()
  const { local, stripe } = all
  const start = Math.floor(Date.now() / 1000) - 1
  await local.setDelivery({ mode: "dropped", types: ["invoice.paid"] })
  await subscribed(all)
  await local.settled()
  const paged: string[] = []
  for await (const event of stripe.events.list({ created: { gte: start }, limit: 3 })) paged.push(event.type)
  const happened = (await local.events()).map(event => event.type).reverse()
  expect(paged.slice(0, 5)).toEqual(happened.slice(0, 5))
  expect(paged.length).toBeGreaterThan(8)
  const missed = await stripe.events.list({ delivery_success: false })
  expect(missed.data.map(event => event.type)).toEqual(["invoice.paid"])
  expect(missed.data[0]).toMatchObject({
    api_version: "2026-10-28.endive",
    pending_webhooks: 1,
    livemode: false,
  })
  const typed = await stripe.events.list({ types: ["customer.created", "invoice.paid"] })
  expect(typed.data.map(event => event.type).sort()).toEqual(["customer.created", "invoice.paid"])
  await local.advance({ days: 31 })
  expect((await stripe.events.list({ created: { lte: start + 600 } })).data).toEqual([])
})

test("[B15] faults: the SDK raises, times out, or tries again", async () => {
  const { local, stripe } = await world()
  const list = () => stripe.customers.list()
  await local.fault({ kind: "429" })
  await expect(list()).rejects.toMatchObject({ type: "StripeRateLimitError", statusCode: 429 })
  await local.fault({ kind: "500" })
  await expect(list()).rejects.toMatchObject({ type: "StripeAPIError", statusCode: 500 })
  // The SDK tries a closed connection again even when told not to retry.
  await local.fault({ kind: "reset", times: null })
  await expect(list()).rejects.toMatchObject({ type: "StripeConnectionError" })
  await local.clearFaults()
  await local.fault({ kind: "html" })
  await expect(list()).rejects.toMatchObject({ type: "StripeAPIError" })
  await local.fault({ kind: "truncated" })
  await expect(list()).rejects.toBeInstanceOf(Error)
  await local.fault({ kind: "hang" })
  await expect(sdk(local, { timeout: 100 }).customers.list()).rejects.toMatchObject({
    type: "StripeConnectionError",
  })
  await local.fault({ kind: "500", times: null })
  await expect(list()).rejects.toBeInstanceOf(Error)
  await expect(list()).rejects.toBeInstanceOf(Error)
  await local.clearFaults()
  await expect(list()).resolves.toBeDefined()
})

test("[B15] an answer lost after its effect is made good by the SDK's own retry", async () => {
  const { local } = await world()
  await local.fault({ kind: "reset", after: true, path: "/v1/customers" })
  const created = await sdk(local, { maxNetworkRetries: 2 }).customers.create({ email: "once@example.com" })
  expect(created.email).toBe("once@example.com")
  expect((await sdk(local).customers.list()).data).toHaveLength(1)
})

test("[B15] a fault hits the calls it is aimed at, after as many as it lets pass, and a 429 says when to come back", async () => {
  const { local, stripe } = await world()
  const a = await stripe.customers.create({})
  await local.fault({
    kind: "429",
    path: "/v1/customers/:id",
    exact: true,
    method: "GET",
    skip: 1,
    retryAfter: 7,
  })
  await stripe.customers.list()
  await stripe.customers.update(a.id, { name: "Ann" })
  await stripe.customers.listPaymentMethods(a.id)
  await stripe.customers.retrieve(a.id)
  await expect(stripe.customers.retrieve(a.id)).rejects.toMatchObject({ headers: { "retry-after": "7" } })
  await stripe.customers.retrieve(a.id)
  await local.fault({ kind: "slow", delayMs: 120 })
  const asked = Date.now()
  await stripe.customers.list()
  expect(Date.now() - asked).toBeGreaterThan(100)
})

test("[B13] a portal configuration keeps all it is given; its products are shown only when expanded", async () => {
  const { stripe, price } = await world()
  const { product } = await stripe.prices.retrieve(price("gatehouse_starter_monthly"))
  const features = {
    customer_update: { enabled: true, allowed_updates: ["tax_id", "address"] },
    subscription_cancel: {
      enabled: true,
      cancellation_reason: { enabled: true, options: ["too_expensive", "other"] },
    },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price"],
      proration_behavior: "always_invoice",
      products: [{ product: String(product), prices: [price("gatehouse_starter_monthly")] }],
    },
  }
  const { id } = await stripe.billingPortal.configurations.create({ features })
  const bare = await stripe.billingPortal.configurations.retrieve(id)
  expect(bare.features).toMatchObject({
    customer_update: { allowed_updates: ["tax_id", "address"] },
    subscription_cancel: { cancellation_reason: { enabled: true, options: ["too_expensive", "other"] } },
  })
  expect(bare.features.subscription_update.products).toBeUndefined()
  const expand = ["data.features.subscription_update.products"]
  const listed = await stripe.billingPortal.configurations.list({ expand })
  expect(listed.data[0]?.features.subscription_update.products).toMatchObject([
    { product, prices: expect.any(Array) },
  ])
  const foreign = [{ product: String(product), prices: [price("gatehouse_enterprise_monthly")] }]
  await expect(
    stripe.billingPortal.configurations.update(id, {
      features: { subscription_update: { enabled: true, products: foreign } },
    }),
  ).rejects.toThrow("does not belong")
})
