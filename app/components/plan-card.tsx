import { PlanFacts } from "~/components/plan-facts"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { TextLink } from "~/components/ui/text-link"
import type { BillingView } from "~/domain/billing/billing-view"
import { paths } from "~/lib/paths"

type Props = { slug: string; view: BillingView }

/** The plan, and for those who manage it the ways to change and to end it. */
export function PlanCard({ slug, view }: Props) {
  const { status, mayManage, paying } = view
  if (status === null) {
    return (
      <Card>
        <NoPlan slug={slug} mayManage={mayManage} />
      </Card>
    )
  }
  return (
    <Card
      title="Plan"
      action={
        paying?.mayChange && (
          <ButtonLink kind="secondary" size="small" to={paths.organization.plan(slug)}>
            Change the plan
          </ButtonLink>
        )
      }
      footer={
        paying?.mayEnd && (
          <>
            No longer needed? <TextLink to={paths.organization.cancellation(slug)}>End the plan</TextLink>
          </>
        )
      }
    >
      <PlanFacts view={view} />
    </Card>
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
