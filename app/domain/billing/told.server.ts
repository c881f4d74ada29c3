/**
 * Whether an event tells of a difference that a comparison came upon. Between the moment Stripe changes something and the moment
 * we have handled what it says of it, both sides differ and nothing is amiss: the event waits in our queue, or is on its way.
 */
import { tellingTypes } from "~/domain/billing/event-topics"
import { readEvent } from "~/domain/billing/stripe-signature.server"
import { fromNow } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"

/** Stripe sends within seconds, and in bad minutes within some. In milliseconds. */
const arrivingFor = 10 * 60 * 1000

/** What a difference is about: a subscription or payment page, and who pays for it. */
export type Subject = { objectId: string; stripeCustomerId: string | null }

/** Joins `client`'s transaction, so that a subscription just written is known. */
export async function subjectOf(client: Client, objectId: string): Promise<Subject> {
  const subscription = await client.subscription.findUnique({
    where: { stripeSubscriptionId: objectId },
    select: { stripeCustomerId: true },
  })
  const page = await client.checkout.findUnique({
    where: { stripeSessionId: objectId },
    select: { organization: { select: { stripeCustomerId: true } } },
  })
  const stripeCustomerId = subscription?.stripeCustomerId ?? page?.organization?.stripeCustomerId ?? null
  return { objectId, stripeCustomerId }
}

/** Whether an event about it, or about anything else of the same customer, is still to be handled here. */
export async function isToldOf(client: Client, { objectId, stripeCustomerId }: Subject): Promise<boolean> {
  const about = [{ objectId }, ...(stripeCustomerId ? [{ stripeCustomerId }] : [])]
  return (await client.stripeEvent.count({ where: { state: "received", OR: about } })) > 0
}

/** Whether an event about any plan of an organisation is still to be handled here: until then our rows may be behind. */
export async function isOrganizationToldOf(client: Client, organizationId: string): Promise<boolean> {
  const rows = await client.subscription.findMany({
    where: { organizationId },
    select: { stripeSubscriptionId: true, stripeCustomerId: true },
  })
  for (const { stripeSubscriptionId: objectId, stripeCustomerId } of rows) {
    if (await isToldOf(client, { objectId, stripeCustomerId })) return true
  }
  return false
}

/** Whether Stripe has only just told of it. Throws Stripe's errors. */
export async function isBeingTold({ objectId, stripeCustomerId }: Subject): Promise<boolean> {
  const gte = Math.floor(fromNow(-arrivingFor).getTime() / 1000)
  for await (const listed of stripe().events.list({
    created: { gte },
    types: [...tellingTypes],
    limit: 100,
  })) {
    const event = readEvent(listed)
    if (!event.ok) continue
    if (event.value.objectId === objectId) return true
    if (stripeCustomerId !== null && event.value.stripeCustomerId === stripeCustomerId) return true
  }
  return false
}
