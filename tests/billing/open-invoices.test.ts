import { expect, test, vi } from "vitest"
import { db } from "~/platform/db.server"
import { sellPlan } from "../support/plan"
import { setUpBillingWorld } from "../support/stripe"
import { enter } from "../support/tenancy"

vi.setConfig({ testTimeout: 60_000 })

const world = setUpBillingWorld()
const textOf = (page: string) =>
  page
    .replaceAll("<!-- -->", "")
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")

test("[B10] the alarm names all that is open, when each is tried again, and where it is paid", async () => {
  const w = await world()
  const { acme, alice } = w.cast
  const { stripeCustomerId: customer } = await sellPlan(w, { organization: acme, owner: alice })
  const browser = await enter(w.browser(), alice)
  await w.stripe.setCard({ customer, works: false })
  await w.stripe.advance({ days: 32 })
  await w.arrive()
  const one = textOf((await browser.get("/o/acme/billing")).body)
  expect(one).toMatch(/It is tried again on \d+ \w+ \d{4} ?, with the card that is set then\. Pay it now/)
  expect(one).not.toContain("at once")
  const first = await db().invoice.findFirstOrThrow({ where: { organizationId: acme.id, status: "open" } })
  await db().invoice.create({ data: { ...first, id: "in_second", number: "TWO-2", nextAttemptAt: null } })
  const page = (await browser.get("/o/acme/billing")).body
  expect(textOf(page)).toContain("$158.00 could not be charged")
  expect(textOf(page)).toContain(`Invoice ${first.number} for $79.00 is open.`)
  expect(textOf(page)).toContain(
    "Invoice TWO-2 for $79.00 is open. It is not tried again by itself. Pay it .",
  )
  for (const id of [first.id, "in_second"]) {
    expect(page).toContain(`href="/o/acme/billing/invoices/${id}/payment"`)
  }
})
