import type { ActionFunctionArgs } from "@remix-run/node"
import { startCheckout } from "~/domain/billing/checkout.server"
import { StartCheckout } from "~/domain/billing/schemas"
import { checkoutRequestOf, sayCheckoutRefusal } from "~/http/checkout-wish.server"
import { failureJson } from "~/http/failures.server"
import { readJson } from "~/http/json-body.server"
import { markPurchase } from "~/http/purchase-cookie.server"

export async function action({ request, context }: ActionFunctionArgs) {
  if (request.method !== "POST") return failureJson("method_not_allowed", { headers: { Allow: "POST" } })
  const wish = await readJson(request, StartCheckout)
  if (!wish.ok) return wish.error
  const checkout = await checkoutRequestOf(request, context, wish.value)
  if (!checkout.ok) return failureJson("invalid_input", { fields: checkout.error })
  const started = await startCheckout(checkout.value)
  if (started.ok) {
    const { begunHere, ...session } = started.value
    const headers = new Headers({ "Cache-Control": "no-store" })
    if (begunHere) headers.set("Set-Cookie", markPurchase(begunHere))
    return Response.json(session, { headers })
  }
  const { code, ...said } = sayCheckoutRefusal(started.error)
  return failureJson(code, said)
}

export function loader() {
  return failureJson("method_not_allowed", { headers: { Allow: "POST" } })
}
