import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import type { ComparisonCounts, StripeState } from "~/domain/billing/stripe-state"
import { plural } from "~/lib/format"
import { paths } from "~/lib/paths"

type Props = {
  state: StripeState
  /** The last nightly comparison; null when there was none. Left out where it is not shown. */
  comparison?: ComparisonCounts | null
}

/** How billing is set up, for the operator. */
export function StripeStateCard({ state, comparison }: Props) {
  const { mode, webhookOpen, shop } = state
  const items = [
    { label: "Stripe", value: modes[mode] },
    ...(mode === "off"
      ? []
      : [
          {
            label: "Webhook endpoint",
            value: webhookOpen ? "Open" : "Closed until STRIPE_WEBHOOK_SECRET is set",
          },
          { label: "Buying", value: shop === "open" ? "Open" : "Closed until mail is set up" },
        ]),
    ...(comparison === undefined ? [] : [{ label: "Last comparison", value: outcomeOf(comparison) }]),
  ]
  return (
    <Card title="Billing">
      <Facts items={items} />
    </Card>
  )
}

const modes: Record<StripeState["mode"], string> = {
  off: "Not set up: nothing can be bought. Set STRIPE_SECRET_KEY.",
  stand_in: "Local stand-in: no real money",
  test: "Test mode: no real money",
  live: "Live mode",
}

function outcomeOf(comparison: ComparisonCounts | null) {
  if (!comparison) return "None yet; it runs every night"
  const { at, compared, repaired, failed } = comparison
  const counts = `${plural(compared, "row")} compared, ${repaired} repaired, ${failed} failed`
  return (
    <>
      <Time at={at} />: {counts}. <TextLink to={paths.admin.drift()}>What was found</TextLink>
    </>
  )
}
