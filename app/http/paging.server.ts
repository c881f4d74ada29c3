const longestSearch = 100

/** Which page of a list a URL asks for, and what it searches: `?page=2&search=anna`. Anything odd is the first page. */
export function pageOf(request: Request): { page: number; search: string } {
  const query = new URL(request.url).searchParams
  const page = Number(query.get("page") ?? 1)
  return {
    page: Number.isInteger(page) && page > 0 && page < 100_000 ? page : 1,
    search: (query.get("search") ?? "").trim().slice(0, longestSearch),
  }
}
