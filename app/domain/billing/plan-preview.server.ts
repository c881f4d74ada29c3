/**
 * What a change of plan would cost, before anybody agrees to it [B10]. Stripe reckons it as it will bill it: what is left of the
 * old plan against the rest of the new one, to one second, which is posted back with the choice and used for the change. The
 * difference is billed at once; a credit is kept for the next invoices.
 * Source: https://docs.stripe.com/billing/subscriptions/prorations
 */
import type Stripe from "stripe"
import { isClosing } from "~/domain/billing/closing.server"
import { currentSubscription } from "~/domain/billing/current-subscription.server"
import { hear } from "~/domain/billing/hear.server"
import type { PlanChoice, PlanObstacle, PlanPreview, PreviewRefusal } from "~/domain/billing/plan-change"
import { latestInvoiceOf, sealOffer, standsAs } from "~/domain/billing/plan-offer.server"
import { type Interval, isInterval, isPlanId, type PlanId, plans } from "~/domain/billing/plans"
import { priceIdOf } from "~/domain/billing/prices.server"
import { seatsOf } from "~/domain/billing/seats.server"
import { amountOf, idOf } from "~/domain/billing/snapshot.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { isStripeSetUp, stripe } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** Milliseconds for the three questions of a preview together. */
const patience = 9_000

export type PlanWish = { plan: PlanId; interval: Interval }

/** What an organisation has, for the page that offers the others. */
export async function planChoiceOf(membership: Membership): Promise<PlanChoice> {
  const row = await currentSubscription(membership.organizationId)
  return {
    ...had(row),
    seats: await seatsOf(membership),
    obstacle: await obstacleOf(membership.organizationId, row),
  }
}

/** Why an organisation's plan cannot be changed here, as far as our row knows; undefined when it can. */
export async function obstacleOf(
  organizationId: string,
  row: Subscription | undefined,
): Promise<PlanObstacle | undefined> {
  if (await isClosing(organizationId)) return "closing"
  if (row?.status === "paused") return "paused"
  if (row?.status === "past_due" || row?.status === "unpaid") {
    return row.paymentTrouble === "needs_confirmation" ? "unconfirmed" : "unpaid"
  }
  if (!row || (row.status !== "active" && row.status !== "trialing")) return "none"
  return row.cancelAt ? "ending" : undefined
}

/** What changing to this plan would cost at this moment. The refusals are told apart in `plan-change.ts`. */
export async function previewPlan(
  membership: Membership,
  wish: PlanWish,
): Promise<Result<PlanPreview, PreviewRefusal>> {
  return preview(membership, wish, false)
}

async function preview(
  membership: Membership,
  wish: PlanWish,
  heard: boolean,
): Promise<Result<PlanPreview, PreviewRefusal>> {
  const row = await currentSubscription(membership.organizationId)
  const obstacle = await obstacleOf(membership.organizationId, row)
  if (obstacle || !row) return err(obstacle ?? "none")
  const from = had(row)
  if (from.plan === wish.plan && from.interval === wish.interval) return err("same")
  if (!isStripeSetUp()) return err("unavailable")
  const asked = await askOnce(patience, options => ask(row, wish, options))
  if (!asked.ok) {
    log.warn(
      { kind: asked.error.kind, trouble: asked.error.words },
      "a change of plan could not be previewed",
    )
    return err("unavailable")
  }
  if (asked.value === "unheard") {
    if (heard || !(await hear(row.stripeSubscriptionId))) return err("unavailable")
    return preview(membership, wish, true)
  }
  if (asked.value === "not_sold" || asked.value === "collection_paused") return err(asked.value)
  const { itemId, price, quantity, invoice, prorationDate, subscription } = asked.value
  const trial = subscription.status === "trialing"
  return ok({
    from,
    to: wish,
    ...amountsOf(invoice, trial),
    perPeriod: amountOf({ price, quantity }) ?? plans[wish.plan].cents[wish.interval],
    nextAt: nextAt(row, asked.value, from.interval !== wish.interval),
    trial,
    seats: await seatsOf(membership),
    newLimit: plans[wish.plan].seats,
    offer: sealOffer({
      organizationId: membership.organizationId,
      subscriptionId: row.id,
      itemId,
      fromPriceId: row.stripePriceId,
      toPriceId: price.id,
      latestInvoiceId: latestInvoiceOf(subscription),
      status: subscription.status,
      ...wish,
      prorationDate,
    }),
  })
}

