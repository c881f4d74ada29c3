import type { UnpaidInvoice } from "~/domain/billing/billing-view"
import { db } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"

/** More than a plan leaves open before Stripe ends it. */
const most = 24

/** Every invoice of a subscription that could not be charged, or is left to pay, the oldest first; none while it is paid. */
export async function unpaidOf(row: Subscription): Promise<UnpaidInvoice[]> {
  if (row.status === "active" || row.status === "trialing") return []
  const invoices = await db().invoice.findMany({
    where: {
      organizationId: row.organizationId,
      stripeSubscriptionId: row.stripeSubscriptionId,
      status: "open",
      amountRemaining: { gt: 0 },
    },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: most,
  })
  return invoices.map(({ id, number, amountRemaining: amount, currency, nextAttemptAt }) => {
    return { id, number, amount, currency, nextAttemptAt }
  })
}
