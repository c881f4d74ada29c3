import type { LoaderFunctionArgs } from "@remix-run/node"
import { Outlet, useLoaderData } from "@remix-run/react"
import Activity from "lucide-react/icons/activity"
import Building2 from "lucide-react/icons/building-2"
import CreditCard from "lucide-react/icons/credit-card"
import Users from "lucide-react/icons/users"
import { useOrganizations } from "~/components/own-organizations"
import { AdminShell } from "~/components/shell"
import { requireOperator } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export async function loader({ request }: LoaderFunctionArgs) {
  const { name, email, isOperator } = requireOperator(request)
  return { person: { name, email, isOperator } }
}

const nav = [
  { to: paths.admin.overview(), label: "State", icon: <Activity aria-hidden />, end: true },
  { to: paths.admin.organizations(), label: "Organisations", icon: <Building2 aria-hidden /> },
  { to: paths.admin.people(), label: "People", icon: <Users aria-hidden /> },
  { to: paths.admin.billing(), label: "Billing events", icon: <CreditCard aria-hidden /> },
]

export default function AdminLayout() {
  const { person } = useLoaderData<typeof loader>()
  return (
    <AdminShell organizations={useOrganizations()} person={person} nav={nav}>
      <Outlet />
    </AdminShell>
  )
}
