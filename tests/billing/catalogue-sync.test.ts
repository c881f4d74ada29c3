import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type Stripe from "stripe"
import { afterEach, expect, test } from "vitest"
import { wantedPrices } from "~/domain/billing/catalogue"
import type { NewSecret } from "~/domain/billing/catalogue-endpoint.server"
import type { CatalogueLine } from "~/domain/billing/catalogue-run"
import { syncCatalogue } from "~/domain/billing/catalogue-sync.server"
import { handledTypes } from "~/domain/billing/event-topics"
import { portalMark, portalMarkValue } from "~/domain/billing/portal-configuration.server"
import { setEnv } from "~/platform/env.server"
import { environment } from "~/platform/environment.server"
import { stripe, stripeApiVersion } from "~/platform/stripe.server"
import { type LocalStripe, type LocalStripeOptions, startLocalStripe } from "../stand-ins/stripe/local-stripe"

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  setEnv({})
})

const publicAddress = {
  APP_URL: "https://gate.example.test",
  APP_SECRET: "q7Zp0bVnX2mK9sTfYw4uRcE6hJ1aLdG8iOe3",
}
const endpointUrl = "https://gate.example.test/api/webhooks/stripe"

async function account(options: LocalStripeOptions = {}, settings: Record<string, string> = {}) {
  const local = await startLocalStripe(options)
  ends.push(() => local.stop())
  const base = { ...publicAddress, STRIPE_SECRET_KEY: local.secretKey, STRIPE_API_URL: local.url }
  setEnv({ ...base, ...settings })
  return { local, settings: (more: Record<string, string>) => setEnv({ ...base, ...more }) }
}

async function sync(checkOnly = false) {
  const lines: CatalogueLine[] = []
  const secrets: NewSecret[] = []
  const result = await syncCatalogue({
    checkOnly,
    tell: line => lines.push(line),
    tellSecret: secret => secrets.push(secret),
  })
  const acts = lines.filter(({ what }) => ["make", "mend", "retire"].includes(what))
  return { result, lines, secrets, acts: acts.map(({ what, object }) => `${what} ${object}`) }
}

const writes = async (local: LocalStripe) =>
  (await local.calls()).filter(call => call.method !== "GET").length
const amountOf = (price: Stripe.Price | undefined) => [
  price?.unit_amount,
  price?.currency,
  price?.recurring?.interval,
]
const priceOf = async (key: string) => (await stripe().prices.list({ lookup_keys: [key] })).data[0]

test("[B13] an empty account gets products, prices, portal and endpoint; a second run writes nothing", async () => {
  const { local } = await account()
  const first = await sync()
  expect(first.result).toEqual({ ok: true, value: { acts: 11, problems: 0 } })
  const { data: products } = await stripe().products.list()
  expect(products.map(({ id, name }) => [id, name]).sort()).toEqual([
    ["gatehouse_enterprise", "Gatehouse Enterprise"],
    ["gatehouse_professional", "Gatehouse Professional"],
    ["gatehouse_starter", "Gatehouse Starter"],
  ])
  expect(amountOf(await priceOf("gatehouse_starter_monthly"))).toEqual([2900, "usd", "month"])
  expect(amountOf(await priceOf("gatehouse_starter_yearly"))).toEqual([29_000, "usd", "year"])
  expect(amountOf(await priceOf("gatehouse_professional_monthly"))).toEqual([7900, "usd", "month"])
  expect(amountOf(await priceOf("gatehouse_enterprise_yearly"))).toEqual([199_000, "usd", "year"])
  const { data: endpoints } = await stripe().webhookEndpoints.list()
  expect(endpoints).toMatchObject([{ url: endpointUrl, api_version: stripeApiVersion, status: "enabled" }])
  expect(endpoints[0]?.enabled_events.sort()).toEqual([...handledTypes].sort())
  expect(first.secrets).toEqual([{ secret: expect.stringMatching(/^whsec_/), replaces: false }])
  const before = await writes(local)
  const second = await sync()
  expect(second.result).toEqual({ ok: true, value: { acts: 0, problems: 0 } })
  expect(second.secrets).toEqual([])
  expect(await writes(local)).toBe(before)
})

