import { Form } from "@remix-run/react"
import { Button } from "~/components/ui/button"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import { paths } from "~/lib/paths"

type Domain = { domain: string; shown: string; addedBy?: string; createdAt: string | Date; waits: boolean }

/** The domains whose people may join, each to remove. */
export function DomainsTable({ slug, domains }: { slug: string; domains: readonly Domain[] }) {
  return (
    <Table
      caption="Domains whose people may join"
      rows={domains}
      rowKey={({ domain }) => domain}
      empty={
        <EmptyState title="By invitation only">
          Nobody joins without an invitation. Add a domain to let everyone of your company in.
        </EmptyState>
      }
      columns={[
        {
          header: "Domain",
          cell: ({ shown, waits }) => (
            <>
              <span className="break-all">{shown}</span>
              {waits && (
                <p className="text-sm text-ink-soft">
                  Nobody can join by it now: it waits for an owner with an address of this domain.
                </p>
              )}
            </>
          ),
        },
        {
          header: "Added",
          cell: ({ createdAt, addedBy }) => (
            <>
              <Time at={createdAt} show="date" /> {addedBy && `by ${addedBy}`}
            </>
          ),
        },
        {
          header: "Actions",
          hideHeader: true,
          align: "end",
          cell: ({ domain, shown }) => (
            <Form method="post" action={paths.organization.domains(slug)}>
              <input type="hidden" name="domain" value={domain} />
              <Button kind="quiet" size="small" name="intent" value="remove" aria-label={`Remove ${shown}`}>
                Remove
              </Button>
            </Form>
          ),
        },
      ]}
    />
  )
}
