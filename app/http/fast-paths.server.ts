import type { IncomingMessage, ServerResponse } from "node:http"
import type { RequestFacts } from "~/http/request-facts.server"
import { bareContentPolicy, commonHeaders } from "~/http/security-headers.server"
import type { Settings } from "~/platform/settings.server"

/** `json` is serialised already. `headers` come as name, value, name, value. */
export type FastAnswer = { status: number; json: string; headers?: string[] }

/** Answers in front of Remix, for what is asked many times a second. Reads no body. */
export type FastHandler = (req: IncomingMessage, facts: RequestFacts) => FastAnswer

/** By exact path, for GET and HEAD. */
export type FastPaths = Map<string, FastHandler>

/** Makes the writer of fast answers. Their headers are flattened once: set one by one they cost more than the answer. */
export function fastWriter(settings: Settings): (res: ServerResponse, answer: FastAnswer) => void {
  const fixed = Object.entries({
    ...commonHeaders(settings),
    "Content-Security-Policy": bareContentPolicy,
    "Cache-Control": "no-store",
    "Content-Type": "application/json; charset=utf-8",
  }).flat()
  return (res, { status, json, headers }) => {
    const all = [...fixed, "Content-Length", String(Buffer.byteLength(json))]
    res.writeHead(status, headers ? all.concat(headers) : all)
    res.end(json)
  }
}