test("[B13] the portal lets cards, invoices and plans be seen to, and a plan end with its period only", async () => {
  await account()
  await sync()
  const { data } = await stripe().billingPortal.configurations.list({
    expand: ["data.features.subscription_update.products"],
  })
  const [portal] = data.filter(one => one.metadata?.[portalMark] === portalMarkValue)
  expect(portal?.features).toMatchObject({
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: { enabled: true, default_allowed_updates: ["price"] },
  })
  const offered = portal?.features.subscription_update.products ?? []
  expect(offered.map(({ product, prices }) => [product, prices.length]).sort()).toEqual([
    ["gatehouse_enterprise", 2],
    ["gatehouse_professional", 2],
    ["gatehouse_starter", 2],
  ])
})

test("[B13] checking says what would be done and does nothing", async () => {
  const { local } = await account()
  const checked = await sync(true)
  expect(checked.result).toEqual({ ok: true, value: { acts: 11, problems: 0 } })
  expect(await writes(local)).toBe(0)
  const done = await sync()
  expect(done.acts).toEqual(checked.acts)
})

test("[B13] another amount is a new price that takes the key over; the old one is deactivated and keeps its amount", async () => {
  await account()
  await sync()
  const right = await priceOf("gatehouse_starter_monthly")
  const wrong = await stripe().prices.create({
    product: "gatehouse_starter",
    currency: "usd",
    unit_amount: 3500,
    recurring: { interval: "month" },
    lookup_key: "gatehouse_starter_monthly",
    transfer_lookup_key: true,
  })
  await stripe().products.update("gatehouse_starter", { default_price: wrong.id })
  const { lines, acts } = await sync()
  expect(acts[0]).toBe("make price gatehouse_starter_monthly")
  expect(acts.slice(1, 3).sort()).toEqual([`retire price ${wrong.id}`, `retire price ${right?.id}`].sort())
  expect(acts.slice(3)).toEqual([expect.stringMatching(/^mend portal configuration bpc_/)])
  expect(lines.find(({ what }) => what === "make")?.words).toBe(
    `$29.00 a month, because ${wrong.id} says $35.00 a month`,
  )
  const fresh = await priceOf("gatehouse_starter_monthly")
  expect(fresh).toMatchObject({ active: true, unit_amount: 2900, product: "gatehouse_starter" })
  expect(await stripe().prices.retrieve(wrong.id)).toMatchObject({
    active: false,
    unit_amount: 3500,
    lookup_key: null,
  })
  expect((await stripe().products.retrieve("gatehouse_starter")).default_price).toBe(fresh?.id)
  expect((await sync()).acts).toEqual([])
})

test("[B13] what was changed by hand is put back: names, switched-off prices, the portal, the endpoint's events", async () => {
  await account()
  await sync()
  const price = await priceOf("gatehouse_professional_yearly")
  await stripe().prices.update(price?.id ?? "", { active: false })
  await stripe().products.update("gatehouse_enterprise", { name: "Huge", active: false })
  const { data: portals } = await stripe().billingPortal.configurations.list()
  const portal = portals.find(one => one.metadata?.[portalMark] === portalMarkValue)?.id ?? ""
  await stripe().billingPortal.configurations.update(portal, {
    features: {
      subscription_cancel: { enabled: true, mode: "immediately" },
      invoice_history: { enabled: false },
    },
  })
  const [endpoint] = (await stripe().webhookEndpoints.list()).data
  await stripe().webhookEndpoints.update(endpoint?.id ?? "", {
    enabled_events: ["invoice.paid"],
    disabled: true,
  })
  const { acts, lines } = await sync()
  expect(acts).toEqual([
    "mend price gatehouse_professional_yearly",
    "mend product gatehouse_enterprise",
    `mend portal configuration ${portal}`,
    `mend webhook endpoint ${endpoint?.id}`,
  ])
  expect(lines.find(({ object }) => object === `portal configuration ${portal}`)?.words).toBe(
    "invoices, ending",
  )
  expect(await stripe().webhookEndpoints.retrieve(endpoint?.id ?? "")).toMatchObject({ status: "enabled" })
  expect((await sync()).acts).toEqual([])
})

test("[B13] an account made by hand is taken over: its prices and products keep their ids", async () => {
  const { local } = await account()
  const ids = await local.seedCatalogue()
  await sync()
  for (const [key, id] of Object.entries(ids)) expect((await priceOf(key))?.id).toBe(id)
  expect((await stripe().products.list()).data).toHaveLength(3)
  expect((await sync()).acts).toEqual([])
})

