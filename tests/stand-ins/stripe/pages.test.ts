import { request } from "node:http"
import { expect, test } from "vitest"
import { subscribed, type World, world } from "./test-world"

/** Posts a form as a browser does and follows nothing. */
function post({ local }: World, path: string, fields: Record<string, string>, origin = local.url) {
  const body = new URLSearchParams(fields)
  return fetch(local.url + path, { method: "POST", body, headers: { origin }, redirect: "manual" })
}

test("[B15] the checkout page names plan, price and buyer, and says that no money is real", async () => {
  const all = await world()
  const open = await all.openSession({ customer_email: '"><script>@example.com' })
  const page = await fetch(String(open.url))
  const text = await page.text()
  expect(page.status).toBe(200)
  for (const part of ["no real money", "Gatehouse Starter", "$29.00", "http://localhost:3000/pricing"])
    expect(text).toContain(part)
  expect(text).not.toContain("<script>")
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'")
})

test("[B1] paying on the page waits for the webhook, then goes where the shop said", async () => {
  const all = await world()
  const { id } = await all.openSession()
  const answer = await post(all, `/c/pay/${id}`, {
    email: "alice@example.com",
    name: "Alice",
    outcome: "paid",
  })
  expect(answer.status).toBe(303)
  expect(answer.headers.get("location")).toBe(`http://localhost:3000/onboarding/pending?session_id=${id}`)
  expect(all.receiver.types()).toContain("checkout.session.completed")
  const again = await (
    await post(all, `/c/pay/${id}`, { email: "alice@example.com", outcome: "paid" })
  ).text()
  expect(again).toContain("You are all done here")
  expect((await all.stripe.subscriptions.list()).data).toHaveLength(1)
})

test("[B15] a declined card is said on the page, a bank debit goes on", async () => {
  const all = await world()
  const { id } = await all.openSession()
  const declined = await post(all, `/c/pay/${id}`, { email: "alice@example.com", outcome: "declined" })
  expect(declined.status).toBe(402)
  expect(await declined.text()).toContain("Your card was declined.")
  const debit = await post(all, `/c/pay/${id}`, { email: "alice@example.com", outcome: "bank_debit" })
  expect(debit.status).toBe(303)
  expect((await all.stripe.checkout.sessions.retrieve(id)).payment_status).toBe("unpaid")
})

test("[B10] the portal changes the plan, plans the end and takes it back, for its own customer only", async () => {
  const all = await world()
  const { stripe, local, price } = all
  const { customer, subscription } = await subscribed(all)
  const other = await subscribed(all)
  const portal = await stripe.billingPortal.sessions.create({
    customer,
    return_url: "http://localhost:3000/back",
  })
  const path = new URL(portal.url).pathname
  const home = await (await fetch(portal.url)).text()
  for (const part of ["Gatehouse Starter", "Change plan", "Cancel plan", "http://localhost:3000/back"])
    expect(home).toContain(part)

  const professional = price("gatehouse_professional_monthly")
  expect(
    (await post(all, `${path}/plan`, { subscription: subscription.id, price: professional })).status,
  ).toBe(303)
  expect(
    (await stripe.subscriptions.retrieve(subscription.id)).items.data.map(item => item.price.id),
  ).toEqual([professional])
  await post(all, `${path}/cancel`, { subscription: subscription.id })
  expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
    cancel_at_period_end: false,
    cancel_at: expect.any(Number),
  })
  expect(await (await fetch(portal.url)).text()).toContain("Keep the plan")
  await post(all, `${path}/undo`, { subscription: subscription.id })
  expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at).toBeNull()

  expect((await post(all, `${path}/cancel`, { subscription: other.subscription.id })).status).toBe(402)
  expect((await stripe.subscriptions.retrieve(other.subscription.id)).cancel_at).toBeNull()
  expect(await (await fetch(`${local.url}/p/session/bps_none`)).text()).toContain("not valid")
})

test("[B10] a portal configuration decides what the portal offers", async () => {
  const all = await world()
  const { customer, subscription } = await subscribed(all)
  const { id } = await all.stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
  })
  const portal = await all.stripe.billingPortal.sessions.create({ customer, configuration: id })
  const home = await (await fetch(portal.url)).text()
  expect(home).toContain("Invoices")
  expect(home).not.toContain("Cancel plan")
  const path = new URL(portal.url).pathname
  expect((await post(all, `${path}/cancel`, { subscription: subscription.id })).status).toBe(402)
})

