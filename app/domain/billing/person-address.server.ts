import type { FollowAddress } from "~/domain/accounts/email-change.server"
import { followBillingAddress } from "~/domain/billing/customer-address.server"
import { keepBars } from "~/domain/organizations/domain-bar.server"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"

/**
 * What goes along with a person's new address, in its transaction: the mailbox they leave stays barred where they are; where they
 * own an organisation whose mail about payments went to it, that follows, and so does Stripe.
 */
export const followPerson: FollowAddress = async (tx, { userId, from, to }) => {
  await keepBars(tx, userId, from)
  const owned = await tx.membership.findMany({
    where: { userId, role: "owner" },
    select: { organization: { select: { id: true, billingEmail: true } } },
  })
  for (const { organization } of owned) {
    const { id: organizationId, billingEmail } = organization
    if (billingEmail === from) {
      await tx.organization.update({
        where: { id: organizationId },
        data: { billingEmail: to, updatedAt: now() },
      })
      await writeAudit(tx, {
        organizationId,
        actorUserId: userId,
        act: "billing.address_changed",
        target: to,
        detail: { from, to },
      })
    }
    if (billingEmail === from || billingEmail === null)
      await followBillingAddress.enqueue(tx, { organizationId })
  }
}
