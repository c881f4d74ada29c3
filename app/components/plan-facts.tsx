import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Facts } from "~/components/ui/facts"
import { Money } from "~/components/ui/money"
import { Time } from "~/components/ui/time"
import { type AccessLevel, isLive, wordsOfStatus } from "~/domain/billing/access"
import type { BillingView } from "~/domain/billing/billing-view"
import { currency, plans } from "~/domain/billing/plans"
import { seatWords } from "~/domain/billing/seat-words"

const tones: Record<AccessLevel, BadgeTone> = {
  full: "good",
  pending: "warn",
  read_only: "bad",
  archived: "bad",
  none: "plain",
}

/** What an organisation has bought: members see the plan, those who run it what it costs and when. */
export function PlanFacts({ view }: { view: BillingView }) {
  return <Facts items={factsOf(view)} />
}

function factsOf({ plan, status, level, details }: BillingView) {
  const facts = [
    { label: "Plan", value: plan ? plans[plan].name : "Unknown" },
    {
      label: "Status",
      value: (
        <Badge tone={level === "full" && status === "past_due" ? "warn" : tones[level]}>
          {wordsOfStatus(status ?? "")}
        </Badge>
      ),
    },
  ]
  if (!details) return facts
  const { interval, seats, nextDate, payBy } = details
  if (plan && status !== null && isLive(status)) {
    const every = interval === "month" ? "a month" : "a year"
    const price = <Money amount={plans[plan].cents[interval]} currency={currency} short />
    facts.push({
      label: "Price",
      value: (
        <span>
          {price} {every}, before tax
        </span>
      ),
    })
  }
  facts.push({ label: "Seats", value: seatWords(seats) })
  if (nextDate) facts.push({ label: "Next payment", value: <Time at={nextDate} show="date" /> })
  if (payBy) facts.push({ label: "Please pay by", value: <Time at={payBy} show="date" /> })
  return facts
}
