import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { DriftTable } from "~/components/drift-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { StripeStateCard } from "~/components/stripe-state"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { TextLink } from "~/components/ui/text-link"
import { lastComparison } from "~/domain/billing/comparison-report.server"
import { listFindings } from "~/domain/billing/drift-findings.server"
import { stripeState } from "~/domain/billing/stripe-state.server"
import { requireOperator } from "~/http/guards.server"
import { placeOf } from "~/http/paging.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Differences", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireOperator(request)
  const standing = new URL(request.url).searchParams.get("show") === "standing"
  const [findings, comparison] = await Promise.all([
    listFindings(standing, placeOf(request)),
    lastComparison(),
  ])
  return { findings, standing, setUp: stripeState(), comparison: comparison ?? null }
}

export default function AdminDrift() {
  const { findings, standing, setUp, comparison } = useLoaderData<typeof loader>()
  return (
    <AppPage
      title="Differences"
      lead="Every night all subscriptions are compared with Stripe. What differed, though no event had told of it, stands here."
    >
      <StripeStateCard state={setUp} comparison={comparison} />
      <p className="text-sm">
        {standing ? (
          <TextLink to={paths.admin.drift()}>Show what was repaired, too</TextLink>
        ) : (
          <TextLink to={paths.admin.drift({ show: "standing" })}>Show only what stands</TextLink>
        )}
      </p>
      <Card flush>
        <DriftTable
          findings={findings.rows}
          empty={
            <EmptyState title="No difference">
              Here and at Stripe everything was the same, or events told of it in time.
            </EmptyState>
          }
        />
      </Card>
      <Pager
        previous={findings.previous}
        next={findings.next}
        label="Pages of the differences"
        words={["Newer", "Older"]}
      />
    </AppPage>
  )
}
