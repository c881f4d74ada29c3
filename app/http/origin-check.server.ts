import type { IncomingMessage } from "node:http"
import { isLoopbackUrl } from "~/platform/setting-problems.server"

/**
 * Makes the check that a state-changing request comes from our own pages [S16]: `Origin` or `Sec-Fetch-Site` must be
 * there and say so, and neither may say otherwise (OWASP Cross-Site Request Forgery Prevention, "verifying origin with
 * standard headers"). A bearer token without cookies is no browser's doing and passes.
 */
export function originCheck(appUrl: string, production: boolean): (req: IncomingMessage) => boolean {
  const isOwn = (origin: string, host: string | undefined) =>
    origin === appUrl || (!production && origin === `http://${host}` && isLoopbackUrl(origin))
  return req => {
    const { origin, host, cookie, authorization } = req.headers
    const site = req.headers["sec-fetch-site"]
    if (cookie === undefined && authorization !== undefined && /^bearer /i.test(authorization)) return true
    if (origin === undefined && site === undefined) return false
    return (origin === undefined || isOwn(origin, host)) && (site === undefined || site === "same-origin")
  }
}
