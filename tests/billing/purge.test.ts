import { expect, test } from "vitest"
import { purgeBilling } from "~/domain/billing/purge.server"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { days } from "../support/clock"
import { setUpWorld } from "../support/world"

const world = setUpWorld()

async function event(state: string, age: number): Promise<void> {
  const at = fromNow(-age)
  await db().stripeEvent.create({
    data: {
      id: `evt_${state}_${age / days(1)}`,
      state,
      type: "invoice.paid",
      objectId: "in_1",
      livemode: false,
      source: "webhook",
      createdAt: at,
      receivedAt: at,
    },
  })
}

async function finding(repaired: boolean, age: number): Promise<void> {
  await db().driftFinding.create({
    data: { id: newId(), stripeSubscriptionId: "sub_1", what: "status", repaired, at: fromNow(-age) },
  })
}

async function page(state: string, age: number, session?: string): Promise<void> {
  const at = fromNow(-age)
  await db().checkout.create({
    data: {
      id: newId(),
      stripeSessionId: session ? `${session}_${state}_${age / days(1)}` : null,
      plan: "starter",
      email: "dora@example.test",
      emailTyped: "dora@example.test",
      businessName: "Dora",
      state,
      createdAt: at,
      updatedAt: at,
      provisionedAt: state === "provisioned" ? at : null,
    },
  })
}

const left = async () => ({
  events: (await db().stripeEvent.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id),
  findings: (await db().driftFinding.findMany({ orderBy: { at: "asc" } })).map(row => row.repaired),
  pages: (await db().checkout.findMany({ orderBy: { createdAt: "asc" } })).map(
    ({ state, stripeSessionId }) => `${state} ${stripeSessionId ? "seen" : "unseen"}`,
  ),
})

test("[L20] what is settled goes after its time, what waits or was given up stays, and a second purge does nothing", async () => {
  const w = await world()
  w.settings({ KEEP_STRIPE_EVENTS: "10d", KEEP_CHECKOUTS: "20d" })
  for (const state of ["done", "ignored", "received", "dead"]) {
    await event(state, days(9))
    await event(state, days(11))
  }
  for (const age of [days(9), days(11)]) for (const repaired of [true, false]) await finding(repaired, age)
  for (const state of ["abandoned", "failed", "open", "on_its_way", "provisioned"]) {
    await page(state, days(21), "cs")
    await page(state, days(19), "cs")
  }
  await page("open", days(21))
  await page("open", days(19))
  // Done and ignored events, a repaired finding, two dead pages, and one that never reached Stripe.
  expect(await purgeBilling()).toBe(2 + 1 + 2 + 1)
  const kept = await left()
  expect(kept.events).toEqual([
    "evt_dead_11",
    "evt_dead_9",
    "evt_done_9",
    "evt_ignored_9",
    "evt_received_11",
    "evt_received_9",
  ])
  expect(kept.findings.filter(repaired => !repaired)).toHaveLength(2)
  expect(kept.findings).toHaveLength(3)
  expect(kept.pages.slice(0, 3).sort()).toEqual(["on_its_way seen", "open seen", "provisioned seen"])
  expect(kept.pages).toHaveLength(9)
  expect(await purgeBilling()).toBe(0)
  expect(await left()).toEqual(kept)
})

test("[L20] more than one part is purged whole", async () => {
  await world()
  const at = fromNow(-days(100))
  await db().stripeEvent.createMany({
    data: Array.from({ length: 2_500 }, (_, i) => ({
      id: `evt_${i}`,
      state: "done",
      type: "invoice.paid",
      objectId: "in_1",
      livemode: false,
      source: "sweep",
      createdAt: at,
      receivedAt: at,
    })),
  })
  expect(await purgeBilling()).toBe(2_500)
})
