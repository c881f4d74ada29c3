import { Badge, type BadgeTone } from "~/components/ui/badge"
import { Facts } from "~/components/ui/facts"
import { Money } from "~/components/ui/money"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type AccessLevel, wordsOfStatus } from "~/domain/billing/access"
import type { BillingView, NextCharge } from "~/domain/billing/billing-view"
import { plans } from "~/domain/billing/plans"
import { seatWords } from "~/domain/billing/seat-words"
import { paths } from "~/lib/paths"

const tones: Record<AccessLevel, BadgeTone> = {
  full: "good",
  pending: "warn",
  read_only: "bad",
  archived: "bad",
  none: "plain",
}

/** What an organisation has bought: members see the plan, those who run it what it costs and when. */
export function PlanFacts({ slug, view }: { slug: string; view: BillingView }) {
  return <Facts items={factsOf(slug, view)} />
}

function factsOf(slug: string, { plan, status, level, details, paying }: BillingView) {
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
  const { interval, seats, price, nextDate, trialEnd, payBy, endsAt } = details
  if (price) {
    facts.push({
      label: "Price",
      value: (
        <span>
          <Money {...price} short /> a {interval}, before tax
        </span>
      ),
    })
  }
  facts.push({ label: "Seats", value: seatWords(seats) })
  if (trialEnd) facts.push({ label: "Trial ends", value: <Time at={trialEnd} show="date" /> })
  if (nextDate) {
    const value = <NextPayment at={nextDate} charge={paying?.nextCharge ?? null} price={price} />
    facts.push({ label: "Next payment", value })
  }
  if (payBy) facts.push({ label: "Please pay by", value: <Time at={payBy} show="date" /> })
  // Without a trouble, a banner says so.
  if (endsAt && paying?.news) facts.push({ label: "Set to end", value: <Ending slug={slug} at={endsAt} /> })
  if (paying?.credit) {
    facts.push({
      label: "Credit",
      value: (
        <>
          You have <Money {...paying.credit} /> credit; it is used for the next invoices.
        </>
      ),
    })
  }
  return facts
}

type NextProps = { at: Date; charge: NextCharge | null; price: NextCharge | null }

/** As reckoned, with everything; where that is not known, the plan's price, and said to be that. */
function NextPayment({ at, charge, price }: NextProps) {
  return (
    <>
      {charge && (
        <>
          <Money {...charge} />{" "}
        </>
      )}
      {!charge && price && (
        <>
          <Money {...price} short />, before tax,{" "}
        </>
      )}
      on <Time at={at} show="date" />
    </>
  )
}

function Ending({ slug, at }: { slug: string; at: Date }) {
  return (
    <>
      <Time at={at} show="date" />.{" "}
      <TextLink to={paths.organization.cancellation(slug)}>Keep the plan</TextLink>
    </>
  )
}
