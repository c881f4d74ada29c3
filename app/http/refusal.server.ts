import type { IncomingMessage, ServerResponse } from "node:http"
import { type FailureCode, failureBody, failures } from "~/http/failures.server"
import { isUnderApi } from "~/http/request-target.server"
import { bareContentPolicy } from "~/http/security-headers.server"

/** What says more to a program than the sentence for people. */
const forPrograms: Partial<Record<FailureCode, string>> = {
  forbidden_origin:
    "Send `Origin` with the address of this installation, or a bearer token and no cookie. Pages of other origins may call only where they are named.",
}

/** Answers in front of the app, once the request has its id: JSON under /api, a small page elsewhere. */
export function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  code: FailureCode,
  headers: Record<string, string> = {},
): void {
  if (res.headersSent) return void res.destroy()
  const [status, message] = failures[code]
  const json = isUnderApi(req.url ?? "")
  const requestId = String(res.getHeader("X-Request-Id"))
  const body = json
    ? JSON.stringify(failureBody(code, { requestId, words: forPrograms[code] }))
    : page(message)
  res.writeHead(status, {
    "Content-Type": json ? "application/json; charset=utf-8" : "text/html; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "Content-Security-Policy": bareContentPolicy,
    ...headers,
  })
  res.end(req.method === "HEAD" ? undefined : body)
}

function page(message: string): string {
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${message}</title><h1>${message}</h1><p><a href="/">Go to the start page</a></p></html>`
}
