import { redirect } from "@remix-run/node"
import { currentSlugOf } from "~/domain/organizations/former-addresses.server"
import { paths } from "~/lib/paths"

/**
 * Leads a member from an address their organisation had before to the same page at the one it has now [O12], query included; a
 * form is posted there once more. Undefined for strangers, and where no former address is asked for.
 */
export function movedTo(request: Request, userId: string, slug: string): Response | undefined {
  const url = new URL(request.url)
  const inPath = /^\/o\/[^/]+/i
  const inQuery = url.searchParams.get("org") === slug
  if (!inPath.test(url.pathname) && !inQuery) return undefined
  const now = currentSlugOf(userId, slug)
  if (!now) return undefined
  if (inQuery) url.searchParams.set("org", now)
  const path = url.pathname.replace(inPath, paths.organization.overview(now))
  const reads = request.method === "GET" || request.method === "HEAD"
  return redirect(path + url.search, reads ? 302 : 307)
}
