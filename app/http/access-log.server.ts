import type { IncomingMessage, ServerResponse } from "node:http"
import type { RequestFacts } from "~/http/request-facts.server"
import { log } from "~/platform/log.server"

/** Logs one line when the request is over: method, path without query, status, milliseconds. Files are not logged. */
export function logAccess(
  req: IncomingMessage,
  res: ServerResponse,
  facts: RequestFacts,
  path: string,
): void {
  const began = performance.now()
  res.once("close", () => {
    const ms = Math.round((performance.now() - began) * 10) / 10
    const status = res.writableFinished ? res.statusCode : 499
    log.info({ method: req.method, path, status, ms, requestId: facts.requestId }, "request")
  })
}
