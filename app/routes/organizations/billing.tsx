import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PaidTwice } from "~/components/paid-twice"
import { PlanFacts } from "~/components/plan-facts"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Form } from "~/components/ui/form"
import { Time } from "~/components/ui/time"
import { billingViewOf } from "~/domain/billing/billing-view.server"
import { requireMembership } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Billing", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.view", {
    whileArchived: "billing.manage",
  })
  return { slug: membership.organization.slug, view: await billingViewOf(membership) }
}

export default function Billing() {
  const { slug, view } = useLoaderData<typeof loader>()
  return (
    <AppPage
      title="Billing"
      lead={
        view.mayManage
          ? "The plan, when it is paid next, and everything about paying."
          : "The plan. Owners can change it."
      }
      action={view.mayManage && view.hasCustomer && <PortalButton slug={slug} />}
    >
      <PaidTwice slug={slug} paidPlans={view.paidPlans} />
      {view.details?.endsAt && (
        <Banner tone="warn" title="The plan is set to end">
          It ends on <Time at={view.details.endsAt} show="date" />. Until then, nothing changes.
        </Banner>
      )}
      <Card>
        {view.status === null ? <NoPlan slug={slug} mayManage={view.mayManage} /> : <PlanFacts view={view} />}
      </Card>
      {view.mayManage && (view.status === "canceled" || view.status === "incomplete_expired") && (
        <ButtonLink kind="secondary" to={paths.pricing({ org: slug })}>
          See the plans
        </ButtonLink>
      )}
    </AppPage>
  )
}

function PortalButton({ slug }: { slug: string }) {
  return (
    <Form action={paths.organization.portal(slug)}>
      <Button pendingLabel="Opening…">Manage plan and payment</Button>
    </Form>
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
