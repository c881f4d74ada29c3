import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { Money } from "~/components/ui/money"
import { RadioCards } from "~/components/ui/radio-cards"
import type { PlanChoice } from "~/domain/billing/plan-change"
import { currency, intervals, type PlanId, planIds, plans } from "~/domain/billing/plans"
import { plural } from "~/lib/format"
import { paths } from "~/lib/paths"

/** Which plan it shall be, and how often it is paid. What it costs is on the next page, before anything happens. */
export function PlanChooser({ slug, choice }: { slug: string; choice: PlanChoice }) {
  const { plan, interval, seats } = choice
  return (
    <Form method="get" action={paths.organization.planConfirmation(slug)} className="gap-6">
      <RadioCards
        name="plan"
        legend="Plan"
        defaultValue={plan ?? undefined}
        columns={3}
        options={planIds.map(id => ({
          value: id,
          title: id === plan ? `${plans[id].name}, as now` : plans[id].name,
          note: <Note id={id} members={seats.members} />,
        }))}
      />
      <RadioCards
        name="interval"
        legend="Paid"
        defaultValue={interval}
        columns={2}
        options={[
          { value: "month", title: "Monthly" },
          { value: "year", title: "Yearly", note: "Two months free." },
        ]}
      />
      <div className="flex flex-wrap gap-3">
        <Button pendingLabel="Asking for the price…">See what it costs</Button>
        <ButtonLink kind="quiet" to={paths.organization.billing(slug)}>
          Leave it as it is
        </ButtonLink>
      </div>
    </Form>
  )
}

function Note({ id, members }: { id: PlanId; members: number }) {
  const { cents, seats } = plans[id]
  return (
    <>
      {intervals.map((every, i) => (
        <span key={every}>
          {i > 0 && " or "}
          <Money amount={cents[every]} currency={currency} short /> a {every}
        </span>
      ))}
      <span className="mt-0.5 block">
        {seats === null ? "As many people as you like" : plural(seats, "seat")}
      </span>
      {seats !== null && members > seats && (
        <span className="mt-0.5 block text-warn">You are {plural(members, "member")} at present.</span>
      )}
    </>
  )
}
