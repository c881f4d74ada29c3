import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { DeskSearch } from "~/components/desk-search"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { Badge } from "~/components/ui/badge"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { listOrganizations } from "~/domain/organizations/desk-organizations.server"
import { requireOperator } from "~/http/guards.server"
import { placeOf, searchOf } from "~/http/paging.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Organisations", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireOperator(request)
  const search = searchOf(request)
  return { search, ...(await listOrganizations(search, placeOf(request))) }
}

export default function AdminOrganizations() {
  const { search, rows, previous, next } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Organisations" lead="Everyone’s, the youngest first.">
      <DeskSearch
        label="Find an organisation"
        placeholder="Name, address or a member’s e-mail"
        search={search}
      />
      <Card flush>
        <Table
          caption="Organisations"
          rows={rows}
          rowKey={row => row.id}
          empty={
            search ? (
              <EmptyState title="Nothing found">{`No name, address or member here contains “${search}”.`}</EmptyState>
            ) : (
              <EmptyState title="No organisation yet">The first one shows here.</EmptyState>
            )
          }
          columns={[
            {
              header: "Organisation",
              cell: ({ id, name, slug }) => (
                <span className="block">
                  <TextLink to={paths.admin.organization(id)} className="break-words font-medium">
                    {name}
                  </TextLink>
                  <span className="block break-all text-ink-soft text-xs">
                    {paths.organization.overview(slug)}
                  </span>
                </span>
              ),
            },
            {
              header: "State",
              cell: ({ archived }) =>
                archived ? <Badge tone="warn">Archived</Badge> : <Badge tone="good">Open</Badge>,
            },
            { header: "Members", cell: row => row.members },
            { header: "Created", cell: row => <Time at={row.createdAt} show="date" /> },
          ]}
        />
      </Card>
      <Pager previous={previous} next={next} label="Pages of the organisations" words={["Newer", "Older"]} />
    </AppPage>
  )
}
