import type {
  ActionFunctionArgs,
  AppLoadContext,
  EntryContext,
  HandleErrorFunction,
  LoaderFunctionArgs,
} from "@remix-run/node"
import { isRouteErrorResponse, RemixServer } from "@remix-run/react"
import { renderToString } from "react-dom/server"
import { NonceContext } from "~/components/nonce"
import { loggedPath } from "~/http/access-log.server"
import { log } from "~/platform/log.server"

/**
 * Renders a page in one piece: no page defers data, so streaming would cost twice the time, and an error that happens
 * while rendering still gets its status.
 */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  { cspNonce }: AppLoadContext,
): Promise<Response> {
  await readHandoff(remix)
  const markup = renderToString(
    <NonceContext.Provider value={cspNonce}>
      <RemixServer context={remix} url={request.url} nonce={cspNonce} />
    </NonceContext.Provider>,
  )
  headers.set("Content-Type", "text/html; charset=utf-8")
  return new Response(`<!DOCTYPE html>${markup}`, { status, headers })
}

/** Logs what went wrong on our side: not a wrong address or method, and nothing once the browser has gone away. */
export const handleError: HandleErrorFunction = (
  error: unknown,
  { request }: LoaderFunctionArgs | ActionFunctionArgs,
) => {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return
  const { pathname } = new URL(request.url)
  log.error({ err: error, method: request.method, path: loggedPath(pathname) }, "request failed")
}

/**
 * Reads the data for the browser before rendering and leaves it where RemixServer looks for what it has read so far:
 * renderToString cannot wait for a stream.
 */
async function readHandoff(remix: EntryContext): Promise<void> {
  if (!remix.serverHandoffStream || !remix.renderMeta) return
  const reader = remix.serverHandoffStream.getReader()
  const decoder = new TextDecoder()
  let value = ""
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    value += decoder.decode(part.value, { stream: true })
  }
  reader.releaseLock()
  remix.renderMeta.streamCache = {
    0: Object.assign(Promise.resolve(), { result: { done: false, value } }),
    1: Object.assign(Promise.resolve(), { result: { done: true, value: "" } }),
  }
}
