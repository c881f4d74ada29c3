import type { LoaderFunctionArgs } from "@remix-run/node"
import { Outlet, useLoaderData } from "@remix-run/react"
import MonitorSmartphone from "lucide-react/icons/monitor-smartphone"
import UserRound from "lucide-react/icons/user-round"
import { AppShell } from "~/components/shell"
import { membershipsOf } from "~/domain/organizations/memberships.server"
import { requireSession } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId, name, email, isOperator } = requireSession(request)
  const memberships = await membershipsOf(userId)
  return {
    person: { name, email, isOperator },
    organizations: memberships.map(({ organization: { slug, name } }) => ({ slug, name })),
  }
}

const nav = [
  { to: paths.account.profile(), label: "Profile", icon: <UserRound aria-hidden /> },
  { to: paths.account.devices(), label: "Devices", icon: <MonitorSmartphone aria-hidden /> },
]

export default function AccountLayout() {
  const { person, organizations } = useLoaderData<typeof loader>()
  return (
    <AppShell organizations={organizations} current={null} person={person} nav={nav}>
      <Outlet />
    </AppShell>
  )
}
