import CreditCard from "lucide-react/icons/credit-card"
import House from "lucide-react/icons/house"
import ShieldCheck from "lucide-react/icons/shield-check"
import Users from "lucide-react/icons/users"
import type { NavEntry } from "~/components/navigation"
import { paths } from "~/lib/paths"

/** The entries of an organisation's pages. */
export function organizationNavigation(slug: string): NavEntry[] {
  return [
    { to: paths.organization.overview(slug), label: "Overview", icon: <House aria-hidden />, end: true },
    { to: paths.organization.members(slug), label: "Members", icon: <Users aria-hidden /> },
    { to: paths.organization.billing(slug), label: "Billing", icon: <CreditCard aria-hidden /> },
    { to: paths.organization.roles(slug), label: "Roles", icon: <ShieldCheck aria-hidden /> },
  ]
}
