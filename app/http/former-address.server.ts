import { redirect } from "@remix-run/node"
import { currentSlugOf } from "~/domain/organizations/former-addresses.server"
import { isApiCall } from "~/http/request-target.server"
import { apiPaths } from "~/lib/api-paths"
import { paths } from "~/lib/paths"

/**
 * Leads a member from an address their organisation had before to the same page, or endpoint of the API, at the one it has now
 * [O12], query included; what is sent is sent there once more. Never for good: a former address may be another's one day.
 * Undefined for strangers, and where no former address is asked for.
 */
export function movedTo(request: Request, userId: string, slug: string): Response | undefined {
  const url = new URL(request.url)
  const inPath = /^\/(?:o|api\/organizations)\/[^/]+/i
  const inQuery = url.searchParams.get("org") === slug
  if (!inPath.test(url.pathname) && !inQuery) return undefined
  const now = currentSlugOf(userId, slug)
  if (!now) return undefined
  if (inQuery) url.searchParams.set("org", now)
  const place = isApiCall(request) ? apiPaths.organization : paths.organization.overview
  const path = url.pathname.replace(inPath, place(now))
  const reads = request.method === "GET" || request.method === "HEAD"
  return redirect(path + url.search, reads ? 302 : 307)
}
