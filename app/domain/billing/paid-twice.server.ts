import { isLive } from "~/domain/billing/access"
import { raiseAlert } from "~/domain/mail/alerts.server"
import { queueMail } from "~/domain/mail/outbox.server"
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
  const { name, slug, memberships } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      name: true,
      slug: true,
      memberships: {
        where: { role: "owner", user: { disabledAt: null } },
        select: { user: { select: { email: true } } },
      },
    },
  })
  await raiseAlert(
    `pays-twice:${organizationId}`,
    {
      title: `${name} pays for two plans`,
      words:
        "Both subscriptions go on at Stripe; the better one counts here, and its owners have been told. Cancel one of them and refund it.",
    },
    tx,
  )
  const pair = live.map(row => row.stripeSubscriptionId).join(":")
  for (const { user } of memberships) {
    await queueMail(tx, {
      template: "paid_twice",
      to: user.email,
      parameters: { organizationName: name, organizationSlug: slug },
      organizationId,
      dedupeKey: `paid_twice:${pair}:${user.email}`,
    })
  }
}
