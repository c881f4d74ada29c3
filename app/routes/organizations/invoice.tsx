import { data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { invoicePdf } from "~/domain/billing/invoices.server"
import { failure } from "~/http/failures.server"
import { requireMembership } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Invoice", matches)

const noStore = { "Cache-Control": "no-store" }

/** Leads to the PDF, where Stripe keeps it; the page below is for when Stripe does not answer. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "billing.manage")
  const { slug } = membership.organization
  const pdf = await invoicePdf(membership, params.invoiceId ?? "")
  if (pdf.ok) return redirect(pdf.value.url, { status: 303, headers: noStore })
  if (pdf.error === "unknown") throw failure("not_found")
  const here = paths.organization.invoice(slug, params.invoiceId ?? "")
  return data({ slug, here }, { status: 503, headers: noStore })
}

export default function Invoice() {
  const { slug, here } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Invoice">
      <Banner tone="warn" title="The payment provider does not answer at the moment">
        It keeps the PDF of this invoice. Nothing is lost: try again in a minute.
      </Banner>
      <div className="flex flex-wrap gap-3">
        <ButtonLink to={here} reloadDocument>
          Try again
        </ButtonLink>
        <ButtonLink kind="quiet" to={paths.organization.invoices(slug)}>
          All invoices
        </ButtonLink>
      </div>
    </AppPage>
  )
}
