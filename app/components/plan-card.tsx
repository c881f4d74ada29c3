import { PlanFacts } from "~/components/plan-facts"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { TextLink } from "~/components/ui/text-link"
import { WayOut } from "~/components/way-out"
import type { BillingView } from "~/domain/billing/billing-view"
import { paths } from "~/lib/paths"

type Props = { slug: string; view: BillingView }

/** The plan, and for those who manage it the ways to change and to end it. */
export function PlanCard({ slug, view }: Props) {
  const { status, mayManage, paying } = view
  if (status === null) {
    return (
      <Card>
        {view.onItsWay ? <PlanOnItsWay name={view.onItsWay} /> : <NoPlan slug={slug} mayManage={mayManage} />}
      </Card>
    )
  }
  return (
    <Card
      title="Plan"
      action={
        (paying?.mayChange && (
          <ButtonLink kind="secondary" size="small" to={paths.organization.plan(slug)}>
            Change the plan
          </ButtonLink>
        )) ||
        (mayManage && status === "incomplete_expired" && <WayOut act="choose_plan" slug={slug} primary />)
      }
      footer={
        paying?.mayEnd && (
          <>
            No longer needed? <TextLink to={paths.organization.cancellation(slug)}>End the plan</TextLink>
          </>
        )
      }
    >
      <PlanFacts slug={slug} view={view} />
    </Card>
  )
}

/** Nothing to press: a second purchase would be charged as well. */
function PlanOnItsWay({ name }: { name: string }) {
  return (
    <EmptyState title={`The payment for the ${name} plan is on its way`}>
      Banks take a few working days. We write as soon as it has arrived, or has come back.
    </EmptyState>
  )
}

function NoPlan({ slug, mayManage }: { slug: string; mayManage: boolean }) {
  return (
    <EmptyState
      title="No plan yet"
      action={mayManage && <ButtonLink to={paths.pricing({ org: slug })}>See the plans</ButtonLink>}
    >
      A plan gives this organisation more seats. {mayManage ? "" : "An owner can choose one."}
    </EmptyState>
  )
}
