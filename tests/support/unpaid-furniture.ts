import { archive } from "~/domain/organizations/archive.server"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import type { Subscription, User } from "~/platform/models.server"
import { furnishOpenInvoice } from "./billing-furniture"
import { buildInvitation, buildOrganization, day } from "./cast"
import { buildSubscription } from "./subscription"

/**
 * One organisation whose plan has been unpaid beyond the grace, one whose plan has ended with an invoice open, one that is paused,
 * one whose payment waits to be confirmed, and one that is archived for its bills.
 */
export async function furnishUnpaid(owner: User): Promise<void> {
  const quarry = await place(owner, "Quarry", { status: "past_due", pastDueSince: fromNow(-10 * day) })
  await buildInvitation(db(), { organization: quarry, invitedBy: owner, email: "mason@quarry.test" })
  const orchard = await place(owner, "Orchard", { status: "canceled", endedAt: fromNow(-3 * day) })
  await furnishOpenInvoice(orchard, "sub_orchard")
  await place(owner, "Kiln", {
    status: "paused",
    pastDueSince: fromNow(-day),
    periodAmount: 2_900,
    currency: "usd",
  })
  const ferry = await place(owner, "Ferry", {
    status: "past_due",
    pastDueSince: fromNow(-day),
    paymentTrouble: "needs_confirmation",
    cancelAt: fromNow(20 * day),
  })
  await furnishOpenInvoice(ferry, "sub_ferry")
  const wharf = await place(owner, "Wharf", { status: "unpaid", pastDueSince: fromNow(-60 * day) })
  await transaction(tx => archive(tx, wharf.id, "billing"))
}

async function place(owner: User, name: string, plan: Partial<Subscription> & { status: string }) {
  const slug = name.toLowerCase()
  const organization = await buildOrganization(db(), { name, slug, members: [[owner, "owner"]] })
  await buildSubscription(organization, { stripeCreatedAt: fromNow(-200 * day), ...plan })
  return organization
}
