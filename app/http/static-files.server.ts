import type { IncomingMessage, ServerResponse } from "node:http"
import sirv from "sirv"
import { fileContentPolicy } from "~/http/security-headers.server"

/** The shape of Connect middleware: answers, or calls `next`. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void

/**
 * Serves the built client from `directory`, in the compressed form the browser takes. Files below /assets have a hash
 * in their name and are kept for ever, the others for an hour. The list is read once, at start.
 */
export function staticFiles(directory: string): Middleware {
  return sirv(directory, {
    gzip: true,
    brotli: true,
    etag: true,
    setHeaders: (res, path) => {
      res.setHeader("Content-Security-Policy", fileContentPolicy)
      res.setHeader(
        "Cache-Control",
        path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "public, max-age=3600",
      )
    },
  })
}
