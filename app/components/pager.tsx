import { useSearchParams } from "@remix-run/react"
import { ButtonLink } from "~/components/ui/button"
import type { Page } from "~/lib/cursor"

type Props = Omit<Page<unknown>, "rows"> & {
  /** Names the links for screen readers: "Pages of the audit log". */
  label: string
  /** What leads back and what leads on; in a list that begins with the latest, "Newer" and "Older". */
  words?: readonly [string, string]
  /** Where a page holds two lists: the name `placeOf` was given. */
  list?: string
}

/** The way through a list of more than a page. What it is filtered by stays in the address. */
export function Pager({ previous, next, label, words = ["Previous", "Next"], list }: Props) {
  const [query] = useSearchParams()
  if (!previous && !next) return null
  const to = (word: "after" | "before", cursor: string) => {
    const other = new URLSearchParams(query)
    for (const name of ["after", "before"]) other.delete(list ? `${list}-${name}` : name)
    other.set(list ? `${list}-${word}` : word, cursor)
    return `?${other}`
  }
  return (
    <nav aria-label={label} className="flex justify-between gap-2">
      {previous ? (
        <ButtonLink kind="secondary" size="small" to={to("before", previous)} rel="prev">
          {words[0]}
        </ButtonLink>
      ) : (
        <span />
      )}
      {next && (
        <ButtonLink kind="secondary" size="small" to={to("after", next)} rel="next">
          {words[1]}
        </ButtonLink>
      )}
    </nav>
  )
}
