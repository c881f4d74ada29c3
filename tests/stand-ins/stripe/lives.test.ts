import Stripe from "stripe"
import { expect, test } from "vitest"
import { openAccount } from "./account"
import { Dice } from "./dice"
import { InProcessClient } from "./in-process-client"
import { Life } from "./lives/life"
import { world } from "./test-world"

/** An account without a socket, the SDK that speaks to it, and a buyer who opens a checkout. */
async function inProcess() {
  const { context, controls } = openAccount()
  const prices = await controls.seedCatalogue()
  const stripe = new Stripe(context.ledger.settings.secretKey, {
    httpClient: new InProcessClient(context.api),
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: 200,
  })
  const open = (key: string, email: string) =>
    stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: prices[key] ?? "", quantity: 1 }],
      customer_email: email,
      success_url: "http://localhost:3000/done",
    })
  return { context, controls, stripe, open }
}

const KEYS = ["gatehouse_starter_monthly", "gatehouse_professional_yearly", "gatehouse_enterprise_monthly"]

async function live({ context, open }: Awaited<ReturnType<typeof inProcess>>, seed: number, steps: number) {
  const life = new Life(context, seed)
  const arrived: string[] = []
  for (let n = 0; n < 3; n += 1) await open(KEYS[n] ?? "", `buyer-${n}@example.test`)
  for (let n = 0; n < steps; n += 1) {
    life.step()
    arrived.push(...life.roughNews().map(event => event.type))
  }
  arrived.push(...life.lateNews().map(event => event.type))
  return { life, arrived }
}

// Ids are random; everything else of a story is the seed's.
const plain = (story: string[]) => story.map(line => line.replace(/\b[a-z]+_(test_)?\w{10,}/g, "·"))

test("[B15] one seed tells one life, step by step and delivery by delivery", async () => {
  const account = await inProcess()
  const one = await live(account, 7, 80)
  const two = await live(account, 7, 80)
  const other = await live(account, 8, 80)
  expect(plain(one.life.story)).toEqual(plain(two.life.story))
  expect(one.arrived).toEqual(two.arrived)
  expect(plain(one.life.story)).not.toEqual(plain(other.life.story))
  expect(new Set(one.life.story.map(line => line.split(" ")[1])).size).toBeGreaterThan(8)
})

test("[B15] in two hundred lives every event tells what is, and the books agree", async () => {
  const account = await inProcess()
  const { ledger } = account.context
  const seen = new Set<string>()
  for (let seed = 1; seed <= 200; seed += 1) {
    const { life } = await live(account, seed, 40)
    const story = `seed ${seed}\n${life.story.join("\n")}`
    for (const line of life.story) seen.add(line.split(" ")[1] ?? "")
    for (const row of ledger.subscriptions.all()) {
      seen.add(row.status)
      const last = ledger.events.filter(event => event.data.object.id === row.id).at(-1)
      expect(last?.data.object.status, story).toBe(row.status)
      expect(row.ended_at !== null, story).toBe(["canceled", "incomplete_expired"].includes(row.status))
    }
    for (const invoice of ledger.invoices.filter(row => row.status === "paid")) {
      const payment = ledger.paymentIntents.get(ledger.invoiceFacts.get(invoice.id)?.paymentIntent)
      expect(invoice.amount_paid, story).toBe(payment?.amount_received ?? 0)
      expect(invoice.amount_remaining, story).toBe(0)
    }
    for (const charge of ledger.charges.all())
      expect(charge.amount_refunded, story).toBeLessThanOrEqual(charge.amount)
  }
  for (const name of [
    "past_due",
    "paused",
    "canceled",
    "incomplete_expired",
    "strangePrice",
    "deleteCustomer",
  ])
    expect([...seen], name).toContain(name)
}, 60_000)

test("[B15] acts are done by name, with the clock standing still in between", async () => {
  const { context, stripe, open } = await inProcess()
  const life = new Life(context, 1)
  const session = await open("gatehouse_starter_monthly", "olive@example.test")
  const id = String(life.acts.pay(session.id))
  const [bought] = life.truth()
  expect(bought).toMatchObject({
    status: "active",
    lookupKeys: ["gatehouse_starter_monthly"],
    owingSince: null,
  })
  const before = life.clock()
  expect(life.news().map(event => event.type)).toContain("checkout.session.completed")
  expect(life.news()).toEqual([])

  life.acts.failCard(bought?.customer ?? "")
  expect(life.news()).toEqual([])
  life.acts.advance({ days: 32 })
  expect(life.clock() - before).toBe(32 * 86_400_000)
  expect(life.truth()[0]).toMatchObject({ status: "past_due", owingSince: expect.any(Number) })
  life.acts.recover(bought?.customer ?? "")
  expect((await stripe.subscriptions.retrieve(id)).status).toBe("active")
  life.acts.changePlan(id, "gatehouse_enterprise_monthly")
  expect(life.truth()[0]?.lookupKeys).toEqual(["gatehouse_enterprise_monthly"])
  const dispute = life.acts.dispute(bought?.customer ?? "")
  expect(life.acts.closeDispute(dispute.id, false).status).toBe("lost")
  life.acts.deleteCustomer(bought?.customer ?? "")
  expect(life.truth()[0]).toMatchObject({ status: "canceled", customerDeleted: true })
  expect(await stripe.customers.retrieve(bought?.customer ?? "")).toMatchObject({ deleted: true })
})

test("[B15] faults look in process as they do over a socket", async () => {
  const { controls, stripe } = await inProcess()
  const list = () => stripe.customers.list()
  for (const [kind, type] of [
    ["429", "StripeRateLimitError"],
    ["500", "StripeAPIError"],
    ["html", "StripeAPIError"],
    ["hang", "StripeConnectionError"],
    ["slow", "StripeConnectionError"],
    ["truncated", "StripeConnectionError"],
  ] as const) {
    await controls.fault({ kind })
    await expect(list(), kind).rejects.toMatchObject({ type })
  }
  await controls.fault({ kind: "reset", times: null })
  await expect(list()).rejects.toMatchObject({ type: "StripeConnectionError" })
  await controls.clearFaults()
  await expect(list()).resolves.toBeDefined()
})

test("[B15] a listening local Stripe begins life after life without starting anew", async () => {
  const { local, stripe, openSession } = await world()
  let begins = Date.UTC(2027, 5, 1) / 1_000
  for (const seed of [1, 2]) {
    const life = local.life(seed, begins)
    expect(life.clock()).toBe(begins * 1_000)
    begins += 400 * 86_400
    const session = await openSession()
    life.acts.pay(session.id)
    expect(life.truth()).toHaveLength(1)
    expect((await stripe.subscriptions.list()).data).toHaveLength(1)
    expect(session.created * 1_000).toBe(life.clock())
  }
})

test("[B15] dice are even enough, and a shuffle never answers the order it was given", () => {
  const dice = new Dice(42)
  const thrown = Array.from({ length: 3_000 }, () => dice.between(0, 2))
  for (const face of [0, 1, 2]) expect(thrown.filter(one => one === face).length).toBeGreaterThan(900)
  for (let n = 0; n < 50; n += 1) expect(dice.shuffle([1, 2])).toEqual([2, 1])
  expect(dice.pick([])).toBeUndefined()
})
