import type { IncomingMessage, ServerResponse } from "node:http"
import { bareContentPolicy } from "~/http/security-headers.server"

/** Every answer the front gives by itself instead of the app: status, code for programs, words for people. */
const refusals = {
  malformed: [400, "This address or request is malformed."],
  data_parameter: [400, "The parameter _data is not accepted."],
  forbidden_origin: [403, "This request did not come from one of our pages. Open the page again and retry."],
  not_found: [404, "There is nothing at this address."],
  method_not_allowed: [405, "This method is not available here."],
  too_large: [413, "What you sent is too large."],
  json_expected: [415, "Send this as application/json."],
  unknown_host: [421, "This name is not served here."],
  failed: [500, "Something went wrong on our side. Please try again."],
  not_ready: [503, "Not ready yet. Please try again in a moment."],
} as const satisfies Record<string, readonly [number, string]>

export type RefusalCode = keyof typeof refusals

/** Answers in the front's own words: JSON under /api, a small page elsewhere. */
export function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  code: RefusalCode,
  headers: Record<string, string> = {},
): void {
  if (res.headersSent) return void res.destroy()
  const [status, message] = refusals[code]
  const json = /^\/api(\/|$)/i.test(req.url ?? "")
  const body = json ? JSON.stringify({ error: { code, message } }) : page(message)
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
