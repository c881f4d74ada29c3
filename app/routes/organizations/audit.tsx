import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData, useSearchParams } from "@remix-run/react"
import Download from "lucide-react/icons/download"
import { AuditFilters } from "~/components/audit-filters"
import { AuditTable } from "~/components/audit-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { listAudit } from "~/domain/organizations/audit.server"
import { likelyActors } from "~/domain/organizations/audit-people.server"
import { auditQueryOf } from "~/http/audit-query.server"
import { requireMembership } from "~/http/guards.server"
import { placeOf } from "~/http/paging.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Audit log", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "audit.read")
  const { query, problem } = auditQueryOf(request)
  const page = query && (await listAudit(membership, query, placeOf(request)))
  return {
    slug: membership.organization.slug,
    query: query ?? {},
    problem,
    people: await likelyActors(membership),
    page: page ?? { rows: [], previous: null, next: null },
  }
}

export default function AuditLog() {
  const { slug, query, problem, people, page } = useLoaderData<typeof loader>()
  const { rows, previous, next } = page
  return (
    <AppPage
      title="Audit log"
      lead="Who changed what, when and from where. Nobody can alter it."
      action={rows.length > 0 && <CsvLink slug={slug} />}
    >
      <AuditFilters {...{ query, problem, people }} all={paths.organization.audit(slug)} />
      <Card flush>
        <AuditTable lines={rows} empty={<Nothing wrong={problem !== undefined} />} />
      </Card>
      <Pager {...{ previous, next }} label="Pages of the audit log" words={["Newer", "Older"]} />
    </AppPage>
  )
}

/** The same lines as on the page, and all the pages after it. */
function CsvLink({ slug }: { slug: string }) {
  const [query] = useSearchParams()
  const filter = new URLSearchParams(query)
  for (const name of ["after", "before"]) filter.delete(name)
  return (
    <ButtonLink
      kind="secondary"
      to={[paths.organization.auditCsv(slug), filter].filter(String).join("?")}
      reloadDocument
      icon={<Download aria-hidden className="size-4" />}
    >
      Download as CSV
    </ButtonLink>
  )
}

function Nothing({ wrong }: { wrong: boolean }) {
  return wrong ? (
    <EmptyState title="Nothing to show">Correct the marked field, then filter again.</EmptyState>
  ) : (
    <EmptyState title="Nothing found">
      No change fits this filter. Every change of people, roles, plan and settings is written down here.
    </EmptyState>
  )
}
