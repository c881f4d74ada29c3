import { Link, NavLink, useLocation } from "@remix-run/react"
import type { ReactNode } from "react"
import { classNames } from "~/components/class-names"

export type NavEntry = {
  to: string
  label: string
  icon?: ReactNode
  /** Only the exact address counts as being there. */
  end?: boolean
  /** Addresses elsewhere that belong to it, by how they begin. */
  covers?: readonly string[]
}

/** The entries of a shell. The lamp is lit where you are. */
export function Navigation({ label, entries }: { label: string; entries: readonly NavEntry[] }) {
  const { pathname } = useLocation()
  return (
    <nav aria-label={label}>
      <ul className="flex flex-col gap-0.5">
        {entries.map(entry => (
          <li key={entry.to}>
            {entry.covers?.some(path => pathname.startsWith(path)) ? (
              <Link to={entry.to} aria-current="true" className={entryLook({ isActive: true })}>
                <Entry {...entry} />
              </Link>
            ) : (
              <NavLink to={entry.to} end={entry.end} className={entryLook}>
                <Entry {...entry} />
              </NavLink>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Entry({ icon, label }: NavEntry) {
  return (
    <>
      {icon}
      <span className="min-w-0 flex-1 truncate">{label}</span>
      <span aria-hidden className="lantern" />
    </>
  )
}

function entryLook({ isActive }: { isActive: boolean }) {
  return classNames(
    "nav-entry flex items-center gap-3 rounded-md px-3 py-2 text-sm no-underline [&>svg]:size-4 [&>svg]:shrink-0",
    isActive
      ? "bg-sunken font-semibold text-ink"
      : "font-medium text-ink-soft hover:bg-sunken hover:text-ink",
  )
}
