import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Form } from "~/components/ui/form"
import { Money } from "~/components/ui/money"
import { Time } from "~/components/ui/time"
import type { NextCharge } from "~/domain/billing/billing-view"
import type { Ending, Unpaid } from "~/domain/billing/ending"
import { type Interval, type PlanId, plans } from "~/domain/billing/plans"
import { paths } from "~/lib/paths"

type Of<State> = Extract<Ending, { state: State }>

type EndProps = { slug: string; name: string; ending: Of<"goes_on">; credit: NextCharge | null }

/** What ending the plan means, and the one button for it. */
export function EndPlan({ slug, name, ending, credit }: EndProps) {
  const { wouldEndAt, trial, unpaid } = ending
  return (
    <Card title={`${nameOf(ending)} for ${name}`}>
      <div className="grid gap-5 text-sm">
        <ul className="grid list-disc gap-1.5 pl-5 text-ink">
          {unpaid ? (
            <WhileUnpaid {...unpaid} endsAt={wouldEndAt} />
          ) : (
            <>
              <li>
                The plan ends {wouldEndAt ? <On at={wouldEndAt} /> : "with the period that is paid for"}, when{" "}
                {trial ? "the trial is over" : "what is paid for is used up"}. Until then nothing changes.
              </li>
              <li>{trial ? "Nothing is charged." : "Nothing is charged after that."}</li>
              <li>
                From then on everything can still be read and exported for a while, but not changed. Nothing
                is deleted.
              </li>
            </>
          )}
          {credit && (
            <li>
              The credit of <Money {...credit} /> is not paid out. It is kept for the next plan of this
              organisation, and lost when the organisation is closed and erased.
            </li>
          )}
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

/** Ending withdraws no invoice, and gives no access that is not paid for. */
function WhileUnpaid({ level, until, endsAt }: Unpaid & { endsAt: Date | string | null }) {
  return (
    <>
      <li>
        The plan ends {endsAt ? <On at={endsAt} /> : "with its period"}, and is not renewed. That withdraws no
        invoice: what is open stays due.
      </li>
      <li>
        {until ? (
          <>
            Everything keeps working until <Time at={until} show="date" />. From then on everything can only
            be read and exported
          </>
        ) : level === "archived" ? (
          "It stays archived"
        ) : (
          "Everything can only be read and exported"
        )}
        , until what is open is paid. {level !== "archived" && "Unpaid for long, it is archived. "}
        Nothing is deleted.
      </li>
    </>
  )
}

/** For a plan of which nothing is paid: there is nothing that could run out. */
export function StoppedPlan({ slug, paused }: { slug: string; paused: boolean }) {
  return (
    <EmptyState
      title={paused ? "The plan is paused" : "The plan is not paid"}
      action={
        <Form action={paths.organization.portal(slug)}>
          <input type="hidden" name="flow" value="cancel" />
          <Button kind="danger" pendingLabel="Opening…">
            End it at the payment provider
          </Button>
        </Form>
      }
    >
      Nothing of it is paid for, so there is nothing left to use up. {!paused && "What is open stays due. "}
      You can end it on the payment provider’s pages.
    </EmptyState>
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
