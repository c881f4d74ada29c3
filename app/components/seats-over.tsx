import { Banner } from "~/components/ui/banner"
import { TextLink } from "~/components/ui/text-link"
import type { BillingView } from "~/domain/billing/billing-view"
import { plans } from "~/domain/billing/plans"
import { plural } from "~/lib/format"
import { paths } from "~/lib/paths"

/** Says what it means that a plan became smaller than the organisation is, wherever it was changed. */
export function SeatsOver({ slug, view: { plan, details } }: { slug: string; view: BillingView }) {
  const { members = 0, limit = null } = details?.seats ?? {}
  if (limit === null || members <= limit) return null
  return (
    <Banner tone="warn" title={`${plural(members, "member")}, and ${plural(limit, "seat")}`}>
      {plan
        ? `The ${plans[plan].name} plan has ${plural(limit, "seat")}`
        : `There are ${plural(limit, "seat")} without a plan`}
      . Nobody loses access, but nobody new can join until there are fewer than {limit} members, or the plan
      is a larger one. <TextLink to={paths.organization.members(slug)}>See the members</TextLink>
    </Banner>
  )
}
