import { isLive } from "~/domain/billing/access"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { tellOwners } from "~/domain/organizations/owners.server"
import type { Tx } from "~/platform/db.server"

/**
 * Two payment pages paid at the same moment make two plans, and so does a plan added by hand at Stripe. Nothing here ends one
 * of them unasked: owners are told, once for each such pair, and so is the operator. Joins the caller's transaction.
 */
export async function tellOfTwoPlans(tx: Tx, organizationId: string): Promise<void> {
  const rows = await tx.subscription.findMany({
    where: { organizationId, cancelAt: null },
    orderBy: { stripeSubscriptionId: "asc" },
    select: { stripeSubscriptionId: true, status: true },
  })
  const live = rows.filter(({ status }) => isLive(status))
  if (live.length < 2) return
  const { name } = await tx.organization.findUniqueOrThrow({ where: { id: organizationId } })
  await raiseAlert(
    `pays-twice:${organizationId}`,
    {
      title: `${name} pays for two plans`,
      words:
        "Both subscriptions go on at Stripe; the better one counts here, and its owners have been told. Cancel one of them and refund it.",
    },
    tx,
  )
  const about = live.map(row => row.stripeSubscriptionId).join(":")
  await tellOwners(tx, organizationId, parameters => ({ template: "paid_twice", parameters, about }))
}
