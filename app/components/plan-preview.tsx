import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Form } from "~/components/ui/form"
import { Money } from "~/components/ui/money"
import { Time } from "~/components/ui/time"
import type { PlanPreview as Preview } from "~/domain/billing/plan-change"
import { type Interval, type PlanId, plans } from "~/domain/billing/plans"
import { formatNumber, plural } from "~/lib/format"
import { paths } from "~/lib/paths"

type Props = { slug: string; preview: Preview }

/** What a change of plan costs and means, and the button that makes it. */
export function PlanPreview({ slug, preview }: Props) {
  const { to, offer } = preview
  return (
    <>
      <SeatsAfter preview={preview} />
      <Card title={`${nameOf(preview.from)} becomes ${nameOf(to)}`}>
        <Facts items={factsOf(preview)} />
      </Card>
      <Form action={paths.organization.planConfirmation(slug, to)}>
        <input type="hidden" name="offer" value={offer} />
        <div className="flex flex-wrap gap-3">
          <Button pendingLabel="Changing…">{labelOf(preview)}</Button>
          <ButtonLink kind="quiet" to={paths.organization.plan(slug)}>
            Choose another
          </ButtonLink>
        </div>
      </Form>
    </>
  )
}

function labelOf({ dueNow, currency, to }: Props["preview"]) {
  if (dueNow === 0) return `Change to ${plans[to.plan].name}`
  return (
    <span>
      Pay <Money amount={dueNow} currency={currency} /> and change
    </span>
  )
}

function factsOf({ dueNow, taxNow, credit, currency, perPeriod, nextAt, to, trial }: Props["preview"]) {
  const money = (amount: number) => <Money amount={amount} currency={currency} />
  const facts = [
    {
      label: "Due now",
      value: (
        <>
          {money(dueNow)}
          {taxNow > 0 && <>, of which {money(taxNow)} tax</>}
          <span className="mt-0.5 block text-ink-soft">{reckoning(trial, dueNow)}</span>
        </>
      ),
    },
  ]
  if (credit > 0) {
    facts.push({
      label: "Credit",
      value: <>{money(credit)}, used for the next invoices</>,
    })
  }
  facts.push(
    { label: "Next payment", value: <Time at={nextAt} show="date" /> },
    {
      label: "From then on",
      value: (
        <>
          {money(perPeriod)} a {to.interval}, before tax and discounts
        </>
      ),
    },
  )
  return facts
}

function reckoning(trial: boolean, dueNow: number): string {
  if (trial) return "The trial goes on, and the new plan is charged when it is over."
  return dueNow > 0
    ? "The rest of the new plan, less what is left of the old one."
    : "What is left of the old plan, or an earlier credit, covers it."
}

/** Said before, with the numbers: a smaller plan takes nobody's place, it only lets nobody new in. */
function SeatsAfter({ preview: { seats, newLimit, to } }: Pick<Props, "preview">) {
  if (newLimit === null || seats.members + seats.invited <= newLimit) return null
  const over = seats.members - newLimit
  return (
    <Banner tone="warn" title={`${plans[to.plan].name} has ${formatNumber(newLimit)} seats`}>
      {over > 0
        ? `You are ${plural(seats.members, "member")}, ${formatNumber(over)} more than that. Everybody stays, and nothing is deleted. Nobody new can be invited or join until you are fewer than ${formatNumber(newLimit)}.`
        : `You are ${plural(seats.members, "member")}, and ${plural(seats.invited, "invitation")} ${seats.invited === 1 ? "is" : "are"} open. Everybody stays; not all of those invited can join.`}
    </Banner>
  )
}

function nameOf({ plan, interval }: { plan: PlanId | null; interval: Interval }): string {
  return `${plan ? plans[plan].name : "The plan"} (${interval === "month" ? "monthly" : "yearly"})`
}
