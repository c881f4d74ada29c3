import { Link } from "@remix-run/react"
import Check from "lucide-react/icons/check"
import ChevronsUpDown from "lucide-react/icons/chevrons-up-down"
import Plus from "lucide-react/icons/plus"
import { Avatar } from "~/components/ui/avatar"
import { Logo } from "~/components/ui/logo"
import { Menu, type MenuItem } from "~/components/ui/menu"
import { paths } from "~/lib/paths"

export type ShellOrganization = { slug: string; name: string }

type Props = {
  /** The one used last first. */
  organizations: readonly ShellOrganization[]
  current: ShellOrganization | null
}

/** The organisation you are in, or on pages of your own the one used last, and one click to another. */
export function OrganizationSwitcher({ organizations, current }: Props) {
  const shown = current ?? organizations[0]
  if (!shown) return <NoOrganization />
  return (
    <Menu
      items={[...organizations.map(organization => entry(organization, current)), creation]}
      triggerClassName="flex w-full items-center gap-2.5 rounded-md border border-line bg-surface p-2 text-left hover:bg-sunken"
      trigger={
        <>
          <Avatar name={shown.name} shape="organization" />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-semibold text-ink text-sm">{shown.name}</span>
            <span className="sr-only">, switch organisation</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-soft" />
        </>
      }
    />
  )
}

/** Somebody who belongs to none finds a plan, an invitation or a new organisation on the page that decides where to go. */
function NoOrganization() {
  return (
    <Link to={paths.start()} className="inline-flex self-start rounded-md p-2 text-ink">
      <Logo />
    </Link>
  )
}

const creation: MenuItem = {
  label: "New organisation",
  to: paths.organizations.create(),
  icon: (
    <span className="flex size-6 items-center justify-center">
      <Plus aria-hidden className="size-4 text-ink-soft" />
    </span>
  ),
  apart: true,
}

/** Going to another one is posted, so that it is remembered as the one used last. */
function entry({ slug, name }: ShellOrganization, current: ShellOrganization | null): MenuItem {
  const look = { label: name, icon: <Avatar name={name} shape="organization" size="small" /> }
  if (slug !== current?.slug) return { ...look, post: paths.organization.switch(slug) }
  return { ...look, to: paths.organization.overview(slug), note: <Check aria-hidden />, current: true }
}
