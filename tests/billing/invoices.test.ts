import { expect, test } from "vitest"
import { followInvoices } from "~/domain/billing/invoice-round.server"
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { stripe } from "~/platform/stripe.server"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

async function acmeHasPlan(w: BillingWorld) {
  const { acme, alice } = w.cast
  const subscription = await sellPlan(w, { organization: acme, owner: alice })
  return { subscription, alice: await enter(w.browser(), alice) }
}

const rowsOf = (organizationId: string) =>
  db().invoice.findMany({ where: { organizationId }, orderBy: { createdAt: "asc" } })

test("[B10] a paid invoice is listed with its number, and its link leads to the PDF, not to be stored", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const [row] = await rowsOf(w.cast.acme.id)
  expect(row).toMatchObject({ status: "paid", total: 7900, currency: "usd", amountRemaining: 0 })
  const list = await alice.get("/o/acme/billing/invoices")
  expect(list.status).toBe(200)
  for (const words of [row?.number ?? "", "$79.00", "Paid", `/o/acme/billing/invoices/${row?.id}`]) {
    expect(textOf(list.body)).toContain(words)
  }
  const pdf = await alice.get(`/o/acme/billing/invoices/${row?.id}`)
  expect(pdf.status).toBe(303)
  expect(pdf.headers.get("Cache-Control")).toBe("no-store")
  const file = await fetch(pdf.location ?? "")
  expect(file.headers.get("Content-Type")).toContain("application/pdf")
  expect(
    Buffer.from(await file.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe("%PDF-")
})

test("[B10] invoices are for owners: admins and members get 403, strangers and ids of others 404", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const [row] = await rowsOf(w.cast.acme.id)
  const pages = ["/o/acme/billing/invoices", `/o/acme/billing/invoices/${row?.id}`]
  for (const [person, status] of [
    [w.cast.amir, 403],
    [w.cast.bob, 403],
    [w.cast.charlie, 404],
  ] as const) {
    const browser = await enter(w.browser(), person)
    for (const page of pages) expect((await browser.get(page)).status, `${person.email} ${page}`).toBe(status)
  }
  const charlie = await enter(w.browser(), w.cast.charlie)
  expect((await charlie.get(`/o/birch/billing/invoices/${row?.id}`)).status).toBe(404)
  expect((await alice.get("/o/acme/billing/invoices/in_nothing")).status).toBe(404)
})

test("[B10] while Stripe does not answer the list stands, and the PDF says so within three seconds and a bit", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const [row] = await rowsOf(w.cast.acme.id)
  await w.stripe.fault({ kind: "hang", times: null })
  const from = performance.now()
  const pdf = await alice.get(`/o/acme/billing/invoices/${row?.id}`)
  expect(performance.now() - from).toBeLessThan(4_500)
  expect(pdf.status).toBe(503)
  expect(textOf(pdf.body)).toContain("does not answer at the moment")
  expect(textOf((await alice.get("/o/acme/billing/invoices")).body)).toContain(row?.number ?? "none")
})

test("[B10] a renewal that fails is an open invoice, and a paid one once the card works", async () => {
  const w = await world()
  const { alice, subscription } = await acmeHasPlan(w)
  const customer = subscription.stripeCustomerId
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ days: 32 })
  await w.arrive()
  expect((await rowsOf(w.cast.acme.id)).map(row => row.status)).toEqual(["paid", "open"])
  expect(textOf((await alice.get("/o/acme/billing/invoices")).body)).toContain("Open")
  await w.stripe.setCard({ customer, works: true })
  await w.stripe.advance({ days: 5 })
  await w.arrive()
  expect((await rowsOf(w.cast.acme.id)).map(row => row.status)).toEqual(["paid", "paid"])
})

test("[B10] what is sent back of a payment stands at its invoice, in part and whole", async () => {
  const w = await world()
  const { alice } = await acmeHasPlan(w)
  const [row] = await rowsOf(w.cast.acme.id)
  for (const [amount, words] of [
    [2_000, "Partly sent back"],
    [5_900, "Sent back"],
  ] as const) {
    await w.stripe.refund({ of: row?.id ?? "", amount })
    await w.arrive()
    expect(textOf((await alice.get("/o/acme/billing/invoices")).body)).toContain(words)
  }
  expect((await rowsOf(w.cast.acme.id)).map(one => [one.status, one.amountRefunded])).toEqual([
    ["paid", 7_900],
  ])
})

test("[B6] invoices whose events were lost are found by the round, and a second round writes nothing", async () => {
  const w = await world()
  const { subscription } = await acmeHasPlan(w)
  await followInvoices()
  await w.stripe.setCard({ customer: subscription.stripeCustomerId, works: false })
  await w.stripe.advance({ days: 32 })
  await w.stripe.setDelivery({ mode: "dropped" })
  await followInvoices()
  const open = await rowsOf(w.cast.acme.id)
  expect(open.map(row => row.status)).toEqual(["paid", "open"])
  await followInvoices()
  expect(await rowsOf(w.cast.acme.id)).toEqual(open)
  await w.stripe.setCard({ customer: subscription.stripeCustomerId, works: true })
  await w.stripe.advance({ days: 5 })
  await followInvoices()
  expect((await rowsOf(w.cast.acme.id)).map(row => row.status)).toEqual(["paid", "paid"])
})

test("[B6] an answer that was overtaken does not open a paid invoice again", async () => {
  const w = await world()
  await acmeHasPlan(w)
  const [row] = await rowsOf(w.cast.acme.id)
  const told = await stripe().invoices.retrieve(row?.id ?? "")
  await keepInvoice(db(), { ...told, status: "open", amount_paid: 0 })
  expect(await rowsOf(w.cast.acme.id)).toEqual([row])
})

test("[B10] a long list is paged, the latest first", async () => {
  const w = await world()
  const { acme, alice: owner } = w.cast
  const alice = await enter(w.browser(), owner)
  expect((await alice.get("/o/acme/billing/invoices")).body).toContain("No invoices yet")
  const start = Date.UTC(2026, 0, 1)
  await db().invoice.createMany({
    data: Array.from({ length: 60 }, (_, i) => ({
      id: `in_${newId()}`,
      organizationId: acme.id,
      number: `ACME-${String(i).padStart(4, "0")}`,
      status: "paid",
      currency: "usd",
      total: 7900,
      createdAt: new Date(start + i * 1000),
      syncedAt: new Date(start),
    })),
  })
  let page = await alice.get("/o/acme/billing/invoices")
  const seen: string[] = []
  for (let hops = 0; hops < 5; hops++) {
    seen.push(...(textOf(page.body).match(/ACME-\d{4}/g) ?? []))
    const next = /href="([^"]*after=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*after=[^"]*)"/.exec(
      page.body,
    )
    const to = (next?.[1] ?? next?.[2])?.replaceAll("&amp;", "&")
    if (!to) break
    page = await alice.get(`/o/acme/billing/invoices${to.slice(to.indexOf("?"))}`)
  }
  expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => `ACME-${String(59 - i).padStart(4, "0")}`))
})
