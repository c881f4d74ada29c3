import type Stripe from "stripe"

/** What an event is about; undefined for types that change nothing here. */
export type Topic = "session" | "subscription" | "invoice" | "refund" | "dispute" | "customer"

/** Every type Stripe knows. */
type EventType = Stripe.WebhookEndpointCreateParams.EnabledEvent

const topics: readonly (readonly [EventType, Topic])[] = [
  ["checkout.session.completed", "session"],
  ["checkout.session.async_payment_succeeded", "session"],
  ["checkout.session.async_payment_failed", "session"],
  ["checkout.session.expired", "session"],
  ["customer.subscription.created", "subscription"],
  ["customer.subscription.updated", "subscription"],
  ["customer.subscription.deleted", "subscription"],
  ["customer.subscription.trial_will_end", "subscription"],
  ["customer.subscription.paused", "subscription"],
  ["customer.subscription.resumed", "subscription"],
  ["customer.subscription.pending_update_applied", "subscription"],
  ["customer.subscription.pending_update_expired", "subscription"],
  ["invoice.finalized", "invoice"],
  ["invoice.paid", "invoice"],
  ["invoice.payment_failed", "invoice"],
  ["invoice.payment_action_required", "invoice"],
  ["invoice.marked_uncollectible", "invoice"],
  ["invoice.voided", "invoice"],
  ["charge.refunded", "refund"],
  ["charge.dispute.created", "dispute"],
  ["charge.dispute.updated", "dispute"],
  ["charge.dispute.closed", "dispute"],
  ["customer.deleted", "customer"],
]

/** The types worth sending to us: what the webhook endpoint subscribes to and the sweep asks for. */
export const handledTypes: readonly EventType[] = topics.map(([type]) => type)

/** The types that tell of what comparisons look at. */
export const tellingTypes: readonly EventType[] = topics
  .filter(([, topic]) => ["session", "subscription", "customer"].includes(topic))
  .map(([type]) => type)

const topicByType = new Map<string, Topic>(topics)

export function topicOf(type: string): Topic | undefined {
  return topicByType.get(type)
}
