import { Badge } from "~/components/ui/badge"
import { Card } from "~/components/ui/card"
import { Facts } from "~/components/ui/facts"
import { Time } from "~/components/ui/time"
import { type AccessLevel, wordsOfStatus } from "~/domain/billing/access"
import type { Decision } from "~/domain/billing/decision"
import { plural } from "~/lib/format"

type Props = {
  decision: Decision
  archived: boolean
}

const levels: Record<AccessLevel, string> = {
  none: "Nothing bought",
  pending: "Waiting for the first payment",
  archived: "Archived",
  read_only: "Read only",
  full: "Full access",
}

/** The table of access at work: facts, rule, and what comes of it. */
export function AccessDecision({ decision, archived }: Props) {
  const { subscriptions, level, banner } = decision
  return (
    <Card title="The decision" lead="What the table of access makes of our rows at this moment.">
      <ol className="flex flex-col gap-5 text-sm">
        {subscriptions.length === 0 && <li>There is no subscription: nothing was bought.</li>}
        {subscriptions.map(step => (
          <li key={step.stripeSubscriptionId} className="flex flex-col gap-1">
            <code className="break-all text-xs">{step.stripeSubscriptionId}</code>
            <span>
              {wordsOfStatus(step.status)} (<code>{step.status}</code>), plan {step.plan ?? "unknown"}
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
            { label: "Access", value: levels[level] },
            { label: "Banner", value: banner ?? "None" },
            { label: "Archived for unpaid bills", value: archived ? "Yes" : "No" },
          ]}
        />
      </div>
    </Card>
  )
}
