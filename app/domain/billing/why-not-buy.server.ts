import { isClosing } from "~/domain/billing/closing.server"
import { hasLivePlan } from "~/domain/billing/rival-checkouts.server"

export type WhyNotBuy = "already_subscribed" | "closing"

/** Why no plan can be bought for an organisation now; undefined when one can, as for one that does not exist yet. */
export async function whyNotBuy(organizationId: string | null | undefined): Promise<WhyNotBuy | undefined> {
  if (await isClosing(organizationId)) return "closing"
  return (await hasLivePlan(organizationId)) ? "already_subscribed" : undefined
}
