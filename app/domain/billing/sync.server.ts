import type Stripe from "stripe"
import { ignored, type Prepared } from "~/domain/billing/effect.server"
import { prepareFulfilment } from "~/domain/billing/fulfilment.server"
import { withInvoice } from "~/domain/billing/invoice-rows.server"
import { isOverdueAnew } from "~/domain/billing/overdue-anew.server"
import { tellOfTwoPlans } from "~/domain/billing/paid-twice.server"
import { provisionedBefore } from "~/domain/billing/provisioning.server"
import { readSubscription } from "~/domain/billing/snapshot.server"
import { addSubscription, StaleRead, writeSubscription } from "~/domain/billing/subscriptions.server"
import { writeAudit } from "~/platform/audit-log.server"
import { db, isUniqueViolation } from "~/platform/db.server"
import type { Checkout, Subscription } from "~/platform/models.server"
import { stripe } from "~/platform/stripe.server"

/**
 * Asks Stripe how a subscription stands now and prepares what follows, whatever the event said. Throws Stripe's errors.
 * `options` for whoever cannot wait as long as a job.
 */
export async function prepareSync(
  subscriptionId: string,
  options?: Stripe.RequestOptions,
): Promise<Prepared> {
  const before = await db().subscription.findUnique({ where: { stripeSubscriptionId: subscriptionId } })
  const fetched = await stripe().subscriptions.retrieve(
    subscriptionId,
    { expand: ["latest_invoice"] },
    options,
  )
  const prepared = before ? await prepareKnown(before, fetched, options) : await prepareNew(fetched, options)
  return withInvoice(prepared, fetched.latest_invoice)
}

async function prepareKnown(
  before: Subscription,
  fetched: Stripe.Subscription,
  options?: Stripe.RequestOptions,
): Promise<Prepared> {
  const snapshot = await readSubscription(fetched, options)
  const counted = (await isOverdueAnew(before, fetched, options)) ? { ...before, pastDueSince: null } : before
  return tx => writeSubscription(tx, counted, snapshot)
}

/** One we have no row of: bought through a checkout of ours, made by hand for a customer of ours, or none of our business. */
async function prepareNew(fetched: Stripe.Subscription, options?: Stripe.RequestOptions): Promise<Prepared> {
  const checkoutId = fetched.metadata.checkoutId
  const checkout = checkoutId ? await db().checkout.findUnique({ where: { id: checkoutId } }) : null
  if (checkout && !checkout.provisionedAt) return prepareByCheckout(checkout, fetched, options)
  const customerId = typeof fetched.customer === "string" ? fetched.customer : fetched.customer.id
  const organization = checkout?.organizationId
    ? { id: checkout.organizationId }
    : await db().organization.findUnique({ where: { stripeCustomerId: customerId } })
  if (!organization) return ignored(checkout ? "its organisation is gone" : "not a subscription of ours")
  const snapshot = await readSubscription(fetched, options)
  return async tx => {
    try {
      await addSubscription(tx, organization.id, snapshot)
    } catch (error) {
      throw isUniqueViolation(error, "stripeSubscriptionId") ? new StaleRead(fetched.id) : error
    }
    const { plan, status } = snapshot
    await writeAudit(tx, {
      organizationId: organization.id,
      act: "billing.subscription_added",
      target: fetched.id,
      detail: { plan, status },
    })
    await tellOfTwoPlans(tx, organization.id)
    const differences = [{ what: "missing", ours: "", stripes: status }]
    return { state: "done", effect: `subscription ${status}: added`, changed: true, differences }
  }
}

/** The purchase itself has not been handled yet. Whoever handles it meanwhile may have seen an older subscription. */
async function prepareByCheckout(
  checkout: Checkout,
  fetched: Stripe.Subscription,
  options?: Stripe.RequestOptions,
): Promise<Prepared> {
  const sessionId = checkout.stripeSessionId ?? (await sessionOf(fetched.id, options))
  if (!sessionId) return ignored("no checkout session leads to it")
  const prepared = await prepareFulfilment({ sessionId, options })
  return async tx => {
    const effect = await prepared(tx)
    if (effect.effect === provisionedBefore.effect) throw new StaleRead(fetched.id)
    return effect
  }
}

async function sessionOf(subscription: string, options?: Stripe.RequestOptions): Promise<string | undefined> {
  const sessions = await stripe().checkout.sessions.list({ subscription, limit: 1 }, options)
  return sessions.data[0]?.id
}
