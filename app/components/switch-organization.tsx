import { useMayJoin, useOrganizations } from "~/components/own-organizations"
import type { MenuItem } from "~/components/ui/menu-list"
import { PlainMenu } from "~/components/ui/plain-menu"
import { paths } from "~/lib/paths"

/**
 * The switcher at the foot of pages that stand outside of an organisation, failures among them. Guests load these pages, too: it
 * takes no script, and names without pictures. Nothing for someone without organisations.
 */
export function SwitchOrganization() {
  const organizations = useOrganizations()
  const mayJoin = useMayJoin()
  if (organizations.length === 0) return null
  const items: MenuItem[] = organizations.map(({ slug, name, archived }) => {
    return { label: name, post: paths.organization.switch(slug), note: archived && "archived" }
  })
  if (mayJoin) items.push({ label: "Join an organisation", to: paths.organizations.join(), apart: true })
  items.push({ label: "New organisation", to: paths.organizations.create(), apart: !mayJoin })
  return (
    <PlainMenu
      items={items}
      side="top"
      triggerClassName="cursor-pointer hover:text-ink"
      trigger={
        <>
          Switch organisation <span aria-hidden>▴</span>
        </>
      }
    />
  )
}
