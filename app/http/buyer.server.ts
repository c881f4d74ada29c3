import { organizationsToBuyFor, typedBefore } from "~/domain/billing/buying-for.server"
import { shop } from "~/domain/billing/shop.server"
import { trialDaysFor } from "~/domain/billing/trials.server"
import { type WhyNotBuy, whyNotBuy } from "~/domain/billing/why-not-buy.server"
import { failure } from "~/http/failures.server"
import { optionalSession, requireMembership } from "~/http/guards.server"
import { markedPurchase } from "~/http/purchase-cookie.server"
import { sayWhyNotBuy } from "~/http/why-not-buy-words.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

type Place = { slug: string; name: string }

export type Buyer = {
  /** The address someone signed in buys with. */
  email?: string
  /** Set when it is clear which organisation the plan is for. */
  organization?: Place
  /** Why nothing can be bought for it now. */
  whyNot?: WhyNotBuy
  /** Else the organisations of this person it may be for. */
  choices: Place[]
  /** Days of trial this purchase would begin with, as far as is known of the buyer. */
  trialDays: number
  /** Whether tax comes on top of the prices shown. */
  taxOnTop: boolean
}

/** Who is about to buy, and for whom. Ends the page for whoever may not manage the billing of the organisation asked for. */
export async function buyerOf(request: Request, org: string | null): Promise<Buyer> {
  const taxOnTop = env().stripe?.automaticTax ?? false
  if (org) {
    const { signedIn, membership } = await requireMembership(request, org, "billing.manage")
    const { email } = signedIn
    const trialDays = await trialDaysFor(email, membership.organizationId)
    const whyNot = await whyNotBuy(membership.organizationId)
    return { email, organization: placeOf(membership), whyNot, choices: [], trialDays, taxOnTop }
  }
  const signedIn = optionalSession(request)
  const trialDays = await trialDaysFor(signedIn?.email)
  if (!signedIn) return { choices: [], trialDays, taxOnTop }
  const choices = await organizationsToBuyFor(signedIn.userId)
  return { email: signedIn.email, choices: choices.map(placeOf), trialDays, taxOnTop }
}

/** The same for the form; ends the page when nothing can be bought: the shop is closed, or there is a plan. */
export async function buyerAtForm(request: Request, org: string | null) {
  if (shop() !== "open") {
    throw failure("not_configured", {
      words: "Buying is not set up yet. Ask the person who runs this site.",
      wayOn: { to: paths.pricing(), label: "See the plans" },
    })
  }
  const buyer = await buyerOf(request, org)
  const { organization, whyNot } = buyer
  if (organization && whyNot) throw failure("conflict", sayWhyNotBuy(whyNot, organization))
  return { ...buyer, typed: await typedBefore(markedPurchase(request)) }
}

function placeOf({ organization: { slug, name } }: { organization: Place }): Place {
  return { slug, name }
}
