/**
 * The two cookies of single sign-on. One marks the browser that began a way to a provider, so that nobody else's answer counts in
 * it; it outlives the way, and two tabs share it. The other marks the browser in which an account at a provider waits for the
 * proof of a mailbox, and carries the address the provider named, to show it.
 */
import { requestLifetime } from "~/domain/sign-in/sso/requests.server"
import { waitingLifetime } from "~/domain/sign-in/sso/waiting-identity.server"
import { hostCookie } from "~/http/session-cookie.server"
import { randomToken } from "~/platform/crypto.server"

const way = hostCookie("gatehouse-sso", () => requestLifetime)
const waiting = hostCookie("gatehouse-sso-account", () => waitingLifetime)

/** What marks the browser of this request, if it began a way to a provider. */
export function readSsoMark(request: Request): string | undefined {
  return way.read(request.headers.get("Cookie"))
}

/** The mark for a way that begins in this browser: the one it has, so that a way begun in another tab ends well, too. */
export function ssoMarkFor(request: Request): { token: string; setCookie: string } {
  const token = readSsoMark(request) ?? randomToken()
  return { token, setCookie: way.serialize(token) }
}

/** The account that waits in the browser of this request, and the address its provider named. */
export function readWaitingMark(request: Request): { token: string; address: string } | undefined {
  const [token, address = ""] = waiting.read(request.headers.get("Cookie"))?.split(".") ?? []
  return token ? { token, address: Buffer.from(address, "base64url").toString("utf8") } : undefined
}

export const writeWaiting = (token: string, address = "") =>
  waiting.serialize(`${token}.${Buffer.from(address, "utf8").toString("base64url")}`)

export const clearWaiting = () => waiting.clear()
