import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PlanChooser } from "~/components/plan-chooser"
import { PlanObstacle } from "~/components/plan-obstacle"
import { Card } from "~/components/ui/card"
import { planChoiceOf } from "~/domain/billing/plan-preview.server"
import { requireMembership } from "~/http/guards.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Change the plan", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  return { slug: membership.organization.slug, choice: await planChoiceOf(membership) }
}

export default function Plan() {
  const { slug, choice } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Change the plan" lead="You see what it costs before anything happens.">
      {choice.obstacle ? (
        <Card>
          <PlanObstacle slug={slug} obstacle={choice.obstacle} />
        </Card>
      ) : (
        <PlanChooser slug={slug} choice={choice} />
      )}
    </AppPage>
  )
}
