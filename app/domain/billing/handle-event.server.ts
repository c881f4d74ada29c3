/**
 * Handling a stored event [B5]. It is a hint: the object is fetched, then effects and "done" are one transaction, so a crash
 * in between leaves an event that is simply handled again. A failed try goes back to the queue with growing pauses; after
 * the last one the event is dead and the operator is told.
 */
import { z } from "zod"
import { applyFresh } from "~/domain/billing/apply-fresh.server"
import { prepareDeletion } from "~/domain/billing/deleted-customer.server"
import { prepareDispute } from "~/domain/billing/disputes.server"
import { ignored, type Prepared } from "~/domain/billing/effect.server"
import { type Topic, topicOf } from "~/domain/billing/event-topics"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { inTurn } from "~/domain/billing/in-turn"
import { prepareInvoice, subscriptionOf, withInvoice } from "~/domain/billing/invoice-rows.server"
import { prepareRefund } from "~/domain/billing/refunds.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { organizationOfObject } from "~/domain/billing/whose.server"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"
import type { StripeEvent } from "~/platform/models.server"
import { stripe } from "~/platform/stripe.server"

/** Stands while events are given up. */
export const deadEventsAlert = "dead-events"

export const handleStripeEvent = defineJob({
  kind: "stripe.event",
  payload: z.object({ eventId: z.string() }),
  run: async ({ eventId }) => handle(eventId),
  onDead: async ({ eventId }, error) => bury(eventId, error),
})

async function handle(eventId: string): Promise<void> {
  const event = await db().stripeEvent.findUnique({ where: { id: eventId } })
  if (event?.state !== "received") return
  await db().stripeEvent.update({ where: { id: eventId }, data: { attempts: { increment: 1 } } })
  try {
    const { id, prepare } = await targetOf(event)
    const effect = await inTurn(id, () =>
      applyFresh(prepare, async (tx, { state, effect, organizationId }) => {
        await tx.stripeEvent.updateMany({
          where: { id: eventId, state: "received" },
          data: {
            state,
            effect,
            lastError: null,
            processedAt: now(),
            organizationId: organizationId ?? (await organizationOfObject(tx, id)),
          },
        })
      }),
    )
    log.info({ event: eventId, type: event.type, ...effect }, "stripe event handled")
  } catch (error) {
    await noteFailure(eventId, error)
    throw error
  }
}

/** What an event makes us look at, whatever it says. */
type Target = { id: string; prepare: () => Promise<Prepared> }

const subscription = (id: string): Target => ({ id, prepare: () => prepareSync(id) })

const targets: Record<Topic, (event: StripeEvent) => Promise<Target>> = {
  session: async ({ objectId, type }) => {
    const debitFailed = type === "checkout.session.async_payment_failed"
    return { id: objectId, prepare: () => prepareFulfilment({ sessionId: objectId, debitFailed }) }
  },
  subscription: async ({ objectId }) => subscription(objectId),
  // Besides itself, an invoice says that its subscription may have changed; the plan is never read from its lines [B9].
  invoice: async ({ objectId }) => {
    const invoice = await stripe().invoices.retrieve(objectId)
    const id = subscriptionOf(invoice)
    if (!id) return { id: objectId, prepare: async () => prepareInvoice(invoice) }
    return { id, prepare: async () => withInvoice(await prepareSync(id), invoice) }
  },
  refund: async ({ objectId }) => ({ id: objectId, prepare: () => prepareRefund(objectId) }),
  dispute: async ({ objectId }) => ({ id: objectId, prepare: () => prepareDispute(objectId) }),
  customer: async ({ objectId }) => ({ id: objectId, prepare: () => prepareDeletion(objectId) }),
}

async function targetOf(event: StripeEvent): Promise<Target> {
  const topic = topicOf(event.type)
  return topic ? targets[topic](event) : nothing(event.objectId, "of no use here")
}

function nothing(id: string, why: string): Target {
  return { id, prepare: async () => ignored(why) }
}

async function noteFailure(eventId: string, error: unknown): Promise<void> {
  const lastError = error instanceof Error ? error.message.slice(0, 500) : "unknown"
  await db().stripeEvent.updateMany({ where: { id: eventId, state: "received" }, data: { lastError } })
}

async function bury(eventId: string, error: Error): Promise<void> {
  await db().stripeEvent.updateMany({
    where: { id: eventId, state: "received" },
    data: { state: "dead", lastError: error.message.slice(0, 500) },
  })
  const dead = await db().stripeEvent.count({ where: { state: "dead" } })
  await raiseAlert(deadEventsAlert, {
    title:
      dead === 1
        ? "An event of Stripe’s could not be handled"
        : `${dead} events of Stripe’s could not be handled`,
    words:
      "They were tried until the last attempt failed. Look at their errors under Billing events, given up, and replay them.",
  })
}
