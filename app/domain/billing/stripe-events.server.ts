/**
 * Webhooks [B4]. An event is stored with its job in one transaction and then answered: what was answered with 200 is on disk.
 * The unique id makes a second copy a no-op. Nothing of the body but the envelope is kept; the rest is fetched when the event
 * is handled, because an event only says that something may have changed.
 */
import { topicOf } from "~/domain/billing/event-topics"
import { deadEventsAlert, handleStripeEvent } from "~/domain/billing/handle-event.server"
import { type ReceivedEvent, verifyStripeEvent } from "~/domain/billing/stripe-signature.server"
import { clearAlert } from "~/domain/mail/alerts.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { db, isUniqueViolation, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { failpoint } from "~/platform/failpoint.server"
import { newId } from "~/platform/ids.server"
import { log } from "~/platform/log.server"

export type Stored = "stored" | "duplicate" | "ignored"

/** `closed`: no secret is set. `wrong_mode`: a live event beside a test key, or the other way round. */
export type WebhookRefusal = "closed" | "unsigned" | "malformed" | "wrong_mode"

/** Takes a webhook's raw body and signature header. When this resolves well, the event is committed. */
export async function receiveStripeEvent(
  body: Uint8Array,
  signature: string | null,
): Promise<Result<Stored, WebhookRefusal>> {
  const { stripe, stripeWebhookSecrets } = env()
  if (!stripe || stripeWebhookSecrets.length === 0) return err("closed")
  const event = verifyStripeEvent(body, signature, stripeWebhookSecrets)
  if (!event.ok) return refuse(event.error)
  if (event.value.livemode !== stripe.livemode) return refuse("wrong_mode")
  const stored = await storeStripeEvent(event.value, "webhook")
  failpoint("stripe-event.stored")
  return ok(stored)
}

/** Stores an event with its job, unless it is known. One that was given up is taken up again when Stripe sends it anew. */
export async function storeStripeEvent(event: ReceivedEvent, source: "webhook" | "sweep"): Promise<Stored> {
  const concernsUs = topicOf(event.type) !== undefined
  try {
    await transaction(async tx => {
      await tx.stripeEvent.create({
        data: {
          ...event,
          source,
          receivedAt: now(),
          ...(!concernsUs && { state: "ignored", effect: "of no use here", processedAt: now() }),
        },
      })
      if (concernsUs)
        await handleStripeEvent.enqueue(tx, { eventId: event.id }, { uniqueKey: firstJob(event.id) })
    })
  } catch (error) {
    if (!isUniqueViolation(error, "id")) throw error
    if (source === "webhook") await replayStripeEvent(event.id)
    return "duplicate"
  }
  log.info({ event: event.id, type: event.type, source }, "stripe event stored")
  return concernsUs ? "stored" : "ignored"
}

/** Puts a given-up event back into the queue. False when there is no such event, or it is not given up. */
export async function replayStripeEvent(eventId: string): Promise<boolean> {
  return transaction(async tx => {
    const revived = await tx.stripeEvent.updateMany({
      where: { id: eventId, state: "dead" },
      data: { state: "received", attempts: 0, lastError: null },
    })
    if (revived.count === 0) return false
    if ((await tx.stripeEvent.count({ where: { state: "dead" } })) === 0)
      await clearAlert(deadEventsAlert, tx)
    await handleStripeEvent.enqueue(tx, { eventId }, { uniqueKey: anotherJob(eventId) })
    return true
  })
}

/** Puts every given-up event back into the queue, the oldest first. Returns how many. */
export async function replayDeadEvents(): Promise<number> {
  const dead = await db().stripeEvent.findMany({
    where: { state: "dead" },
    orderBy: { receivedAt: "asc" },
    select: { id: true },
  })
  let replayed = 0
  for (const { id } of dead) if (await replayStripeEvent(id)) replayed += 1
  return replayed
}

/** Puts every stored but unfinished event that has no job into the queue; for the start, after a crash. Returns how many. */
export async function resumeStripeEvents(): Promise<number> {
  const unfinished = await db().stripeEvent.findMany({ where: { state: "received" }, select: { id: true } })
  let resumed = 0
  for (const { id } of unfinished) {
    if (await hasOpenJob(id)) continue
    await handleStripeEvent.enqueue(db(), { eventId: id }, { uniqueKey: anotherJob(id) })
    resumed += 1
  }
  return resumed
}

async function hasOpenJob(eventId: string): Promise<boolean> {
  const open = await db().job.count({
    where: {
      uniqueKey: { startsWith: `${handleStripeEvent.kind}:${eventId}:` },
      state: { in: ["queued", "running"] },
    },
  })
  return open > 0
}

/** One job for the first copy; a replay is a job of its own. */
const firstJob = (eventId: string) => `${eventId}:`
const anotherJob = (eventId: string) => `${eventId}:${newId()}`

function refuse(why: WebhookRefusal) {
  log.warn({ why }, "stripe webhook refused")
  return err(why)
}
