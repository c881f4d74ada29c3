import { isClosing } from "~/domain/billing/closing.server"
import { debitOnItsWay } from "~/domain/billing/debit-on-its-way.server"
import { hasLivePlan } from "~/domain/billing/rival-checkouts.server"
import { db } from "~/platform/db.server"

export type WhyNotBuy = "already_subscribed" | "payment_on_its_way" | "closing" | "archived"

/**
 * Why no plan can be bought for an organisation now; undefined when one can, as for one that does not exist yet. `archived`: an
 * operator did that, and a plan would not open it.
 */
export async function whyNotBuy(organizationId: string | null | undefined): Promise<WhyNotBuy | undefined> {
  if (!organizationId) return undefined
  if (await isClosing(organizationId)) return "closing"
  if (await hasLivePlan(organizationId)) return "already_subscribed"
  if (await debitOnItsWay(organizationId)) return "payment_on_its_way"
  return (await isHeldByOperator(organizationId)) ? "archived" : undefined
}

async function isHeldByOperator(organizationId: string): Promise<boolean> {
  return (await db().archiveHold.count({ where: { organizationId, because: "operator" } })) > 0
}
