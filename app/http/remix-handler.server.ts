import type { IncomingMessage, ServerResponse } from "node:http"
import {
  type AppLoadContext,
  createRequestHandler,
  type RequestHandler,
  type ServerBuild,
} from "@remix-run/node"

import { onlyJson } from "~/http/api/only-json.server"
import { isApiCall } from "~/http/request-target.server"

export type RemixHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  body: Buffer<ArrayBuffer> | undefined,
  context: AppLoadContext,
) => Promise<void>

/**
 * The bridge from Node to Remix. Unlike Remix's own adapter it takes a body that is read and measured already, and
 * gives the request the address of APP_URL, never one that a header claims.
 */
export function remixHandler(
  build: ServerBuild | (() => Promise<ServerBuild>),
  mode: string,
  appUrl: string,
): RemixHandler {
  const handler = onceLoaded(build, mode)
  return async (req, res, body, context) => {
    const gone = new AbortController()
    res.once("close", () => {
      if (!res.writableFinished) gone.abort()
    })
    const request = new Request(appUrl + req.url, {
      method: req.method,
      headers: headersOf(req),
      body,
      signal: gone.signal,
    })
    const handle = await handler()
    const response = await handle(request, context)
    const answer = response.status >= 400 && isApiCall(request) ? onlyJson(response) : response
    await send(req, res, answer, context.cookies)
  }
}

/** Given a function, Remix derives all its routes anew in each request: only in development they may have changed. */
function onceLoaded(build: ServerBuild | (() => Promise<ServerBuild>), mode: string) {
  let handle = mode === "development" ? createRequestHandler(build, mode) : undefined
  return async (): Promise<RequestHandler> => {
    handle ??= createRequestHandler(typeof build === "function" ? await build() : build, mode)
    return handle
  }
}

function headersOf(req: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) {
    if (typeof value === "string") headers.set(name, value)
    else for (const item of value ?? []) headers.append(name, item)
  }
  return headers
}

async function send(
  req: IncomingMessage,
  res: ServerResponse,
  response: Response,
  ownCookies: string[],
): Promise<void> {
  res.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== "set-cookie") res.setHeader(name, value)
  const cookies = [...response.headers.getSetCookie(), ...ownCookies]
  if (cookies.length > 0) res.setHeader("Set-Cookie", cookies)
  if (req.method === "HEAD" || !response.body) return void res.end()
  if (!isStream(response)) return void res.end(Buffer.from(await response.arrayBuffer()))
  const reader = response.body.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (res.destroyed) return reader.cancel()
    if (!res.write(part.value)) await drained(res)
  }
  res.end()
}

/** Pages and JSON are whole already: sent in one piece, they need no chunks and tell their length. A file to keep may be long. */
function isStream({ headers }: Response): boolean {
  if (headers.get("Content-Disposition")?.startsWith("attachment")) return true
  return !/^(text\/html|application\/json)\b/.test(headers.get("Content-Type") ?? "")
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      res.off("drain", go).off("close", go)
      resolve()
    }
    res.on("drain", go).on("close", go)
  })
}
