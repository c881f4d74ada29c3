import { startCheckout } from "~/domain/billing/checkout.server"
import type { PlanId } from "~/domain/billing/plans"
import { db } from "~/platform/db.server"
import type { Organization, Subscription, User } from "~/platform/models.server"
import { requester } from "./membership"
import type { BillingWorld } from "./stripe"

type Sale = { organization: Organization; owner: User; plan?: PlanId }

/** Opens a payment page for an organisation. Returns Stripe's session id. */
export async function openPage({ organization, owner, plan = "professional" }: Sale): Promise<string> {
  const started = await startCheckout({
    plan,
    interval: "month",
    email: owner.email,
    businessName: organization.name,
    organizationId: organization.id,
    userId: owner.id,
    requester,
  })
  if (!started.ok) throw new Error(`The checkout was refused: ${started.error.code}`)
  return started.value.sessionId
}

/** Sells an organisation a plan, the whole way through Stripe, and takes the mails of the sale out of the mailbox. */
export async function sellPlan(w: BillingWorld, sale: Sale): Promise<Subscription> {
  const session = await openPage(sale)
  await w.stripe.completeCheckout({ session })
  await w.arrive()
  w.mailbox.clear()
  return db().subscription.findFirstOrThrow({ where: { organizationId: sale.organization.id } })
}

/** What Stripe says of a subscription at this moment. */
export async function atStripe(w: BillingWorld, { stripeSubscriptionId }: Subscription) {
  const answer = await fetch(`${w.stripe.url}/v1/subscriptions/${stripeSubscriptionId}`, {
    headers: { Authorization: `Bearer ${w.stripe.secretKey}` },
  })
  const { status, cancel_at_period_end } = await answer.json()
  return { status, ending: cancel_at_period_end }
}
