import Check from "lucide-react/icons/check"
import DoorOpen from "lucide-react/icons/door-open"
import Plus from "lucide-react/icons/plus"
import type { ReactNode } from "react"
import type { ShellOrganization } from "~/components/own-organizations"
import { Avatar } from "~/components/ui/avatar"
import { Badge } from "~/components/ui/badge"
import type { MenuItem } from "~/components/ui/menu-list"
import { paths } from "~/lib/paths"

/** The entries of a switcher: each organisation, joining one where that is open, a new one. */
export function switcherEntries(
  organizations: readonly ShellOrganization[],
  current: ShellOrganization | null,
  mayJoin: boolean,
): MenuItem[] {
  const known = organizations.map(organization => entry(organization, current))
  return mayJoin ? [...known, joining, { ...creation, apart: false }] : [...known, creation]
}

const joining: MenuItem = {
  label: "Join an organisation",
  to: paths.organizations.join(),
  icon: inPlaceOfPicture(<DoorOpen aria-hidden className="size-4 text-ink-soft" />),
  apart: true,
}

const creation: MenuItem = {
  label: "New organisation",
  to: paths.organizations.create(),
  icon: inPlaceOfPicture(<Plus aria-hidden className="size-4 text-ink-soft" />),
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

/** As wide as the pictures of organisations, so that the labels stand in one line. */
function inPlaceOfPicture(icon: ReactNode) {
  return <span className="flex size-6 items-center justify-center">{icon}</span>
}
