import { InvoicesTable } from "~/components/invoices-table"
import { Card } from "~/components/ui/card"
import { TextLink } from "~/components/ui/text-link"
import type { InvoiceLine } from "~/domain/billing/invoice-view"
import { paths } from "~/lib/paths"

/** The last few invoices, and the way to the others. Nothing before the first. */
export function LatestInvoices({ slug, invoices }: { slug: string; invoices: readonly InvoiceLine[] }) {
  if (invoices.length === 0) return null
  return (
    <Card
      flush
      title="Invoices"
      action={
        <TextLink to={paths.organization.invoices(slug)} className="text-sm">
          All invoices
        </TextLink>
      }
    >
      <InvoicesTable slug={slug} invoices={invoices} />
    </Card>
  )
}