type Reckoned = {
  itemId: string
  price: Stripe.Price
  /** Kept by the change. */
  quantity: number | undefined
  invoice: Stripe.Invoice
  prorationDate: number
  subscription: Stripe.Subscription
}

async function ask(
  row: Subscription,
  wish: PlanWish,
  options: Stripe.RequestOptions,
): Promise<Reckoned | "not_sold" | "collection_paused" | "unheard"> {
  const id = row.stripeSubscriptionId
  const [priceId, subscription] = await Promise.all([
    priceIdOf(wish.plan, wish.interval, options),
    stripe().subscriptions.retrieve(id, {}, options),
  ])
  const item = subscription.items.data.find(one => one.price.id === row.stripePriceId)
  if (!priceId) return "not_sold"
  // Somebody has changed or ended it at Stripe, or a payment failed, and no event has told us yet.
  if (!item || !standsAs(subscription, row.status)) return "unheard"
  if (subscription.pause_collection) return "collection_paused"
  const prorationDate = presentWithin(item)
  const [price, invoice] = await Promise.all([
    stripe().prices.retrieve(priceId, {}, options),
    stripe().invoices.createPreview(
      {
        subscription: id,
        subscription_details: {
          items: [{ id: item.id, price: priceId }],
          proration_behavior: "always_invoice",
          proration_date: prorationDate,
        },
      },
      options,
    ),
  ])
  return { itemId: item.id, price, quantity: item.quantity, invoice, prorationDate, subscription }
}

/** This second, within the period it is reckoned in: Stripe's clock may be a little ahead of ours, or behind. */
function presentWithin({ current_period_start, current_period_end }: Stripe.SubscriptionItem): number {
  const second = Math.floor(now().getTime() / 1000)
  return Math.min(Math.max(second, current_period_start), current_period_end)
}

/** During a trial nothing is billed; the preview is of the invoice that comes when it is over. */
function amountsOf(invoice: Stripe.Invoice, trial: boolean) {
  if (trial) return { currency: invoice.currency, dueNow: 0, taxNow: 0, credit: 0 }
  const tax = (invoice.total_taxes ?? []).filter(row => row.tax_behavior === "exclusive")
  return {
    currency: invoice.currency,
    dueNow: invoice.amount_due,
    taxNow: Math.max(
      0,
      tax.reduce((sum, row) => sum + row.amount, 0),
    ),
    credit: Math.max(0, -invoice.total),
  }
}

/** A trial goes on to its end. Another rhythm begins a new period at once; otherwise the one under way goes on. */
function nextAt(row: Subscription, { invoice, price, subscription }: Reckoned, restarts: boolean): Date {
  const { status, trial_end } = subscription
  if (status === "trialing" && trial_end) return new Date(trial_end * 1000)
  const begun = invoice.lines.data.filter(line => isFor(line, price.id)).map(line => line.period.end * 1000)
  if (restarts && begun.length > 0) return new Date(Math.max(...begun))
  return row.currentPeriodEnd ?? now()
}

/** What is left of the old price stands on the invoice, too, with a period of its own. */
function isFor({ pricing }: Stripe.InvoiceLineItem, priceId: string): boolean {
  const price = pricing?.price_details?.price
  return price !== undefined && idOf(price) === priceId
}

function had(row: Subscription | undefined): { plan: PlanId | null; interval: Interval } {
  return {
    plan: isPlanId(row?.plan) ? row.plan : null,
    interval: isInterval(row?.interval) ? row.interval : "month",
  }
}
