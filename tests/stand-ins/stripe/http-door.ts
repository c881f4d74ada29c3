import type { IncomingMessage, ServerResponse } from "node:http"
import type { ApiRequest } from "./api-server"
import type { Reply } from "./faults"

/** An HTTP request as the API takes it. */
export function apiRequestOf(
  request: IncomingMessage,
  path: string,
  query: string,
  body: string,
): ApiRequest {
  const headers: ApiRequest["headers"] = {}
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === "string") headers[name] = value
  return { method: request.method ?? "GET", path, query, body, headers }
}

/** Sends a reply over HTTP, in the way that a fault may have spoilt it. */
export function sendReply(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = reply
  const send = () => {
    switch (reply.way) {
      case "whole":
        response.writeHead(status, headers).end(body)
        return
      case "cut":
        response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) })
        response.write(body.slice(0, Math.floor(body.length / 2)), () => request.socket.destroy())
        return
      case "reset":
        request.socket.resetAndDestroy()
        return
      case "hang":
        return
    }
  }
  if (reply.delayMs > 0) setTimeout(send, reply.delayMs).unref()
  else send()
}
