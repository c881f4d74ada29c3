import { Form, Link } from "@remix-run/react"
import type { ReactNode } from "react"

type Common = {
  label: string
  icon?: ReactNode
  /** Set at the end of the entry, such as a mark. */
  note?: ReactNode
  current?: boolean
  /** Stands apart from the entries above it. */
  apart?: boolean
}

/** An entry leads somewhere (`to`), or posts a small form (`post`, `fields`). */
export type MenuItem = Common &
  ({ to: string; post?: undefined } | { to?: undefined; post: string; fields?: Record<string, string> })

export const menuPanelLook = "floats z-40 min-w-52 max-w-[calc(100vw-1rem)] rounded-md p-1"

export const menuItemLook =
  "flex w-full items-center gap-2.5 rounded-sm px-2.5 py-2 text-left text-ink text-sm no-underline outline-none " +
  "hover:bg-sunken focus-visible:bg-sunken data-highlighted:bg-sunken [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-soft"

/** The entries of a menu as plain links and forms. */
export function MenuList({ items }: { items: readonly MenuItem[] }) {
  return (
    <ul>
      {items.map(item => (
        <li key={item.to ?? item.post} className={item.apart ? "mt-1 border-line border-t pt-1" : ""}>
          <Entry item={item} />
        </li>
      ))}
    </ul>
  )
}

function Entry({ item }: { item: MenuItem }) {
  const content = (
    <>
      {item.icon}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.note}
    </>
  )
  if (item.to !== undefined) {
    return (
      <Link to={item.to} aria-current={item.current ? "true" : undefined} className={menuItemLook}>
        {content}
      </Link>
    )
  }
  return (
    <Form method="post" action={item.post}>
      {Object.entries(item.fields ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" className={menuItemLook}>
        {content}
      </button>
    </Form>
  )
}
