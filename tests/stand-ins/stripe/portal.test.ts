import { expect, test } from "vitest"
import { subscribed, type World, world } from "./test-world"

const back = "http://localhost:3000/o/acme/billing"

function post({ local }: World, path: string, fields: Record<string, string>) {
  const body = new URLSearchParams(fields)
  return fetch(local.url + path, { method: "POST", body, headers: { origin: local.url }, redirect: "manual" })
}

const textOf = async (url: string) => (await fetch(url)).text()

test("[B10] the link to the payment method shows that alone, pays what is owed, and goes back", async () => {
  const all = await world()
  const { local, stripe } = all
  const { customer, subscription } = await subscribed(all)
  await local.setCard({ customer, works: false })
  await local.advance({ months: 1, days: 1 })
  const portal = await stripe.billingPortal.sessions.create({
    customer,
    return_url: back,
    flow_data: {
      type: "payment_method_update",
      after_completion: { type: "redirect", redirect: { return_url: `${back}?card=new` } },
    },
  })
  const page = await textOf(portal.url)
  for (const part of ["Update your payment method", "is declined", back, "no real money"])
    expect(page).toContain(part)
  expect(page).not.toContain("Cancel plan")
  const answer = await post(all, `${new URL(portal.url).pathname}/card`, { card: "works" })
  expect(answer.headers.get("location")).toBe(`${back}?card=new`)
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
})

test("[B10] the link to a change shows what it costs, and confirming later costs the same", async () => {
  const all = await world()
  const { local, stripe, price } = all
  const { customer, subscription } = await subscribed(all)
  await local.advance({ days: 10 })
  const configuration = await stripe.billingPortal.configurations.create({
    features: {
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        proration_behavior: "always_invoice",
      },
    },
  })
  const item = { id: subscription.items.data[0]?.id ?? "", price: price("gatehouse_professional_monthly") }
  const portal = await stripe.billingPortal.sessions.create({
    customer,
    configuration: configuration.id,
    flow_data: {
      type: "subscription_update_confirm",
      subscription_update_confirm: { subscription: subscription.id, items: [item] },
      after_completion: {
        type: "hosted_confirmation",
        hosted_confirmation: { custom_message: "Thank you, Alice." },
      },
    },
  })
  const page = await textOf(portal.url)
  const due = /Amount due today<\/span><span>([^<]+)</.exec(page)?.[1]
  const at = /name="at" value="(\d+)"/.exec(page)?.[1] ?? ""
  await local.advance({ seconds: 3_000 })
  const path = new URL(portal.url).pathname
  const answer = await post(all, `${path}/plan`, { subscription: subscription.id, price: item.price, at })
  expect(await textOf(local.url + answer.headers.get("location"))).toContain("Thank you, Alice.")
  const changed = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] })
  expect(changed.items.data[0]?.price.id).toBe(item.price)
  const invoice = changed.latest_invoice
  const paid = invoice !== null && typeof invoice !== "string" ? invoice.amount_paid : 0
  expect(`$${(paid / 100).toFixed(2)}`).toBe(due)
})

test("[B10] the link to cancelling refuses strangers' subscriptions, switched-off features and second cancels", async () => {
  const all = await world()
  const { stripe } = all
  const one = await subscribed(all)
  const two = await subscribed(all)
  const open = (customer: string, subscription: string, configuration?: string) =>
    stripe.billingPortal.sessions.create({
      customer,
      ...(configuration ? { configuration } : {}),
      flow_data: { type: "subscription_cancel", subscription_cancel: { subscription } },
    })
  await expect(open(one.customer, two.subscription.id)).rejects.toMatchObject({ code: "resource_missing" })
  const bare = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
  })
  await expect(open(one.customer, one.subscription.id, bare.id)).rejects.toThrow("disabled")
  await expect(
    stripe.billingPortal.sessions.create({
      customer: one.customer,
      flow_data: { type: "subscription_cancel" },
    }),
  ).rejects.toMatchObject({ code: "parameter_missing" })
  const portal = await open(one.customer, one.subscription.id)
  expect(await textOf(portal.url)).toContain("Cancel your plan")
  await post(all, `${new URL(portal.url).pathname}/cancel`, { subscription: one.subscription.id })
  await expect(open(one.customer, one.subscription.id)).rejects.toThrow("already set to be canceled")
})

test("[B10] the portal takes a new name, address and VAT number, but only what it may", async () => {
  const all = await world()
  const { stripe, local, receiver } = all
  const { customer } = await subscribed(all)
  const { id: configuration } = await stripe.billingPortal.configurations.create({
    features: { customer_update: { enabled: true, allowed_updates: ["name", "tax_id"] } },
  })
  const portal = await stripe.billingPortal.sessions.create({
    customer,
    configuration,
    flow_data: { type: "customer_update" },
  })
  expect(await textOf(portal.url)).toContain("VAT number")
  const path = `${new URL(portal.url).pathname}/customer`
  await post(all, path, { name: "Acme GmbH", email: "mallory@example.com", tax_id: "DE 123 456 789" })
  expect(await stripe.customers.retrieve(customer, { expand: ["tax_ids"] })).toMatchObject({
    name: "Acme GmbH",
    email: "alice@example.com",
    tax_ids: { data: [{ value: "DE123456789" }] },
  })
  expect((await post(all, path, { tax_id: "nonsense" })).status).toBe(402)
  await local.settled()
  expect(receiver.types()).toEqual(expect.arrayContaining(["customer.updated", "customer.tax_id.created"]))
})

test("[B12] a plan changed in the portal ends a trial or keeps it, as the configuration says", async () => {
  const all = await world()
  const { stripe, price } = all
  for (const [trial_update_behavior, status] of [
    ["end_trial", "active"],
    ["continue_trial", "trialing"],
  ] as const) {
    const { customer, subscription } = await subscribed(all, { subscription_data: { trial_period_days: 14 } })
    const { id: configuration } = await stripe.billingPortal.configurations.create({
      features: {
        subscription_update: { enabled: true, default_allowed_updates: ["price"], trial_update_behavior },
      },
    })
    const portal = await stripe.billingPortal.sessions.create({ customer, configuration })
    await post(all, `${new URL(portal.url).pathname}/plan`, {
      subscription: subscription.id,
      price: price("gatehouse_professional_monthly"),
    })
    const changed = await stripe.subscriptions.retrieve(subscription.id)
    expect(changed.status).toBe(status)
    const paid = (await stripe.invoices.list({ subscription: subscription.id })).data[0]?.amount_paid
    expect(paid).toBe(status === "active" ? 7900 : 0)
    expect(changed.items.data[0]?.price.lookup_key).toBe("gatehouse_professional_monthly")
  }
})
