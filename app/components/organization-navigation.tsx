import CreditCard from "lucide-react/icons/credit-card"
import House from "lucide-react/icons/house"
import KeyRound from "lucide-react/icons/key-round"
import ScrollText from "lucide-react/icons/scroll-text"
import Settings from "lucide-react/icons/settings"
import ShieldCheck from "lucide-react/icons/shield-check"
import Users from "lucide-react/icons/users"
import type { NavEntry } from "~/components/navigation"
import { can, type Role } from "~/domain/organizations/roles"
import { paths } from "~/lib/paths"

type Now = {
  archived?: boolean
  readOnly?: boolean
  /** Admins may, where the owners allow it. */
  mayPay?: boolean
}

/** The entries of an organisation's pages, as far as the role opens them; of one that is
 * archived, or whose plan is unpaid, those that still lead somewhere. */
export function organizationNavigation(slug: string, role: Role, now: Now = {}): NavEntry[] {
  if (now.archived) return navigationWhileArchived(slug, role, now.mayPay)
  const settings: NavEntry[] = can(role, "organization.set_up")
    ? [{ to: paths.organization.settings(slug), label: "Settings", icon: <Settings aria-hidden /> }]
    : []
  const closing = can(role, "organization.close") ? [exportAndClosing(slug)] : []
  const keys: NavEntry[] = can(role, "keys.revoke")
    ? [{ to: paths.organization.apiKeys(slug), label: "API keys", icon: <KeyRound aria-hidden /> }]
    : []
  const audit: NavEntry[] = can(role, "audit.read")
    ? [{ to: paths.organization.audit(slug), label: "Audit log", icon: <ScrollText aria-hidden /> }]
    : []
  return [
    { to: paths.organization.overview(slug), label: "Overview", icon: <House aria-hidden />, end: true },
    { to: paths.organization.members(slug), label: "Members", icon: <Users aria-hidden /> },
    { to: paths.organization.billing(slug), label: "Billing", icon: <CreditCard aria-hidden /> },
    { to: paths.organization.roles(slug), label: "Roles", icon: <ShieldCheck aria-hidden /> },
    ...audit,
    ...(now.readOnly ? [...keys, ...closing] : settings),
  ]
}

/** The page of the settings that is open while nothing else can be changed. */
function exportAndClosing(slug: string): NavEntry {
  return {
    to: paths.organization.danger(slug),
    label: "Export and closing",
    icon: <Settings aria-hidden />,
  }
}

function navigationWhileArchived(slug: string, role: Role, mayPay = false): NavEntry[] {
  const all: (NavEntry | false)[] = [
    { to: paths.organization.overview(slug), label: "Overview", icon: <House aria-hidden />, end: true },
    mayPay && {
      to: paths.organization.billing(slug),
      label: "Billing",
      icon: <CreditCard aria-hidden />,
    },
    can(role, "organization.close") && exportAndClosing(slug),
  ]
  return all.filter(entry => entry !== false)
}
