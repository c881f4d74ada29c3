import type { AppLoadContext } from "@remix-run/node"
import type { Requester } from "~/domain/accounts/requester"

/** Where a request came from: the address the front established, and what the browser says it is. */
export function requesterOf(request: Request, context: AppLoadContext): Requester {
  return {
    clientAddress: context.clientAddress,
    userAgent: (request.headers.get("User-Agent") ?? "").slice(0, 400),
  }
}
