import ChevronsUpDown from "lucide-react/icons/chevrons-up-down"
import LogOut from "lucide-react/icons/log-out"
import ShieldCheck from "lucide-react/icons/shield-check"
import UserRound from "lucide-react/icons/user-round"
import Wrench from "lucide-react/icons/wrench"
import { Avatar } from "~/components/ui/avatar"
import { Menu, type MenuItem } from "~/components/ui/menu"
import { paths } from "~/lib/paths"

export type ShellPerson = { name: string; email: string; isOperator?: boolean }

/** The person at the foot of the sidebar: profile, security, the operator's desk, sign out. */
export function PersonMenu({ person, side = "top" }: { person: ShellPerson; side?: "top" | "bottom" }) {
  return (
    <Menu
      items={entries(person)}
      side={side}
      triggerClassName="flex w-full items-center gap-2.5 rounded-md p-2 text-left hover:bg-sunken"
      trigger={
        <>
          <Avatar name={person.name || person.email} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium text-ink text-sm">{person.name || person.email}</span>
            {person.name && <span className="block truncate text-ink-soft text-xs">{person.email}</span>}
            <span className="sr-only">, your account</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-soft" />
        </>
      }
    />
  )
}

function entries(person: ShellPerson): MenuItem[] {
  const desk: MenuItem[] = person.isOperator
    ? [{ label: "Operator’s desk", to: paths.admin.overview(), icon: <Wrench aria-hidden /> }]
    : []
  return [
    { label: "Profile", to: paths.account.profile(), icon: <UserRound aria-hidden /> },
    { label: "Security", to: paths.account.security(), icon: <ShieldCheck aria-hidden /> },
    ...desk,
    { label: "Sign out", post: paths.signOut(), icon: <LogOut aria-hidden />, apart: true },
  ]
}
