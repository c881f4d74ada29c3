type Matches = readonly ({ id: string; data?: unknown } | undefined)[]

/**
 * What a route's `meta` returns: the page's name, then the installation's.
 * `export const meta: MetaFunction = ({ matches }) => pageTitle("Sign in", matches)`
 */
export function pageTitle(title: string, matches: Matches = []): { title: string }[] {
  return [{ title: `${title} · ${appNameOf(matches)}` }]
}

function appNameOf(matches: Matches): string {
  const data = matches.find(match => match?.id === "root")?.data
  const named = typeof data === "object" && data !== null && "appName" in data ? data.appName : undefined
  return typeof named === "string" && named !== "" ? named : "Gatehouse"
}
