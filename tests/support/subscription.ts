import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Organization, Subscription } from "~/platform/models.server"

/** Writes a subscription as Stripe told of it: of the plan Starter, unless told. */
export async function buildSubscription(
  { id: organizationId, slug }: Organization,
  told: Partial<Subscription> & { status: string },
): Promise<void> {
  await db().subscription.create({
    data: {
      id: newId(),
      organizationId,
      stripeSubscriptionId: `sub_${slug}`,
      stripeCustomerId: `cus_${slug}`,
      stripePriceId: `price_${slug}`,
      plan: "starter",
      stripeCreatedAt: now(),
      syncedAt: now(),
      ...told,
    },
  })
}
