import { isLoopbackUrl } from "~/platform/setting-problems.server"

export type HostAnswer = "ok" | "malformed" | "unknown"

const wellFormed = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\d+(?:\.\d+){3}|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/**
 * Makes the check of the Host header: only the host of APP_URL is served (RFC 9110, 421 Misdirected Request), so that
 * no page, cookie or link is ever made for a name somebody else chose. Outside production every loopback name is
 * served too, on any port.
 */
export function hostCheck(appUrl: string, production: boolean): (host: string | undefined) => HostAnswer {
  const own = namesOf(new URL(appUrl))
  return host => {
    if (host !== undefined && own.has(host)) return "ok"
    if (!host || !wellFormed.test(host)) return "malformed"
    if (own.has(host.toLowerCase())) return "ok"
    return !production && isLoopbackUrl(`http://${host}`) ? "ok" : "unknown"
  }
}

/** Whether a request names several hosts: Node keeps the first, a proxy before us might have kept the last. */
export function namesSeveralHosts(rawHeaders: string[]): boolean {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1
  }
  return count > 1
}

/** A browser leaves out the default port; other clients may spell it. */
function namesOf(url: URL): Set<string> {
  const defaultPort = url.protocol === "https:" ? 443 : 80
  return new Set(url.port ? [url.host] : [url.host, `${url.host}:${defaultPort}`])
}
