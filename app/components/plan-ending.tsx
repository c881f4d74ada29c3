import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Form } from "~/components/ui/form"
import { Time } from "~/components/ui/time"
import type { Ending } from "~/domain/billing/ending"
import { type Interval, type PlanId, plans } from "~/domain/billing/plans"
import { paths } from "~/lib/paths"

type Of<State> = Extract<Ending, { state: State }>

/** What ending the plan means, and the one button for it. */
export function EndPlan({ slug, name, ending }: { slug: string; name: string; ending: Of<"goes_on"> }) {
  const { wouldEndAt, trial } = ending
  return (
    <Card title={`${nameOf(ending)} for ${name}`}>
      <div className="grid gap-5 text-sm">
        <ul className="grid list-disc gap-1.5 pl-5 text-ink">
          <li>
            The plan ends {wouldEndAt ? <On at={wouldEndAt} /> : "with the period that is paid for"}, when{" "}
            {trial ? "the trial is over" : "what is paid for is used up"}. Until then nothing changes.
          </li>
          <li>{trial ? "Nothing is charged." : "Nothing is charged after that."}</li>
          <li>
            From then on everything can still be read and exported for a while, but not changed. Nothing is
            deleted.
          </li>
          <li>You can take this back until the plan has ended.</li>
        </ul>
        <Form action={paths.organization.cancellation(slug)}>
          <input type="hidden" name="intent" value="end" />
          <div className="flex flex-wrap gap-3">
            <Button kind="danger" pendingLabel="Ending…">
              End the plan
            </Button>
            <ButtonLink kind="quiet" to={paths.organization.billing(slug)}>
              Keep it
            </ButtonLink>
          </div>
        </Form>
      </div>
    </Card>
  )
}

/** When the plan is set to end, and the button that takes it back. */
export function KeepPlan({ slug, ending }: { slug: string; ending: Of<"ends"> }) {
  return (
    <Card title={nameOf(ending)}>
      <div className="grid gap-5 text-sm">
        <p className="text-ink">
          The plan ends <On at={ending.endsAt} />. If you keep it, it renews on that day and is charged as
          before.
        </p>
        <KeepPlanButton slug={slug} />
      </div>
    </Card>
  )
}

/** Takes the end back, in one click. */
export function KeepPlanButton({ slug, small }: { slug: string; small?: boolean }) {
  return (
    <Form action={paths.organization.cancellation(slug)}>
      <input type="hidden" name="intent" value="keep" />
      <Button {...(small && { kind: "secondary", size: "small" })} pendingLabel="Keeping…">
        Keep the plan
      </Button>
    </Form>
  )
}

/** For an organisation without a plan that runs. */
export function NothingToEnd({ slug }: { slug: string }) {
  return (
    <EmptyState
      title="There is nothing to end"
      action={<ButtonLink to={paths.organization.billing(slug)}>Back to billing</ButtonLink>}
    >
      This organisation has no plan that goes on.
    </EmptyState>
  )
}

function On({ at }: { at: Date | string }) {
  return (
    <>
      on <Time at={at} show="date" />
    </>
  )
}

function nameOf({ plan, interval }: { plan: PlanId | null; interval: Interval }): string {
  return `${plan ? plans[plan].name : "The plan"}, paid ${interval === "month" ? "monthly" : "yearly"}`
}
