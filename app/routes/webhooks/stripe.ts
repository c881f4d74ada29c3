import type { ActionFunctionArgs } from "@remix-run/node"
import { receiveStripeEvent } from "~/domain/billing/stripe-events.server"
import { failureJson } from "~/http/failures.server"

/** [B4] Answers only once the event is stored; Stripe's checkout waits for this answer before it sends the buyer back. */
export async function action({ request }: ActionFunctionArgs) {
  if (request.method !== "POST") return loader()
  const body = new Uint8Array(await request.arrayBuffer())
  const received = await receiveStripeEvent(body, request.headers.get("Stripe-Signature"))
  if (received.ok) return Response.json({ received: true, outcome: received.value })
  if (received.error === "closed") return failureJson("not_found")
  return failureJson("invalid_input", { words: `This event was refused: ${received.error}.` })
}

export function loader() {
  return failureJson("method_not_allowed", { headers: { Allow: "POST" } })
}
