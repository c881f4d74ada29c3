import type Stripe from "stripe"
import { isKnownStatus } from "~/domain/billing/access"
import { paymentTroubleOf } from "~/domain/billing/payment-trouble.server"
import { soldAt } from "~/domain/billing/prices.server"
import { raiseAlert } from "~/domain/mail/alerts.server"
import type { Subscription } from "~/platform/models.server"

/** The part of our row that Stripe decides. */
export type Snapshot = Pick<
  Subscription,
  | "stripeSubscriptionId"
  | "stripeCustomerId"
  | "stripePriceId"
  | "plan"
  | "interval"
  | "status"
  | "currentPeriodEnd"
  | "cancelAt"
  | "endedAt"
  | "trialEnd"
  | "unknownStatus"
  | "paymentTrouble"
  | "periodAmount"
  | "currency"
  | "stripeCreatedAt"
>

/**
 * What Stripe says of a subscription, in our terms [B9]: the plan from the item's price, the period's end from the item, the end
 * from `cancel_at`, else from `cancel_at_period_end`. May ask Stripe for prices, and for the payment of what is owed: `options` where somebody waits.
 */
export async function readSubscription(
  subscription: Stripe.Subscription,
  options?: Stripe.RequestOptions,
): Promise<Snapshot> {
  const { item, sold } = await planItem(subscription, options)
  const periodEnd = dateOf(item.current_period_end)
  return {
    stripeSubscriptionId: subscription.id,
    stripeCustomerId: idOf(subscription.customer),
    stripePriceId: item.price.id,
    plan: sold?.plan ?? null,
    interval: sold?.interval ?? (item.price.recurring?.interval === "year" ? "year" : "month"),
    status: subscription.status,
    unknownStatus: isKnownStatus(subscription.status) ? null : subscription.status,
    currentPeriodEnd: periodEnd,
    cancelAt: dateOf(subscription.cancel_at) ?? (subscription.cancel_at_period_end ? periodEnd : null),
    endedAt: dateOf(subscription.ended_at),
    trialEnd: dateOf(subscription.trial_end),
    stripeCreatedAt: new Date(subscription.created * 1000),
    paymentTrouble: await paymentTroubleOf(subscription, options),
    periodAmount: amountOf(item),
    currency: item.price.currency,
  }
}

/** What a period of it costs. An operator may have set a quantity at Stripe; a price in tiers has no amount of its own. */
export function amountOf({
  price,
  quantity,
}: Pick<Stripe.SubscriptionItem, "price" | "quantity">): number | null {
  return price.unit_amount === null ? null : price.unit_amount * (quantity ?? 1)
}

/** The item whose price is a plan; beside it there may be others, added by hand. Without one the first item, and an alert. */
async function planItem(subscription: Stripe.Subscription, options?: Stripe.RequestOptions) {
  for (const item of subscription.items.data) {
    const sold = await soldAt(item.price, options)
    if (sold) return { item, sold }
  }
  const [item] = subscription.items.data
  if (!item) throw new Error(`Subscription ${subscription.id} has no item.`)
  await reportPrice(item.price.id, subscription.id)
  return { item, sold: undefined }
}

async function reportPrice(priceId: string, subscriptionId: string): Promise<void> {
  await raiseAlert(`unknown-price:${priceId}`, {
    title: `The price ${priceId} belongs to no plan`,
    words: `Subscription ${subscriptionId} is for it and grants nothing. Give the price the lookup key of a plan, or name it in one of the STRIPE_…_PRICE_ID settings; then replay the event.`,
  })
}

/** The id of what Stripe gives as an id or as the whole object. */
export function idOf(reference: string | { id: string }): string {
  return typeof reference === "string" ? reference : reference.id
}

function dateOf(seconds: number | null | undefined): Date | null {
  return typeof seconds === "number" ? new Date(seconds * 1000) : null
}