test("[B10] an invoice has a page and a PDF whose parts are where it says", async () => {
  const all = await world()
  const { session } = await subscribed(all)
  const invoice = await all.stripe.invoices.retrieve(String(session.invoice))
  expect(await (await fetch(String(invoice.hosted_invoice_url))).text()).toContain(String(invoice.number))
  const answer = await fetch(String(invoice.invoice_pdf))
  expect(answer.headers.get("content-type")).toBe("application/pdf")
  const file = Buffer.from(await answer.arrayBuffer()).toString("latin1")
  const table = Number(/startxref\n(\d+)/.exec(file)?.[1])
  expect(file.slice(table, table + 4)).toBe("xref")
  const offsets = Array.from(file.slice(table).matchAll(/^(\d{10}) 00000 n/gm), match => Number(match[1]))
  expect(offsets.map(offset => /^\d+ 0 obj/.test(file.slice(offset)))).toEqual(
    Array.from({ length: 6 }, () => true),
  )
  expect(file).toContain(String(invoice.number))
})

test("[B7] a failed invoice is paid on its page, and the subscription is active again", async () => {
  const all = await world()
  const { customer, subscription } = await subscribed(all)
  await all.local.setCard({ customer, works: false })
  await all.local.advance({ months: 1, days: 1 })
  const { latest_invoice } = await all.stripe.subscriptions.retrieve(subscription.id)
  expect((await post(all, `/i/${latest_invoice}/pay`, { card: "declines" })).status).toBe(402)
  expect((await post(all, `/i/${latest_invoice}/pay`, { card: "works" })).status).toBe(303)
  expect((await all.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
})

test("[B7] giving the portal a card that works pays what is owed at once", async () => {
  const all = await world()
  const { customer, subscription } = await subscribed(all)
  const portal = await all.stripe.billingPortal.sessions.create({ customer })
  const path = new URL(portal.url).pathname
  await post(all, `${path}/card`, { card: "declines" })
  await all.local.advance({ months: 1, days: 1 })
  expect((await all.stripe.subscriptions.retrieve(subscription.id)).status).toBe("past_due")
  await post(all, `${path}/card`, { card: "works" })
  expect((await all.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active")
})

test("[B15] the desk shows everybody and does what its buttons say", async () => {
  const all = await world()
  const { customer, subscription } = await subscribed(all)
  const { url } = all.local
  expect(await (await fetch(url)).text()).toContain("alice@example.com")
  for (const path of [`/customers/${customer}`, "/checkouts", "/events", "/conditions"]) {
    expect((await fetch(url + path)).status, path).toBe(200)
  }
  await all.local.settled()
  all.receiver.received.length = 0
  await post(all, "/desk/delivery", { mode: "held", copies: "2", delay: "0", back: "/conditions" })
  const moved = await post(all, "/desk/advance", { months: "1", back: "//evil.example" })
  expect(moved.headers.get("location")).toBe("/")
  expect(await (await fetch(url)).text()).toContain("The clock was moved")
  expect(await (await fetch(url)).text()).not.toContain("The clock was moved")
  await post(all, "/desk/cancel", { subscription: subscription.id, when: "now", back: "/" })
  expect((await all.stripe.subscriptions.retrieve(subscription.id)).status).toBe("canceled")
  await post(all, "/desk/release-all", { order: "reversed", back: "/events" })
  expect(all.receiver.types()[0]).toBe("customer.subscription.deleted")
  await post(all, "/desk/cancel", { subscription: subscription.id, when: "portal", back: "/" })
  expect(await (await fetch(url)).text()).toContain("canceled subscription")
})

test("[B15] other sites and other host names are turned away", async () => {
  const all = await world()
  const foreign = await post(all, "/_local/reset", {}, "https://evil.example")
  expect(foreign.status).toBe(403)
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const { host, port } = all.local
    const asked = request({ host, port, path: "/", headers: { host: "rebound.example" } }, answer => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on("error", reject).end()
  })
  expect(status).toBe(421)
})
