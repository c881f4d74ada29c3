import { NavLink } from "@remix-run/react"
import { classNames } from "~/components/class-names"
import { can, type Permission, type Role } from "~/domain/organizations/roles"
import { paths } from "~/lib/paths"

type Tab = { label: string; to: (slug: string) => string; for: Permission; end?: boolean }

const tabs: readonly Tab[] = [
  { label: "General", to: slug => paths.organization.settings(slug), for: "organization.set_up", end: true },
  { label: "Security", to: paths.organization.security, for: "security.manage" },
  { label: "Domains", to: paths.organization.domains, for: "security.manage" },
  { label: "API keys", to: paths.organization.apiKeys, for: "keys.revoke" },
  { label: "Ownership and closing", to: paths.organization.danger, for: "organization.close" },
]

/**
 * The pages of an organisation's settings, as far as the role opens them: the first thing below the title "Settings" of each.
 * They are plain links. Nothing for someone who may open one only.
 */
export function SettingsTabs({ slug, role }: { slug: string; role: Role }) {
  const open = tabs.filter(tab => can(role, tab.for))
  if (open.length < 2) return null
  return (
    <nav aria-label="Settings" className="-mt-2 border-line border-b">
      <ul className="-mb-px flex flex-wrap gap-x-6">
        {open.map(tab => (
          <li key={tab.label}>
            <NavLink to={tab.to(slug)} end={tab.end} className={tabLook}>
              {tab.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function tabLook({ isActive }: { isActive: boolean }) {
  return classNames(
    "inline-flex items-center border-b-2 py-2.5 text-sm no-underline",
    isActive
      ? "border-lamp font-semibold text-ink"
      : "border-transparent font-medium text-ink-soft hover:border-edge hover:text-ink",
  )
}
