import type { ReactNode } from "react"
import { Badge } from "~/components/ui/badge"
import { Money } from "~/components/ui/money"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { type InvoiceLine, isPayable, stateOfInvoice } from "~/domain/billing/invoice-view"
import { billingPaths } from "~/lib/billing-paths"
import { paths } from "~/lib/paths"

type Props = { slug: string; invoices: readonly InvoiceLine[]; empty?: ReactNode }

/** Invoices, the latest first; the number of each leads to its PDF. */
export function InvoicesTable({ slug, invoices, empty }: Props) {
  return (
    <Table
      caption="Invoices"
      rows={invoices}
      rowKey={invoice => invoice.id}
      empty={empty}
      columns={[
        {
          header: "Invoice",
          cell: ({ id, number }) => (
            <TextLink to={paths.organization.invoice(slug, id)} reloadDocument>
              {number ?? "Without a number"} <span className="text-ink-soft">(PDF)</span>
            </TextLink>
          ),
        },
        { header: "Date", cell: ({ createdAt }) => <Time at={createdAt} show="date" /> },
        { header: "State", cell: invoice => <State slug={slug} invoice={invoice} /> },
        {
          header: "Amount",
          align: "end",
          cell: ({ total, currency }) => <Money amount={total} currency={currency} />,
        },
      ]}
    />
  )
}

function State({ slug, invoice }: { slug: string; invoice: InvoiceLine }) {
  const { words, tone, note } = stateOfInvoice(invoice)
  return (
    <>
      <span className="block text-right sm:text-left">
        <Badge tone={tone}>{words}</Badge>
      </span>
      {note && <span className="mt-1 block text-right text-xs sm:text-left">{note}</span>}
      {isPayable(invoice) && (
        <TextLink
          to={billingPaths.invoicePayment(slug, invoice.id)}
          reloadDocument
          className="mt-1 block text-right text-xs sm:text-left"
        >
          Pay it<span className="sr-only"> ({invoice.number ?? "without a number"})</span>
        </TextLink>
      )}
    </>
  )
}
