import type { IncomingMessage, ServerResponse } from "node:http"
import { challengeHeaders, type FailureCode, failureBody, failures } from "~/http/failures.server"
import type { RequestFacts } from "~/http/request-facts.server"
import { bareContentPolicy, programHeaders } from "~/http/security-headers.server"
import { log } from "~/platform/log.server"
import type { Settings } from "~/platform/settings.server"

/** `json` is serialised already. */
export type FastAnswer = { status: number; json: string } | { failure: FailureCode }

/** Answers in front of Remix, for what is asked many times a second. Reads no body. */
export type FastHandler = (req: IncomingMessage) => FastAnswer | Promise<FastAnswer>

/** By exact path, for GET and HEAD. */
export type FastPaths = Map<string, FastHandler>

/**
 * Makes the sender of fast answers. Their headers are flattened once: set one by one they cost more than the answer.
 * They are not in the access log, which would cost as much again.
 */
export function fastSender(settings: Settings, readFacts: (req: IncomingMessage) => RequestFacts) {
  const fixed = Object.entries({
    ...programHeaders(settings),
    "Content-Security-Policy": bareContentPolicy,
    "Cache-Control": "no-store",
    "Content-Type": "application/json; charset=utf-8",
  }).flat()
  const write = (res: ServerResponse, status: number, json: string, headers: string[] = []) => {
    res.writeHead(status, fixed.concat("Content-Length", String(Buffer.byteLength(json)), headers))
    res.end(json)
  }
  const refuse = (req: IncomingMessage, res: ServerResponse, failure: FailureCode, error?: unknown) => {
    const { requestId } = readFacts(req)
    if (error) log.error({ err: error, path: req.url, requestId }, "a fast path failed")
    const headers = Object.entries({ ...challengeHeaders(failure), "X-Request-Id": requestId }).flat()
    write(res, failures[failure][0], JSON.stringify(failureBody(failure, { requestId })), headers)
  }
  return (req: IncomingMessage, res: ServerResponse, handler: FastHandler): void => {
    const send = (answer: FastAnswer) =>
      "failure" in answer ? refuse(req, res, answer.failure) : write(res, answer.status, answer.json)
    const fail = (error: unknown) => refuse(req, res, "failed", error)
    try {
      const answer = handler(req)
      // A promise costs a turn of the loop: whoever can answer at once is answered at once.
      if (answer instanceof Promise) void answer.then(send, fail)
      else send(answer)
    } catch (error) {
      fail(error)
    }
  }
}
