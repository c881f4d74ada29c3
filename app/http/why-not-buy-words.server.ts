import type { WhyNotBuy } from "~/domain/billing/why-not-buy.server"
import type { FailureCode } from "~/http/failures.server"
import { paths } from "~/lib/paths"

/** Why no plan can be bought for an organisation, for programs. */
export const whyNotBuyCodes = {
  already_subscribed: "has_plan",
  payment_on_its_way: "has_plan",
  closing: "closing",
  archived: "archived",
} as const satisfies Record<WhyNotBuy, FailureCode>

/** Why no plan can be bought for an organisation, in words. */
export function whyNotBuyWords(whyNot: WhyNotBuy, name = "This organisation"): string {
  switch (whyNot) {
    case "already_subscribed":
      return `${name} has a plan already. Change it on its billing page.`
    case "payment_on_its_way":
      return `${name} has a plan whose payment is on its way. Banks take a few working days; nothing needs to be done until then.`
    case "closing":
      return `${name} is being closed. Restore it to choose a plan.`
    case "archived":
      return `${name} was archived by an operator of this installation, and a plan would not open it. Ask them first.`
  }
}

/** The same of one that has a name, and where to go on from there. */
export function sayWhyNotBuy(whyNot: WhyNotBuy, { slug, name }: { slug: string; name: string }) {
  const wayOn =
    whyNot === "closing"
      ? { to: paths.organization.closure(slug), label: "See how to restore it" }
      : { to: paths.organization.billing(slug), label: "Open billing" }
  return { words: whyNotBuyWords(whyNot, name), wayOn }
}
