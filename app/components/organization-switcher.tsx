import { Link } from "@remix-run/react"
import ChevronsUpDown from "lucide-react/icons/chevrons-up-down"
import { pictureOf, switcherEntries } from "~/components/organization-entries"
import { type ShellOrganization, useMayJoin } from "~/components/own-organizations"
import { Avatar } from "~/components/ui/avatar"
import { Logo } from "~/components/ui/logo"
import { Menu } from "~/components/ui/menu"
import { paths } from "~/lib/paths"

type Props = {
  /** The one used last first. */
  organizations: readonly ShellOrganization[]
  current: ShellOrganization | null
}

/** The organisation you are in, or on pages of your own the one used last, and one click to another. */
export function OrganizationSwitcher({ organizations, current }: Props) {
  const mayJoin = useMayJoin()
  const shown = current ?? organizations[0]
  if (!shown) return <NoOrganization />
  return (
    <Menu
      items={switcherEntries(organizations, current, mayJoin)}
      triggerClassName="flex w-full items-center gap-2.5 rounded-md border border-line bg-surface p-2 text-left hover:bg-sunken"
      trigger={
        <>
          <Avatar name={shown.name} shape="organization" picture={pictureOf(shown)} />
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