test("[B13] a product that something else is sold on is not renamed but reported, until those prices are marked", async () => {
  await account()
  const shop = await stripe().products.create({ name: "Our shop", description: "Written by hand" })
  const make = (unit_amount: number, more: Partial<Stripe.PriceCreateParams> = {}) =>
    stripe().prices.create({
      product: shop.id,
      currency: "usd",
      unit_amount,
      recurring: { interval: "month" },
      ...more,
    })
  const other = await make(500)
  const retired = await make(700)
  await stripe().prices.update(retired.id, { active: false })
  await make(2900, { lookup_key: "gatehouse_starter_monthly" })
  for (const checkOnly of [true, false]) {
    const { result, lines } = await sync(checkOnly)
    expect(result).toMatchObject({ value: { problems: 1 } })
    const problem = lines.find(({ what }) => what === "problem")
    expect(problem?.object).toBe(`product ${shop.id}`)
    expect(problem?.words).toContain(`because ${other.id} on it belongs to no plan`)
  }
  expect(await stripe().products.retrieve(shop.id)).toMatchObject({
    name: "Our shop",
    description: "Written by hand",
    metadata: {},
  })
  expect((await sync()).acts).toEqual([])
  await stripe().prices.update(other.id, { metadata: { gatehouse_plan: "starter" } })
  expect((await sync()).acts[0]).toBe(`mend product ${shop.id}`)
  expect((await stripe().products.retrieve(shop.id)).name).toBe("Gatehouse Starter")
})

test("[B13] a price named by a setting is sold and never touched; one that does not fit is a problem to solve", async () => {
  const { local, settings } = await account()
  const product = await stripe().products.create({ name: "Ours" })
  const make = (unit_amount: number) =>
    stripe().prices.create({
      product: product.id,
      currency: "usd",
      unit_amount,
      recurring: { interval: "month" },
    })
  const [fits, dear] = [await make(2900), await make(9900)]
  settings({
    STRIPE_STARTER_PRICE_ID: fits.id,
    STRIPE_PROFESSIONAL_PRICE_ID: dear.id,
    STRIPE_ENTERPRISE_PRICE_ID: "price_no",
  })
  const { result, lines } = await sync()
  expect(result).toMatchObject({ value: { problems: 2 } })
  const problems = lines.filter(({ what }) => what === "problem").map(({ words }) => words)
  expect(problems[0]).toContain(
    "STRIPE_PROFESSIONAL_PRICE_ID names says $99.00 a month; the plan costs $79.00 a month",
  )
  expect(problems[1]).toContain("STRIPE_ENTERPRISE_PRICE_ID names is not in the account")
  expect(await priceOf("gatehouse_starter_monthly")).toBeUndefined()
  expect(amountOf(await priceOf("gatehouse_starter_yearly"))).toEqual([29_000, "usd", "year"])
  const touched = (await local.calls()).filter(
    ({ method, path }) => method === "POST" && path.includes(fits.id),
  )
  expect(touched).toEqual([])
  expect((await sync()).acts).toEqual([])
})

test("[B13] an endpoint of another version is replaced: the new one stands before the old one is switched off", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-sync-"))
  ends.push(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, "stripe.json")
  const { local } = await account({ stateFile })
  await sync()
  await local.stop()
  const saved = JSON.parse(readFileSync(stateFile, "utf8"))
  saved.collections.webhookEndpoints[0].api_version = "2024-06-20"
  const old = saved.collections.webhookEndpoints[0].id
  writeFileSync(stateFile, JSON.stringify(saved))
  const { local: later } = await account({ stateFile })
  const { acts, secrets } = await sync()
  expect(acts).toEqual([`make webhook endpoint ${endpointUrl}`, `retire webhook endpoint ${old}`])
  expect(secrets).toEqual([{ secret: expect.stringMatching(/^whsec_/), replaces: true }])
  const states = (await stripe().webhookEndpoints.list()).data.map(one => [one.api_version, one.status])
  expect(states.sort()).toEqual([
    ["2024-06-20", "disabled"],
    [stripeApiVersion, "enabled"],
  ])
  const made = (await later.calls()).filter(
    ({ method, path }) => method === "POST" && path.includes("webhook_endpoints"),
  )
  expect(made.map(({ path }) => path)).toEqual(["/v1/webhook_endpoints", `/v1/webhook_endpoints/${old}`])
  expect((await sync()).acts).toEqual([])
})

