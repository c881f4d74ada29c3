import { expect, test } from "vitest"
import { onBothStripes } from "./stage"

const tag = () => `gatehouse_contract_${Date.now()}_${Math.random().toString(36).slice(2)}`

onBothStripes("[B15] what is asked of Stripe", stage => {
  test("[B15] a parameter it does not know is refused by its name", async () => {
    const odd = { email: "a@example.com", colour: "blue" }
    await expect(stage.stripe.customers.create(odd)).rejects.toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 400,
      code: "parameter_unknown",
      param: "colour",
    })
  })

  test("[B15] what is not there is 404 in the address, and 400 as a parameter", async () => {
    await expect(stage.stripe.subscriptions.retrieve("sub_none")).rejects.toMatchObject({
      statusCode: 404,
      code: "resource_missing",
    })
    await expect(
      stage.stripe.billingPortal.sessions.create({ customer: "cus_none", return_url: "https://example.com" }),
    ).rejects.toMatchObject({ statusCode: 400, code: "resource_missing", param: "customer" })
  })

  test("[B15] one idempotency key gives one object, and refuses another request", async () => {
    const { stripe } = stage
    const once = { idempotencyKey: tag() }
    const first = await stripe.customers.create({ name: "Once" }, once)
    stage.later(() => stripe.customers.del(first.id))
    expect((await stripe.customers.create({ name: "Once" }, once)).id).toBe(first.id)
    await expect(stripe.customers.create({ name: "Twice" }, once)).rejects.toMatchObject({
      type: "StripeIdempotencyError",
    })
  })

  test("[B15] a deleted customer is still known, as deleted", async () => {
    const { stripe } = stage
    const { id } = await stripe.customers.create({ name: "Gone" })
    expect(await stripe.customers.del(id)).toMatchObject({ id, deleted: true })
    expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true })
    await expect(stripe.customers.update(id, { name: "Back" })).rejects.toMatchObject({
      code: "resource_missing",
    })
  })

  test("[B12] a tax number has the shape of its country", async () => {
    const { stripe } = stage
    const customer = await stripe.customers.create({ name: "Tax" })
    stage.later(() => stripe.customers.del(customer.id))
    const made = await stripe.customers.createTaxId(customer.id, { type: "eu_vat", value: "DE123456789" })
    expect(made).toMatchObject({ object: "tax_id", type: "eu_vat", country: "DE", value: "DE123456789" })
    await expect(
      stripe.customers.createTaxId(customer.id, { type: "eu_vat", value: "nonsense" }),
    ).rejects.toMatchObject({ statusCode: 400, code: "tax_id_invalid" })
    expect((await stripe.customers.listTaxIds(customer.id)).data.map(row => row.id)).toEqual([made.id])
  })

  test("[B13] a price keeps its amount for ever; its lookup key moves only when asked to", async () => {
    const { stripe } = stage
    const lookup_key = tag()
    const old = await stage.price(1000, { lookup_key })
    const changed = { nickname: "x", unit_amount: 2000 }
    await expect(stripe.prices.update(old.id, changed)).rejects.toMatchObject({ code: "parameter_unknown" })
    await expect(stage.price(2000, { lookup_key })).rejects.toMatchObject({ statusCode: 400 })
    const next = await stage.price(2000, { lookup_key, transfer_lookup_key: true })
    const found = await stripe.prices.list({ lookup_keys: [lookup_key] })
    expect(found.data.map(row => row.id)).toEqual([next.id])
    expect((await stripe.prices.retrieve(old.id)).lookup_key).toBeNull()
  })

  test("[B13] an endpoint tells its secret once and keeps its API version", async () => {
    const { stripe } = stage
    const made = await stripe.webhookEndpoints.create({
      url: "https://example.com/gatehouse-contract",
      enabled_events: ["invoice.paid"],
      api_version: "2026-10-28.endive",
    })
    stage.later(() => stripe.webhookEndpoints.del(made.id))
    expect(made.secret).toMatch(/^whsec_/)
    expect(await stripe.webhookEndpoints.retrieve(made.id)).toMatchObject({
      api_version: "2026-10-28.endive",
      status: "enabled",
    })
    expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined()
    const other = { disabled: false, api_version: "2026-10-28.endive" }
    await expect(stripe.webhookEndpoints.update(made.id, other)).rejects.toMatchObject({
      code: "parameter_unknown",
    })
    expect((await stripe.webhookEndpoints.update(made.id, { disabled: true })).status).toBe("disabled")
  })

  test("[B13] a portal configuration shows its products only when they are expanded", async () => {
    const { stripe } = stage
    const price = await stage.price(1500)
    const made = await stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          proration_behavior: "always_invoice",
          products: [{ product: String(price.product), prices: [price.id] }],
        },
      },
    })
    stage.later(() => stripe.billingPortal.configurations.update(made.id, { active: false }))
    const bare = await stripe.billingPortal.configurations.retrieve(made.id)
    expect(bare.features.subscription_update.products ?? null).toBeNull()
    const expand = ["features.subscription_update.products"]
    const whole = await stripe.billingPortal.configurations.retrieve(made.id, { expand })
    expect(whole.features.subscription_update.products).toMatchObject([{ prices: [price.id] }])
  })

  test("[B1] a checkout session is open, priced by Stripe, and expires once", async () => {
    const { stripe } = stage
    const price = await stage.price(2900)
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: price.id, quantity: 1 }],
      customer_email: "contract@example.com",
      success_url: "https://example.com/done?session_id={CHECKOUT_SESSION_ID}",
      cancel_url: "https://example.com/pricing",
    })
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      amount_total: 2900,
      currency: "usd",
      subscription: null,
    })
    expect(session.url).toMatch(/^https?:\/\//)
    const removed = {
      mode: "payment" as const,
      payment_method_types: ["card"],
      success_url: "https://example.com",
    }
    await expect(stripe.checkout.sessions.create(removed)).rejects.toMatchObject({
      code: "parameter_unknown",
    })
    expect((await stripe.checkout.sessions.expire(session.id)).status).toBe("expired")
    await expect(stripe.checkout.sessions.expire(session.id)).rejects.toMatchObject({ statusCode: 400 })
  })
})
