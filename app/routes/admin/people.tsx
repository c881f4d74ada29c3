import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { AccountState } from "~/components/account-state"
import { DeskSearch } from "~/components/desk-search"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Pager } from "~/components/pager"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Table } from "~/components/ui/table"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { listPeople } from "~/domain/organizations/desk-people.server"
import { requireOperator } from "~/http/guards.server"
import { placeOf, searchOf } from "~/http/paging.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("People", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireOperator(request)
  const search = searchOf(request)
  return { search, ...(await listPeople(search, placeOf(request))) }
}

export default function AdminPeople() {
  const { search, rows, previous, next } = useLoaderData<typeof loader>()
  return (
    <AppPage title="People" lead="Everyone with an account, the youngest first.">
      <DeskSearch label="Find someone" placeholder="Name or address" search={search} />
      <Card flush>
        <Table
          caption="People"
          rows={rows}
          rowKey={row => row.id}
          empty={
            <EmptyState title="Nobody found">{`No name or address here contains “${search}”.`}</EmptyState>
          }
          columns={[
            {
              header: "Person",
              cell: ({ id, name, email }) => (
                <span className="block">
                  <TextLink to={paths.admin.person(id)} className="break-words font-medium">
                    {name || email}
                  </TextLink>
                  {name && <span className="block break-all text-ink-soft text-xs">{email}</span>}
                </span>
              ),
            },
            { header: "State", cell: row => <AccountState account={row} /> },
            {
              header: "Last sign-in",
              cell: ({ lastSignInAt }) =>
                lastSignInAt ? <Time at={lastSignInAt} show="relative" /> : "Never",
            },
            { header: "Since", cell: row => <Time at={row.createdAt} show="date" /> },
          ]}
        />
      </Card>
      <Pager previous={previous} next={next} label="Pages of the people" words={["Newer", "Older"]} />
    </AppPage>
  )
}
