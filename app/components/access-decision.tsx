import { Badge } from "~/components/ui/badge"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Time } from "~/components/ui/time"
import { type AccessLevel, wordsOfStatus } from "~/domain/billing/access"
import type { Closing } from "~/domain/billing/closing"
import type { Decision } from "~/domain/billing/decision"
import { valueWords } from "~/domain/billing/effect-words"
import type { Hold } from "~/domain/organizations/archived"
import type { HoldReason } from "~/domain/organizations/hold-reasons"
import { plural } from "~/lib/format"

type Props = {
  decision: Decision
  holds: readonly Omit<Hold, "by">[]
  closing: Closing
}

const levels: Record<AccessLevel, string> = {
  none: "Nothing bought",
  pending: "Waiting for the first payment",
  archived: "Archived",
  read_only: "Read only",
  full: "Full access",
}

/** The table of access at work: facts, rule, and what comes of it. */
export function AccessDecision({ decision, holds, closing }: Props) {
  const { subscriptions, level, banner } = decision
  return (
    <Card title="The decision" lead="What the table of access makes of our rows at this moment.">
      <ol className="flex flex-col gap-5 text-sm">
        {subscriptions.length === 0 && <li>There is no subscription: nothing was bought.</li>}
        {subscriptions.map(step => (
          <li key={step.stripeSubscriptionId} className="flex flex-col gap-1">
            <code className="break-all text-xs">{step.stripeSubscriptionId}</code>
            <span>
              {wordsOfStatus(step.status)}, plan {valueWords("plan", step.plan ?? "unknown")}
              {step.since && (
                <>
                  , since <Time at={step.since} /> ({plural(step.days ?? 0, "day")})
                </>
              )}
            </span>
            <span className="text-ink-soft">{step.rule}</span>
            <span>
              <Badge tone={step.level === "full" ? "good" : "warn"}>{levels[step.level]}</Badge>{" "}
              {step.counts && subscriptions.length > 1 && "This one gives most, so it counts."}
            </span>
          </li>
        ))}
      </ol>
      <div className="mt-6 border-line border-t pt-5">
        <Facts
          items={[
            { label: "The plan gives", value: levels[level] },
            { label: "Banner", value: banner ?? "None" },
            { label: "Archived", value: holds.length > 0 ? <Holds holds={holds} /> : "No" },
            { label: "Closing", value: <ClosingWords closing={closing} /> },
            { label: "So its people have", value: holds.length > 0 ? levels.archived : levels[level] },
          ]}
        />
      </div>
    </Card>
  )
}

const reasons: Record<HoldReason, string> = {
  operator: "By an operator",
  billing: "For unpaid bills",
  closing: "Closed by an owner",
}

function Holds({ holds }: Pick<Props, "holds">) {
  return (
    <ul className="grid gap-1">
      {holds.map(({ because, at, note }) => (
        <li key={because}>
          {reasons[because]}, since <Time at={at} />
          {note && `: “${note}”`}
        </li>
      ))}
    </ul>
  )
}

function ClosingWords({ closing }: Pick<Props, "closing">) {
  switch (closing.state) {
    case "open":
      return "Nobody asked for it"
    case "waiting":
      return (
        <>
          Asked for on <Time at={closing.since} />; it waits for Stripe, and its plan ends first.{" "}
          {closing.trouble}
        </>
      )
    case "closed":
      return (
        <>
          Closed; erased on <Time at={closing.eraseAt} />
        </>
      )
    case "erasing":
      return <>The time to restore it is over. {closing.trouble}</>
  }
}
