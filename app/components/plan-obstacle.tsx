import { PaymentMethodButton } from "~/components/payment-method-button"
import { KeepPlanButton } from "~/components/plan-ending"
import { ButtonLink } from "~/components/ui/button"
import { EmptyState } from "~/components/ui/empty-state"
import type { PlanObstacle as Obstacle } from "~/domain/billing/plan-change"
import { paths } from "~/lib/paths"

/** Why the plan cannot be changed at present, and what comes first. */
export function PlanObstacle({ slug, obstacle }: { slug: string; obstacle: Obstacle }) {
  switch (obstacle) {
    case "none":
      return (
        <EmptyState
          title="There is no plan to change"
          action={<ButtonLink to={paths.pricing({ org: slug })}>See the plans</ButtonLink>}
        >
          Choose one first.
        </EmptyState>
      )
    case "unpaid":
      return (
        <EmptyState title="A payment is missing" action={<PaymentMethodButton slug={slug} primary />}>
          Sort it out first. Then the plan can be changed.
        </EmptyState>
      )
    case "ending":
      return (
        <EmptyState title="The plan is set to end" action={<KeepPlanButton slug={slug} />}>
          Keep it first. Then it can be changed.
        </EmptyState>
      )
    case "closing":
      return (
        <EmptyState
          title="The organisation is being closed"
          action={<ButtonLink to={paths.organization.closure(slug)}>See how far it is</ButtonLink>}
        >
          Its plan ends with it.
        </EmptyState>
      )
  }
}
