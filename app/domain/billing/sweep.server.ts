/**
 * Finding webhooks that never came [B6]: Stripe's list of events since the last sweep, less an overlap, is compared with ours;
 * what is missing is stored and handled like any other. Stripe keeps events for 30 days. Running it twice changes nothing.
 * Source: https://docs.stripe.com/api/events/list
 */
import type Stripe from "stripe"
import { handledTypes } from "~/domain/billing/event-topics"
import { resumeStripeEvents, storeStripeEvent } from "~/domain/billing/stripe-events.server"
import { readEvent } from "~/domain/billing/stripe-signature.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, stripe, stripeTrouble } from "~/platform/stripe.server"

const sweptTo = "stripe.swept-to"
/** Seconds by which each sweep goes back behind the last: events may show up in the list a little late. */
const overlap = 60 * 60
/** How many types Stripe takes in one question. */
const typesAtOnce = 20

/** For the start of the process: takes up what a crash left unfinished, then sweeps. Stripe being away stops nothing. */
export async function repairStripeEvents(): Promise<void> {
  const resumed = await resumeStripeEvents()
  if (resumed > 0) log.info({ resumed }, "unfinished stripe events taken up again")
  await sweepStripeEvents()
}

/** Stores the events that were missed. Returns how many; 0 also when Stripe cannot be reached: the next sweep covers it. */
export async function sweepStripeEvents(): Promise<number> {
  if (!isStripeSetUp()) return 0
  const from = await sweepFrom()
  if (from === undefined) return 0
  try {
    const { missed, newest } = await storeMissed(from - overlap)
    await remember(Math.max(from, Math.min(newest, seconds(now()))))
    if (missed > 0) log.warn({ missed }, "stripe events had been missed")
    return missed
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "stripe events could not be swept")
    return 0
  }
}

/** When Stripe last answered a sweep; undefined before the first. */
export async function lastSweepAt(): Promise<Date | undefined> {
  const last = await db().setting.findUnique({ where: { key: sweptTo } })
  return last?.updatedAt
}

/** Before the first sweep, the first purchase: what happened earlier in the account is none of our business. */
async function sweepFrom(): Promise<number | undefined> {
  const last = await db().setting.findUnique({ where: { key: sweptTo } })
  if (last) return Number(last.value)
  const first = await db().checkout.findFirst({ orderBy: { createdAt: "asc" }, select: { createdAt: true } })
  return first ? seconds(first.createdAt) : undefined
}

async function storeMissed(since: number): Promise<{ missed: number; newest: number }> {
  let missed = 0
  let newest = 0
  for (let from = 0; from < handledTypes.length; from += typesAtOnce) {
    const types = handledTypes.slice(from, from + typesAtOnce)
    for await (const listed of stripe().events.list({ created: { gte: since }, types, limit: 100 })) {
      newest = Math.max(newest, listed.created)
      if (await storeIfMissed(listed)) missed += 1
    }
  }
  return { missed, newest }
}

async function storeIfMissed(listed: Stripe.Event): Promise<boolean> {
  const event = readEvent(listed)
  if (!event.ok || event.value.livemode !== env().stripe?.livemode) return false
  const { id } = event.value
  if (await db().stripeEvent.findUnique({ where: { id }, select: { id: true } })) return false
  return (await storeStripeEvent(event.value, "sweep")) === "stored"
}

async function remember(time: number): Promise<void> {
  const value = String(time)
  await db().setting.upsert({
    where: { key: sweptTo },
    create: { key: sweptTo, value, updatedAt: now() },
    update: { value, updatedAt: now() },
  })
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
