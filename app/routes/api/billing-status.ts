import type { LoaderFunctionArgs } from "@remix-run/node"
import { purchaseStatus } from "~/domain/billing/purchase-status.server"
import { failureJson } from "~/http/failures.server"
import { viewerOf } from "~/http/viewer.server"
import { isStripeSetUp } from "~/platform/stripe.server"

/** [B1] How a purchase stands, for whoever holds its session id. Signs nobody in. */
export async function loader({ request }: LoaderFunctionArgs) {
  if (!isStripeSetUp()) return answer({ status: "not_configured" })
  const sessionId = new URL(request.url).searchParams.get("session_id") ?? ""
  const status = await purchaseStatus(sessionId, viewerOf(request))
  return status ? answer(status) : failureJson("not_found")
}

function answer(body: object): Response {
  return Response.json(body, { headers: { "Cache-Control": "no-store" } })
}

export function action() {
  return failureJson("method_not_allowed", { headers: { Allow: "GET" } })
}
