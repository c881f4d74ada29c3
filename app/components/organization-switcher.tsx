import { Link, useRouteLoaderData } from "@remix-run/react"
import Check from "lucide-react/icons/check"
import ChevronsUpDown from "lucide-react/icons/chevrons-up-down"
import DoorOpen from "lucide-react/icons/door-open"
import Plus from "lucide-react/icons/plus"
import { Avatar } from "~/components/ui/avatar"
import { Badge } from "~/components/ui/badge"
import { Logo } from "~/components/ui/logo"
import { Menu, type MenuItem } from "~/components/ui/menu"
import { paths } from "~/lib/paths"

export type ShellOrganization = {
  slug: string
  name: string
  /** The hash of its picture. */
  logo?: string | null
  archived?: boolean
}

/** What the switcher lists, wherever it stands: the organisations of who is signed in, the one used last first. */
export function useOrganizations(): readonly ShellOrganization[] {
  return useRouteLoaderData<{ organizations?: ShellOrganization[] }>("root")?.organizations ?? []
}

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
      items={entries(organizations, current, mayJoin)}
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

/** Whether the domain of one's address opens an organisation one does not belong to. */
function useMayJoin(): boolean {
  return useRouteLoaderData<{ mayJoin?: boolean }>("root")?.mayJoin ?? false
}

/** The same at the foot of pages that stand outside of an organisation, failures among them. Nothing without organisations. */
export function SwitchOrganization() {
  const organizations = useOrganizations()
  const mayJoin = useMayJoin()
  if (organizations.length === 0) return null
  return (
    <Menu
      items={entries(organizations, null, mayJoin)}
      side="top"
      triggerClassName="inline-flex cursor-pointer items-center gap-1 hover:text-ink"
      trigger={
        <>
          Switch organisation <ChevronsUpDown aria-hidden className="size-3.5" />
        </>
      }
    />
  )
}

function entries(
  organizations: readonly ShellOrganization[],
  current: ShellOrganization | null,
  mayJoin: boolean,
): MenuItem[] {
  const known = organizations.map(organization => entry(organization, current))
  return mayJoin ? [...known, joining, { ...creation, apart: false }] : [...known, creation]
}

/** Somebody who belongs to none finds a plan, an invitation or a new organisation on the page that decides where to go. */
function NoOrganization() {
  return (
    <Link to={paths.start()} className="inline-flex self-start rounded-md p-2 text-ink">
      <Logo />
    </Link>
  )
}

const joining: MenuItem = {
  label: "Join an organisation",
  to: paths.organizations.join(),
  icon: (
    <span className="flex size-6 items-center justify-center">
      <DoorOpen aria-hidden className="size-4 text-ink-soft" />
    </span>
  ),
  apart: true,
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

/** The address of an organisation's logo. */
export function pictureOf({ slug, logo }: ShellOrganization): string | undefined {
  return logo ? paths.organization.logo(slug, logo) : undefined
}

/** Going to another one is posted, so that it is remembered as the one used last. */
function entry(
  { slug, name, logo, archived }: ShellOrganization,
  current: ShellOrganization | null,
): MenuItem {
  const look = {
    label: name,
    icon: <Avatar name={name} shape="organization" size="small" picture={pictureOf({ slug, name, logo })} />,
    note: archived && <Badge>Archived</Badge>,
  }
  if (slug !== current?.slug) return { ...look, post: paths.organization.switch(slug) }
  return { ...look, to: paths.organization.overview(slug), note: <Check aria-hidden />, current: true }
}
