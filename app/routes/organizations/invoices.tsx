import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { InvoicesTable } from "~/components/invoices-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { listInvoices } from "~/domain/billing/invoices.server"
import { requireMembership } from "~/http/guards.server"
import { placeOf } from "~/http/paging.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Invoices", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  return {
    slug: membership.organization.slug,
    page: await listInvoices(membership, placeOf(request)),
  }
}

export default function Invoices() {
  const { slug, page } = useLoaderData<typeof loader>()
  const { rows, previous, next } = page
  return (
    <AppPage
      title="Invoices"
      lead="Everything that was billed to this organisation, the latest first."
      action={
        <ButtonLink kind="secondary" to={paths.organization.billing(slug)}>
          Back to billing
        </ButtonLink>
      }
    >
      <Card flush>
        <InvoicesTable slug={slug} invoices={rows} empty={<Nothing />} />
      </Card>
      <Pager {...{ previous, next }} label="Pages of the invoices" words={["Newer", "Older"]} />
    </AppPage>
  )
}

function Nothing() {
  return (
    <EmptyState title="No invoices yet">
      The first one comes with the first plan. It then stays here for good.
    </EmptyState>
  )
}
