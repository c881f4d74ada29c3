import { afterAll, beforeAll, expect, test } from "vitest"
import { db } from "~/platform/db.server"
import type { EventObject } from "../stand-ins/stripe/objects"
import { type Billing, firstEvents, startBilling } from "../support/stripe"

let billing: Billing
beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())

const paidAndProvisioned = {
  state: "provisioned",
  organization: {
    named: true,
    customer: true,
    begun: [],
    members: [{ role: "owner", isBuyer: true, proven: false }],
    subscriptions: [
      { status: "active", plan: "professional", interval: "month", cancelAt: null, endedAt: null },
    ],
  },
  mails: ["activation"],
}

function permutations(list: readonly string[]): string[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap(one => permutations(list.filter(other => other !== one)).map(rest => [one, ...rest]))
}

async function firstFour(): Promise<{ checkoutId: string; byType: Map<string, EventObject> }> {
  const { checkout } = await billing.buy()
  const events = await billing.news(firstEvents)
  return { checkoutId: checkout.id, byType: new Map(events.map(event => [event.type, event])) }
}

test("[B5] all 24 orders of the four first webhooks, each handled before the next comes, end in one state", {
  timeout: 90_000,
}, async () => {
  const orders = permutations(firstEvents)
  expect(orders).toHaveLength(24)
  for (const order of orders) {
    const { checkoutId, byType } = await firstFour()
    for (const type of order) {
      const event = byType.get(type)
      if (!event) throw new Error(`Stripe did not tell of ${type}.`)
      expect(await billing.deliver(event)).toEqual({ ok: true, value: "stored" })
      await billing.jobs.settle()
    }
    expect(await billing.stateOf(checkoutId), order.join(", ")).toEqual(paidAndProvisioned)
  }
})

test("[B5] all 24 orders, handled at once after all have come, end in the same state", {
  timeout: 90_000,
}, async () => {
  for (const order of permutations(firstEvents)) {
    const { checkoutId, byType } = await firstFour()
    for (const type of order) {
      const event = byType.get(type)
      if (event) await billing.deliver(event)
    }
    await billing.jobs.settle()
    expect(await billing.stateOf(checkoutId), order.join(", ")).toEqual(paidAndProvisioned)
  }
})

test("[B5] ten copies of each of the four at once have one effect and one mail", async () => {
  const { checkoutId, byType } = await firstFour()
  const copies = [...byType.values()].flatMap(event => Array.from({ length: 10 }, () => event))
  const answers = await Promise.all(copies.map(event => billing.deliver(event)))
  expect(answers.filter(answer => answer.ok && answer.value === "stored")).toHaveLength(4)
  expect(answers.filter(answer => answer.ok && answer.value === "duplicate")).toHaveLength(36)
  await billing.jobs.settle()
  expect(await billing.stateOf(checkoutId)).toEqual(paidAndProvisioned)
})

test("[B5] any one of the four alone is enough", async () => {
  for (const type of firstEvents) {
    const { checkoutId, byType } = await firstFour()
    const event = byType.get(type)
    if (event) await billing.deliver(event)
    await billing.jobs.settle()
    expect(await billing.stateOf(checkoutId), type).toEqual(paidAndProvisioned)
  }
})

test("[B5] every event that was handled is done, and none is left", async () => {
  await firstFour().then(async ({ byType }) => {
    for (const event of byType.values()) await billing.deliver(event)
  })
  await billing.jobs.settle()
  const unfinished = await db().stripeEvent.findMany({ where: { state: { not: "done" } } })
  expect(unfinished).toEqual([])
})
