import type { LoaderFunctionArgs } from "@remix-run/node"
import { Outlet, useLoaderData } from "@remix-run/react"
import MonitorSmartphone from "lucide-react/icons/monitor-smartphone"
import UserRound from "lucide-react/icons/user-round"
import { useOrganizations } from "~/components/own-organizations"
import { AppShell } from "~/components/shell"
import { requireSession } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export async function loader({ request }: LoaderFunctionArgs) {
  const { name, email, isOperator } = requireSession(request)
  return { person: { name, email, isOperator } }
}

const nav = [
  { to: paths.account.profile(), label: "Profile", icon: <UserRound aria-hidden /> },
  { to: paths.account.devices(), label: "Devices", icon: <MonitorSmartphone aria-hidden /> },
]

export default function AccountLayout() {
  const { person } = useLoaderData<typeof loader>()
  return (
    <AppShell organizations={useOrganizations()} current={null} person={person} nav={nav}>
      <Outlet />
    </AppShell>
  )
}
