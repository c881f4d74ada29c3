import type { LoaderFunctionArgs } from "@remix-run/node"
import { Outlet, useLoaderData } from "@remix-run/react"
import FileDown from "lucide-react/icons/file-down"
import History from "lucide-react/icons/history"
import MonitorSmartphone from "lucide-react/icons/monitor-smartphone"
import ShieldCheck from "lucide-react/icons/shield-check"
import UserRound from "lucide-react/icons/user-round"
import { useOrganizations } from "~/components/own-organizations"
import { AppShell } from "~/components/shell"
import { requireSession } from "~/http/guards.server"
import { paths } from "~/lib/paths"

export async function loader({ request }: LoaderFunctionArgs) {
  const { name, email, isOperator } = requireSession(request)
  return { person: { name, email, isOperator } }
}

const guarding = [
  paths.account.email(),
  paths.account.password(),
  paths.account.twoFactor(),
  paths.account.passkeys(),
  paths.account.connections(),
]

const nav = [
  { to: paths.account.profile(), label: "Profile", icon: <UserRound aria-hidden /> },
  { to: paths.account.security(), label: "Security", icon: <ShieldCheck aria-hidden />, covers: guarding },
  { to: paths.account.devices(), label: "Devices", icon: <MonitorSmartphone aria-hidden /> },
  { to: paths.account.history(), label: "History", icon: <History aria-hidden /> },
  {
    to: paths.account.data(),
    label: "Your data",
    icon: <FileDown aria-hidden />,
    covers: [paths.account.deletion()],
  },
]

export default function AccountLayout() {
  const { person } = useLoaderData<typeof loader>()
  return (
    <AppShell organizations={useOrganizations()} current={null} person={person} nav={nav}>
      <Outlet />
    </AppShell>
  )
}
