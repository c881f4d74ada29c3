import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import Check from "lucide-react/icons/check"
import Minus from "lucide-react/icons/minus"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Card } from "~/components/ui/card"
import { Table } from "~/components/ui/table"
import { actList, aRole, canHere, roleNames, roles, roleWords } from "~/domain/organizations/roles"
import { requireMembership } from "~/http/guards.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Who may do what", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug)
  const { adminsManageBilling } = membership.organization
  return { yours: membership.role, adminsManageBilling }
}

export default function Roles() {
  const { yours, adminsManageBilling } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Who may do what" lead={`You are ${aRole(yours)} here.`}>
      <Card title="Each role in one line">
        <dl className="grid gap-3 text-sm sm:grid-cols-3">
          {roles.map(role => (
            <div key={role}>
              <dt className="font-medium text-ink">{roleNames[role]}</dt>
              <dd className="text-ink-soft">{roleWords[role]}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card flush>
        <Table
          caption="What each role may do"
          rows={actList}
          rowKey={act => act.permission}
          columns={[
            { header: "What", cell: act => act.words },
            ...roles.map(role => ({
              header: roleNames[role],
              cell: (act: (typeof actList)[number]) => (
                <Mark yes={canHere(role, act.permission, { adminsManageBilling })} />
              ),
            })),
          ]}
        />
      </Card>
    </AppPage>
  )
}

function Mark({ yes }: { yes: boolean }) {
  const Icon = yes ? Check : Minus
  return (
    <>
      <Icon aria-hidden className={yes ? "size-4 text-good" : "size-4 text-ink-soft"} />
      <span className="sr-only">{yes ? "yes" : "no"}</span>
    </>
  )
}
