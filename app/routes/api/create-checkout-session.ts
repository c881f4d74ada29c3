import { z } from "zod"
import { startCheckout } from "~/domain/billing/checkout.server"
import { StartCheckout } from "~/domain/billing/schemas"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { checkoutRequestOf, sayCheckoutRefusal } from "~/http/checkout-wish.server"
import { failureJson } from "~/http/failures.server"
import { markPurchase } from "~/http/purchase-cookie.server"
import { apiPaths } from "~/lib/api-paths"

const Started = z
  .object({ url: z.url().meta({ description: "Stripe’s payment page." }), sessionId: z.string() })
  .meta({ id: "StartedCheckout" })

const create = endpoint(
  {
    summary: "Begin a purchase",
    details:
      "A stranger gives address and business name; someone signed in buys with their own address; an owner may name an organisation.",
    area: "Billing",
    who: "anyone",
    body: StartCheckout,
    creates: true,
    answer: Started,
    failures: [
      "scope_missing",
      "not_found",
      "forbidden",
      "has_plan",
      "closing",
      "archived",
      "too_many_requests",
      "not_configured",
      "stripe_unreachable",
    ],
  },
  async ({ request, context, body }) => {
    const checkout = await checkoutRequestOf(request, context, body)
    if (!checkout.ok) throw failureJson("invalid_input", { fields: checkout.error })
    const started = await startCheckout(checkout.value)
    if (!started.ok) {
      const { code, ...said } = sayCheckoutRefusal(started.error)
      throw failureJson(code, said)
    }
    const { begunHere, ...session } = started.value
    if (begunHere) context.cookies.push(markPurchase(begunHere))
    return session
  },
)

const here = resource(apiPaths.createCheckoutSession(), { POST: create })
export const loader = here.loader
export const action = here.action