test("[B13] where Stripe cannot reach APP_URL the endpoint is left out, with a sentence", async () => {
  const { settings } = await account()
  settings({ APP_URL: "http://localhost:3000" })
  const { lines } = await sync()
  expect(lines.at(-1)).toMatchObject({
    what: "skipped",
    words: expect.stringContaining("which Stripe cannot reach"),
  })
  expect((await stripe().webhookEndpoints.list()).data).toEqual([])
})

test("[B13] a run that breaks off anywhere is finished by the next one, with one of each", {
  timeout: 60_000,
}, async () => {
  const { local } = await account()
  for (const path of ["/v1/prices", "/v1/billing_portal/configurations", "/v1/webhook_endpoints"]) {
    await local.fault({ kind: "500", times: 3, path, method: "POST" })
    const { result } = await sync()
    expect(result).toEqual({ ok: false, error: expect.stringContaining("Stripe has trouble of its own") })
  }
  await local.fault({ kind: "reset", times: 2, path: "/v1/webhook_endpoints", method: "POST", after: true })
  expect((await sync()).secrets).toHaveLength(1)
  expect((await sync()).acts).toEqual([])
  expect((await stripe().products.list()).data).toHaveLength(3)
  expect((await stripe().prices.list()).data).toHaveLength(6)
  expect((await stripe().webhookEndpoints.list()).data).toHaveLength(1)
})

test("[B13] two runs at once do no harm: the next one leaves one product and one price of each", async () => {
  await account()
  await Promise.all([sync(), sync()])
  await sync()
  expect((await sync()).acts).toEqual([])
  expect((await stripe().products.list()).data).toHaveLength(3)
  const { data } = await stripe().prices.list({ active: true })
  expect(data.map(price => price.lookup_key).sort()).toEqual(
    wantedPrices.map(wanted => wanted.lookupKey).sort(),
  )
})

test("[B13] Stripe's refusals are said in plain words", async () => {
  const { local, settings } = await account()
  settings({ STRIPE_SECRET_KEY: "sk_test_of_somebody_else" })
  expect((await sync()).result).toMatchObject({ error: expect.stringContaining("does not accept the key") })
  settings({})
  await local.fault({ kind: "429", times: null })
  expect((await sync()).result).toMatchObject({ error: expect.stringContaining("Wait a minute") })
  await local.stop()
  expect((await sync()).result).toMatchObject({ error: expect.stringContaining("Stripe does not answer") })
  settings({ STRIPE_SECRET_KEY: "", STRIPE_API_URL: "" })
  expect((await sync()).result).toMatchObject({
    error: expect.stringContaining("STRIPE_SECRET_KEY is empty"),
  })
})

test("[B13] the command prints what it changed, ends with 1 on a difference, and shows no stack", {
  timeout: 60_000,
}, async () => {
  const { local } = await account()
  const at = { ...publicAddress, STRIPE_SECRET_KEY: local.secretKey, STRIPE_API_URL: local.url }
  const checked = await command(at, "--check")
  expect(checked).toMatchObject({
    code: 1,
    out: expect.stringContaining("to make    price gatehouse_starter_monthly: $29.00 a month"),
  })
  expect(checked.out).toContain("11 things to change.")
  const done = await command(at)
  expect(done.code).toBe(0)
  expect(done.out.match(/STRIPE_WEBHOOK_SECRET=whsec_\w+/g)).toHaveLength(1)
  expect(done.out).toContain("11 things changed.")
  expect(await command(at, "--check")).toMatchObject({
    code: 0,
    out: expect.stringContaining("Nothing to change."),
  })
  const refused = await command({ ...at, STRIPE_SECRET_KEY: "sk_test_wrong" })
  expect(refused).toMatchObject({ code: 1, err: "" })
  expect(refused.out).not.toMatch(/\n\s+at /)
  expect(await command({ ...at, APP_URL: "nowhere" })).toMatchObject({
    code: 1,
    out: expect.stringContaining("APP_URL: must be"),
  })
  expect(await command(at, "--chekc")).toMatchObject({ code: 1, out: expect.stringContaining("Usage:") })
})

async function command(settings: Record<string, string>, ...args: string[]) {
  const blank = Object.fromEntries(Object.keys(environment.shape).map(name => [name, ""]))
  const child = spawn(process.execPath, ["--import", "tsx", "app/commands/stripe-sync.ts", ...args], {
    env: { ...blank, NODE_ENV: "test", PATH: process.env.PATH, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let [out, err] = ["", ""]
  child.stdout.on("data", part => (out += part))
  child.stderr.on("data", part => (err += part))
  const [code] = await once(child, "close")
  return { code, out, err }
}
