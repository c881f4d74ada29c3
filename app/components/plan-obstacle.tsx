import { KeepPlanButton } from "~/components/plan-ending"
import { ButtonLink } from "~/components/ui/button"
import { EmptyState } from "~/components/ui/empty-state"
import { WayOut } from "~/components/way-out"
import type { PlanObstacle as Obstacle } from "~/domain/billing/plan-change"
import { paths } from "~/lib/paths"

/** Why the plan cannot be changed at present, and what comes first. */
export function PlanObstacle({ slug, obstacle }: { slug: string; obstacle: Obstacle }) {
  switch (obstacle) {
    case "none":
      return (
        <EmptyState
          title="There is no plan to change"
          action={<ButtonLink to={paths.pricing({ org: slug })}>Choose a plan</ButtonLink>}
        >
          Choose one first.
        </EmptyState>
      )
    case "unpaid":
      return (
        <EmptyState title="A payment is missing" action={<WayOut act="fix_payment" slug={slug} primary />}>
          Sort it out first. Then the plan can be changed.
        </EmptyState>
      )
    case "unconfirmed":
      return (
        <EmptyState
          title="A payment waits to be confirmed"
          action={<WayOut act="confirm_payment" slug={slug} primary />}
        >
          The bank wants that. Then the plan can be changed.
        </EmptyState>
      )
    case "paused":
      return (
        <EmptyState title="The plan is paused" action={<WayOut act="resume_plan" slug={slug} primary />}>
          Resume it first. Then it can be changed.
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
