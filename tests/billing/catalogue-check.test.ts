import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { checkCatalogue } from "~/domain/billing/catalogue-check.server"
import { syncCatalogue } from "~/domain/billing/catalogue-sync.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { schedules } from "~/jobs.server"
import { setEnv } from "~/platform/env.server"
import { captureLog } from "~/platform/log.server"
import { stripe } from "~/platform/stripe.server"
import { type LocalStripe, startLocalStripe } from "../stand-ins/stripe/local-stripe"
import { freshDatabase } from "../support/database"

const ends: (() => unknown)[] = []
let stateFile: string
let local: LocalStripe

/** An account in good order, as `stripe:sync` leaves it, at a public address. */
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-check-"))
  ends.push(() => rmSync(folder, { recursive: true }))
  stateFile = join(folder, "stripe.json")
  await begin()
  const database = await freshDatabase()
  ends.push(() => database.close())
  await syncCatalogue({ checkOnly: false, tell: () => {}, tellSecret: () => {} })
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  setEnv({})
})

async function begin() {
  local = await startLocalStripe({ stateFile })
  ends.push(() => local.stop())
  settings({})
}

function settings(more: Record<string, string>) {
  setEnv({
    APP_URL: "https://gate.example.test",
    APP_SECRET: "q7Zp0bVnX2mK9sTfYw4uRcE6hJ1aLdG8iOe3",
    STRIPE_SECRET_KEY: local.secretKey,
    STRIPE_API_URL: local.url,
    ...more,
  })
}

async function said(): Promise<string | undefined> {
  await checkCatalogue()
  return (await listAlerts()).find(({ key }) => key === "stripe-catalogue")?.words
}

const priceId = async (key: string) => (await stripe().prices.list({ lookup_keys: [key] })).data[0]?.id ?? ""

test("[B13] the start compares in the background", () => {
  expect(schedules.find(({ run }) => run === checkCatalogue)).toMatchObject({ atStart: true })
})

test("[B13] an account in good order raises nothing", async () => {
  expect(await said()).toBeUndefined()
})

test("[B13] prices that are missing, switched off or other are told, and the alert comes down when they are mended", async () => {
  await stripe().prices.update(await priceId("gatehouse_starter_yearly"), { active: false })
  await stripe().prices.create({
    product: "gatehouse_enterprise",
    currency: "eur",
    unit_amount: 19_900,
    recurring: { interval: "month" },
    lookup_key: "gatehouse_enterprise_monthly",
    transfer_lookup_key: true,
  })
  settings({ STRIPE_PROFESSIONAL_PRICE_ID: "price_gone" })
  const words = await said()
  expect(words).toContain("The price gatehouse_starter_yearly is deactivated; the plan costs $290.00 a year.")
  expect(words).toContain(
    "gatehouse_enterprise_monthly says €199.00 a month; the plan costs $199.00 a month.",
  )
  expect(words).toContain("The price that STRIPE_PROFESSIONAL_PRICE_ID names is not in the account;")
  expect(words).toContain("Run npm run stripe:sync")
  expect(words).not.toContain("gatehouse_starter_monthly")
  settings({})
  await syncCatalogue({ checkOnly: false, tell: () => {}, tellSecret: () => {} })
  expect(await said()).toBeUndefined()
})

test("[B13] an endpoint that is missing, off or of another version is told; on this machine none is expected", async () => {
  const [endpoint] = (await stripe().webhookEndpoints.list()).data
  await stripe().webhookEndpoints.update(endpoint?.id ?? "", { disabled: true })
  expect(await said()).toContain("/api/webhooks/stripe is switched off.")
  await stripe().webhookEndpoints.update(endpoint?.id ?? "", { disabled: false })
  expect(await said()).toBeUndefined()
  await local.stop()
  const saved = JSON.parse(readFileSync(stateFile, "utf8"))
  saved.collections.webhookEndpoints[0].api_version = "2024-06-20"
  writeFileSync(stateFile, JSON.stringify(saved))
  await begin()
  expect(await said()).toContain("speaks 2024-06-20 of the API")
  await stripe().webhookEndpoints.del(endpoint?.id ?? "")
  expect(await said()).toContain(
    "There is no webhook endpoint https://gate.example.test/api/webhooks/stripe.",
  )
  settings({ APP_URL: "http://localhost:3000" })
  expect(await said()).toBeUndefined()
})

test("[B13] a key that may not see endpoints still has its prices compared", async () => {
  const guard = createServer(async (request, response) => {
    if (request.url?.startsWith("/v1/webhook_endpoints")) {
      const error = { type: "invalid_request_error", message: "The provided key does not have access." }
      response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ error }))
      return
    }
    const headers = { authorization: request.headers.authorization ?? "" }
    const answer = await fetch(`${local.url}${request.url}`, { headers })
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text())
  })
  const port = await new Promise<number>(resolve =>
    guard.listen(0, "127.0.0.1", () => {
      const address = guard.address()
      resolve(typeof address === "object" && address ? address.port : 0)
    }),
  )
  ends.push(() => {
    guard.closeAllConnections()
    guard.close()
  })
  await stripe().prices.update(await priceId("gatehouse_starter_yearly"), { active: false })
  settings({ STRIPE_API_URL: `http://127.0.0.1:${port}` })
  const words = await said()
  expect(words).toContain("gatehouse_starter_yearly is deactivated")
  expect(words).not.toContain("endpoint")
  const synced = await syncCatalogue({ checkOnly: true, tell: () => {}, tellSecret: () => {} })
  expect(synced).toMatchObject({
    error: expect.stringContaining("may not do this (The provided key does not"),
  })
})

test("[B13] while Stripe is away nothing is raised and nothing taken down", async () => {
  await stripe().prices.update(await priceId("gatehouse_starter_yearly"), { active: false })
  const before = await said()
  expect(before).toContain("gatehouse_starter_yearly")
  const log = captureLog()
  await local.stop()
  expect(await said()).toBe(before)
  log.stop()
  expect(log.records.filter(({ level }) => level === "error")).toEqual([])
  expect(log.records.map(({ msg }) => msg)).toContain("the plans could not be compared with stripe")
  settings({ STRIPE_SECRET_KEY: "", STRIPE_API_URL: "" })
  expect(await said()).toBe(before)
})
