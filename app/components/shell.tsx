import { useLocation } from "@remix-run/react"
import Menu from "lucide-react/icons/menu"
import type { ReactNode } from "react"
import { FreshProof } from "~/components/fresh-proof"
import { type NavEntry, Navigation } from "~/components/navigation"
import { OrganizationSwitcher } from "~/components/organization-switcher"
import type { ShellOrganization } from "~/components/own-organizations"
import { PersonMenu, type ShellPerson } from "~/components/person-menu"
import { ThemeSwitch } from "~/components/theme-switch"
import { FormProof } from "~/components/ui/form-proof"
import { Sheet } from "~/components/ui/sheet"

type AppShellProps = {
  organizations: readonly ShellOrganization[]
  /** Null on pages that belong to the person, not to an organisation. */
  current: ShellOrganization | null
  person: ShellPerson
  nav: readonly NavEntry[]
  /** What must be known on every page of the organisation, such as a failed payment. */
  banner?: ReactNode
  children: ReactNode
}

/** What stands around every page of someone signed in. */
export function AppShell({ organizations, current, nav, ...shell }: AppShellProps) {
  return (
    <Shell
      {...shell}
      place={current?.name ?? "Your account"}
      head={<OrganizationSwitcher organizations={organizations} current={current} />}
      navigation={<Navigation label={current?.name ?? "Your account"} entries={nav} />}
    />
  )
}

type AdminShellProps = Omit<AppShellProps, "current">

/** What stands around the operator's pages. */
export function AdminShell({ organizations, nav, ...shell }: AdminShellProps) {
  return (
    <Shell
      {...shell}
      place="Operator’s desk"
      head={
        <div className="flex flex-col gap-3">
          <OrganizationSwitcher organizations={organizations} current={null} />
          <span className="px-2 text-ink-soft text-xs">Operator’s desk</span>
        </div>
      }
      navigation={<Navigation label="Operator’s desk" entries={nav} />}
    />
  )
}

type ShellProps = Pick<AppShellProps, "person" | "banner" | "children"> & {
  place: string
  head: ReactNode
  navigation: ReactNode
}

function Shell({ place, head, navigation, person, banner, children }: ShellProps) {
  const column = (
    <div className="flex flex-1 flex-col gap-5">
      {head}
      {navigation}
      <div className="mt-auto flex flex-col gap-3 pt-6">
        <div className="px-2">
          <ThemeSwitch />
        </div>
        <div className="border-line border-t pt-3">
          <PersonMenu person={person} />
        </div>
      </div>
    </div>
  )
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[16rem_1fr] print:block">
      <aside className="sticky top-0 hidden h-dvh flex-col overflow-y-auto border-line border-r p-4 lg:flex print:hidden">
        {column}
      </aside>
      <TopBar place={place}>{column}</TopBar>
      <div className="min-w-0">
        <main id="main" tabIndex={-1} className="mx-auto max-w-[72rem] px-5 py-8 sm:px-8 lg:px-12 lg:py-12">
          {banner && <div className="mb-8">{banner}</div>}
          <FormProof.Provider value={FreshProof}>{children}</FormProof.Provider>
        </main>
      </div>
    </div>
  )
}

function TopBar({ place, children }: { place: string; children: ReactNode }) {
  const { pathname } = useLocation()
  return (
    <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-line border-b bg-paper px-3 lg:hidden print:hidden">
      <Sheet
        label="Menu"
        closeOn={pathname}
        triggerClassName="flex size-10 items-center justify-center rounded-md text-ink hover:bg-sunken"
        trigger={<Menu className="size-5" aria-hidden />}
      >
        {children}
      </Sheet>
      <span className="min-w-0 truncate font-semibold text-ink text-sm">{place}</span>
    </header>
  )
}
