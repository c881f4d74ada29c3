import type { IncomingMessage } from "node:http"
import { isLoopbackUrl } from "~/platform/setting-problems.server"
import type { Settings } from "~/platform/settings.server"

/**
 * Makes the check that a state-changing request comes from our own pages [S16]: `Origin` or `Sec-Fetch-Site` must be
 * there and say so, and neither may say otherwise (OWASP Cross-Site Request Forgery Prevention, "verifying origin with
 * standard headers"). Without cookies, nothing is forged in anybody's name: the API is then also open to the pages of
 * API_ALLOWED_ORIGINS, and a bearer token without an origin is no browser's doing.
 */
export function originCheck(settings: Settings): (req: IncomingMessage, isApi: boolean) => boolean {
  const { appUrl, production, apiAllowedOrigins } = settings
  const isOwn = (origin: string, host: string | undefined) =>
    origin === appUrl || (!production && origin === `http://${host}` && isLoopbackUrl(origin))
  return (req, isApi) => {
    const { origin, host, cookie, authorization } = req.headers
    const site = req.headers["sec-fetch-site"]
    if (cookie === undefined && origin === undefined && authorization && /^bearer /i.test(authorization))
      return true
    if (cookie === undefined && origin !== undefined && isApi && apiAllowedOrigins.includes(origin))
      return true
    if (origin === undefined && site === undefined) return false
    return (origin === undefined || isOwn(origin, host)) && (site === undefined || site === "same-origin")
  }
}
