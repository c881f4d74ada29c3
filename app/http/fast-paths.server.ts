import type { IncomingMessage, ServerResponse } from "node:http"
import { bareContentPolicy, programHeaders } from "~/http/security-headers.server"
import { log } from "~/platform/log.server"
import type { Settings } from "~/platform/settings.server"

/** `json` is serialised already. `headers` come as name, value, name, value. */
export type FastAnswer = { status: number; json: string; headers?: string[] }

/** Answers in front of Remix, for what is asked many times a second. Reads no body. */
export type FastHandler = (req: IncomingMessage) => FastAnswer | Promise<FastAnswer>

/** By exact path, for GET and HEAD. */
export type FastPaths = Map<string, FastHandler>

/**
 * Makes the sender of fast answers. Their headers are flattened once: set one by one they cost more than the answer.
 * They are not in the access log, which would cost as much again.
 */
export function fastSender(settings: Settings) {
  const fixed = Object.entries({
    ...programHeaders(settings),
    "Content-Security-Policy": bareContentPolicy,
    "Cache-Control": "no-store",
    "Content-Type": "application/json; charset=utf-8",
  }).flat()
  const send = (res: ServerResponse, { status, json, headers }: FastAnswer) => {
    const all = [...fixed, "Content-Length", String(Buffer.byteLength(json))]
    res.writeHead(status, headers ? all.concat(headers) : all)
    res.end(json)
  }
  return (req: IncomingMessage, res: ServerResponse, handler: FastHandler): void => {
    try {
      const answer = handler(req)
      // A promise costs a turn of the loop: whoever can answer at once is answered at once.
      if (answer instanceof Promise)
        void answer.catch(error => failed(req, error)).then(done => send(res, done))
      else send(res, answer)
    } catch (error) {
      send(res, failed(req, error))
    }
  }
}

function failed(req: IncomingMessage, error: unknown): FastAnswer {
  log.error({ err: error, path: req.url }, "a fast path failed")
  const message = "Something went wrong on our side. Please try again."
  return { status: 500, json: JSON.stringify({ error: { code: "failed", message } }) }
}
