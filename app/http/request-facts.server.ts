import { randomBytes } from "node:crypto"
import type { IncomingMessage } from "node:http"
import proxyaddr from "proxy-addr"

/** What the front knows of a request before anybody reads it. */
export type RequestFacts = { requestId: string; clientAddress: string }

/** Headers by which a client could claim another address, host, scheme or path than it has. */
const claims = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-forwarded-server",
  "x-forwarded-prefix",
  "forwarded",
  "x-real-ip",
  "x-client-ip",
  "true-client-ip",
  "x-original-url",
  "x-rewrite-url",
  "x-request-id",
]

const wellFormedId = /^[\w.-]{8,64}$/
const instance = randomBytes(4).toString("hex")
let count = 0

/**
 * Makes the reader of a request's facts. A proxy named in TRUSTED_PROXIES is believed: the client's address is walked
 * from the right past every trusted hop, its `X-Forwarded-Host` becomes the host and its `X-Request-Id` the id. From
 * everybody else these headers are worth nothing, and nobody behind the front sees them either way.
 */
export function factReader(trustedProxies: string[]): (req: IncomingMessage) => RequestFacts {
  const trusts = trustedProxies.length > 0 ? proxyaddr.compile(trustedProxies) : undefined
  return req => {
    const peer = req.socket.remoteAddress ?? ""
    const believed = trusts?.(peer, 0) ?? false
    const facts = {
      requestId: (believed && idFromProxy(req)) || nextId(),
      clientAddress: plainAddress(believed && trusts ? proxyaddr(req, trusts) : peer),
    }
    const host = believed ? req.headers["x-forwarded-host"] : undefined
    if (typeof host === "string") req.headers.host = host
    for (const name of claims) if (req.headers[name] !== undefined) delete req.headers[name]
    return facts
  }
}

function nextId(): string {
  count += 1
  return `${instance}-${count.toString(36)}`
}

function idFromProxy(req: IncomingMessage): string | undefined {
  const id = req.headers["x-request-id"]
  return typeof id === "string" && wellFormedId.test(id) ? id : undefined
}

/** An IPv4 address as people write it, also where the socket speaks IPv6. */
function plainAddress(address: string): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address
}
