import { fromNow, now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { buildInvitation, buildOrganization, day } from "./cast"

/** One organisation whose plan has been unpaid beyond the grace, and one whose plan has ended. */
export async function furnishUnpaid(owner: User): Promise<void> {
  const quarry = await place(owner, "Quarry", { status: "past_due", pastDueSince: fromNow(-10 * day) })
  await buildInvitation(db(), { organization: quarry, invitedBy: owner, email: "mason@quarry.test" })
  await place(owner, "Orchard", { status: "canceled", endedAt: fromNow(-3 * day) })
}

async function place(
  owner: User,
  name: string,
  plan: { status: string; pastDueSince?: Date; endedAt?: Date },
) {
  const slug = name.toLowerCase()
  const organization = await buildOrganization(db(), { name, slug, members: [[owner, "owner"]] })
  await db().subscription.create({
    data: {
      id: newId(),
      organizationId: organization.id,
      stripeSubscriptionId: `sub_${slug}`,
      stripeCustomerId: `cus_${slug}`,
      stripePriceId: `price_${slug}`,
      plan: "starter",
      stripeCreatedAt: fromNow(-200 * day),
      syncedAt: now(),
      ...plan,
    },
  })
  return organization
}
