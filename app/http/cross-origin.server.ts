import type { IncomingMessage, ServerResponse } from "node:http"
import cors from "cors"
import type { Settings } from "~/platform/settings.server"

/** How long a browser may keep what a preflight answered, in seconds. */
const maxAge = 600

/**
 * Makes what lets the pages of API_ALLOWED_ORIGINS, and of no other origin, call the API from a browser and read its answers
 * (https://fetch.spec.whatwg.org/#http-cors-protocol). Never with cookies: a token is all such a page can act by. Call it for what
 * is asked under /api only.
 */
export function crossOrigin({
  apiAllowedOrigins,
}: Settings): (req: IncomingMessage, res: ServerResponse) => void {
  const allow = cors({
    origin: (origin, answer) =>
      answer(null, origin !== undefined && apiAllowedOrigins.includes(origin) && origin),
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type", "Idempotency-Key"],
    exposedHeaders: ["X-Request-Id", "Retry-After", "WWW-Authenticate", "Idempotent-Replayed"],
    preflightContinue: true,
    maxAge,
  })
  return (req, res) => {
    if (apiAllowedOrigins.length === 0) return
    // A cache must not give one origin the answer that another one got.
    res.setHeader("Vary", "Origin")
    allow(req, res, () => undefined)
  }
}
