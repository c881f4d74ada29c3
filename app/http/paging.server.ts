import { type Place, parseCursor } from "~/lib/cursor"

const longestSearch = 100

/**
 * Which page of a list a URL asks for: `?after=` or `?before=` a cursor. Anything odd is the first page. Where a page holds
 * two lists, `list` tells them apart: `?invited-after=`.
 */
export function placeOf(request: Request, list?: string): Place {
  const query = new URL(request.url).searchParams
  const position = (word: string) => parseCursor(query.get(list ? `${list}-${word}` : word))
  return { after: position("after"), before: position("before") }
}

/** What a list is searched for: `?search=anna`. */
export function searchOf(request: Request): string {
  const search = new URL(request.url).searchParams.get("search") ?? ""
  return search.trim().slice(0, longestSearch)
}
