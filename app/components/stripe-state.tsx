import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Time } from "~/components/ui/time"
import type { ComparisonReport, StripeState } from "~/domain/billing/stripe-state"
import { plural } from "~/lib/format"

type Props = {
  state: StripeState
  /** The last nightly comparison; null when there was none. Left out where it is not shown. */
  comparison?: ComparisonReport | null
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

function outcomeOf(comparison: ComparisonReport | null) {
  if (!comparison) return "None yet; it runs every night"
  const { at, compared, repaired, failed } = comparison
  const counts = `${plural(compared, "row")} compared, ${repaired.length} repaired, ${failed.length} failed`
  return (
    <>
      <Time at={at} />: {counts}
      {[...repaired, ...failed].slice(0, 5).map(row => (
        <span key={row.id} className="block text-ink-soft text-xs">
          <code>{row.id}</code> {"why" in row ? row.why : row.effect}
        </span>
      ))}
    </>
  )
}
