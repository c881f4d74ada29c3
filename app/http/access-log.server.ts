import type { IncomingMessage, ServerResponse } from "node:http"
import type { RequestFacts } from "~/http/request-facts.server"
import { log } from "~/platform/log.server"
import { redactText } from "~/platform/log-redaction.server"

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
    log.info(
      { method: req.method, path: loggedPath(path), status, ms, requestId: facts.requestId },
      "request",
    )
  })
}

/** No path of ours is nearly as long: what is longer is somebody filling the log. */
const longestPath = 2_000

/**
 * The path as a log may hold it: routes match any encoding, so a token counts however it is written [L10]. It is cut after what is
 * secret has gone: half a token would not be known as one.
 */
export function loggedPath(path: string): string {
  const decoded = path.includes("%") ? decodedPath(path) : path
  const clean = redactText(decoded)
  const told = clean === decoded ? path : clean
  return told.length > longestPath ? `${told.slice(0, longestPath)}…` : told
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
