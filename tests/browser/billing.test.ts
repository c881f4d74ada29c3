import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { Browser } from "../support/browser"
import { ensureBuilt } from "../support/process"
import { startTour, type Tour } from "../support/tour"
import { devices, visitor } from "../support/visitor"

/* What owners do with their plan in a real browser and the production build, on both sizes, with and without JavaScript. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

let tour: Tour
let customer: string
let subscription: string

beforeAll(async () => {
  ensureBuilt()
  tour = await startTour()
  const [bought] = await tour.site.stripe.events({ types: ["checkout.session.completed"] })
  customer = String(bought?.data.object.customer)
  subscription = String(bought?.data.object.subscription)
  const owner = new Browser(tour.site.url)
  owner.cookies.set("gatehouse", tour.furniture.sessions.alice)
  expect((await owner.post("/o/acme/billing/admins", { allowed: "yes" })).status).toBe(303)
})
afterAll(() => tour?.end())

/** Alice has her phone with her, Amir the admin sits at a desk: nobody may set a plan's end and take it back all day. */
const payer = (device: (typeof devices)[number], javaScript: boolean) => {
  const { alice, amir } = tour.furniture.sessions
  const session = device === "phone" ? alice : amir
  return visitor(tour.browser, { device, javaScript, baseURL: tour.site.url, session })
}

/** As if nothing had been bought: by hand at Stripe, without a credit that would pay the next change. */
async function backToProfessional(page: Page) {
  const price = "gatehouse_professional_monthly"
  await tour.site.stripe.changePlan({ subscription, price, proration: "none" })
  await vi.waitFor(
    async () => {
      await page.reload()
      expect(await page.getByText("$79 a month").count()).toBe(1)
    },
    { timeout: 20_000, interval: 500 },
  )
}

/** By hand at Stripe. */
async function pause() {
  const answer = await fetch(`${tour.site.stripe.url}/v1/subscriptions/${subscription}/pause`, {
    method: "POST",
    headers: { Authorization: `Bearer ${tour.site.stripe.secretKey}` },
    body: new URLSearchParams({ type: "subscription" }),
  })
  expect(answer.status).toBe(200)
}

const ways = devices.flatMap(device => [true, false].map(javaScript => ({ device, javaScript })))

for (const { device, javaScript } of ways) {
  const how = `on a ${device} ${javaScript ? "with" : "without"} JavaScript`

  test(`[B10] a plan is changed after its price was seen, a declined card changes nothing, ${how}`, async () => {
    const { page, trouble, close } = await payer(device, javaScript)
    await page.goto("/o/acme/billing")
    await page.getByRole("link", { name: "Change the plan" }).click()
    await page.getByLabel("Enterprise").check()
    await page.getByRole("button", { name: "See what it costs" }).click()
    await page.waitForURL("**/billing/plan/confirmation?**")
    await tour.site.stripe.setCard({ customer, works: false })
    await page.getByRole("button", { name: /^Pay .* and change$/ }).click()
    await page.getByText("The payment was declined").waitFor()
    await tour.site.stripe.setCard({ customer, works: true })
    await page.getByRole("button", { name: /^Pay .* and change$/ }).click()
    await page.getByText("The plan is Enterprise now, paid monthly.").waitFor()
    expect(page.url()).toMatch(/\/o\/acme\/billing$/)
    expect(trouble()).toEqual([])
    await backToProfessional(page)
    await close()
  })

  test(`[B10] an offer that is stale gives way to how the plan stands, and pressing again takes that, ${how}`, async () => {
    const { page, trouble, close } = await payer(device, javaScript)
    await page.goto("/o/acme/billing/plan/confirmation?plan=enterprise&interval=month")
    await page.getByText("Professional (monthly) becomes Enterprise (monthly)").waitFor()
    const price = "gatehouse_starter_monthly"
    await tour.site.stripe.changePlan({ subscription, price, proration: "none" })
    const pay = page.getByRole("button", { name: /^Pay .* and change$/ })
    await pay.click()
    await page.getByText("The plan was not changed").waitFor()
    await page.getByText("Starter (monthly) becomes Enterprise (monthly)").waitFor()
    await pay.click()
    await page.getByText("The plan is Enterprise now, paid monthly.").waitFor()
    expect(trouble()).toEqual([])
    await backToProfessional(page)
    await close()
  })

  test(`[B10] a plan is set to end and kept, and an invoice is read, ${how}`, async () => {
    const { page, trouble, close } = await payer(device, javaScript)
    await page.goto("/o/acme/billing")
    await page.getByRole("link", { name: "End the plan" }).click()
    await page.getByRole("button", { name: "End the plan" }).click()
    await page.getByText("The plan is set to end").waitFor()
    await page.getByRole("button", { name: "Keep the plan" }).click()
    await page.getByText("The plan goes on.").waitFor()
    await page.getByRole("link", { name: "All invoices" }).click()
    await page.waitForURL("**/billing/invoices")
    const address = await page.getByRole("link", { name: "(PDF)" }).first().getAttribute("href")
    const pdf = await page.request.get(address ?? "")
    expect(pdf.headers()["content-type"]).toContain("application/pdf")
    expect(trouble()).toEqual([])
    await close()
  })

  test(`[B7] a paused plan is resumed with one button, ${how}`, async () => {
    const { page, trouble, close } = await payer(device, javaScript)
    await pause()
    await vi.waitFor(
      async () => {
        await page.goto("/o/acme/billing")
        expect(await page.getByText("The plan is paused.").count()).toBe(1)
      },
      { timeout: 20_000, interval: 500 },
    )
    await page.getByRole("button", { name: "Resume the plan" }).click()
    await page.getByText("The plan goes on.").waitFor()
    expect(await page.getByText("The plan is paused.").count()).toBe(0)
    expect(trouble()).toEqual([])
    await close()
  })
}
