import { z } from "zod"
import { purchaseStatus } from "~/domain/billing/purchase-status.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { viewerOf } from "~/http/viewer.server"
import { apiPaths } from "~/lib/api-paths"
import { isStripeSetUp } from "~/platform/stripe.server"

const Status = z
  .object({
    status: z.enum(["not_configured", "pending", "provisioning", "active"]),
    detail: z.enum(["on_its_way", "failed", "expired"]).optional().meta({
      description: "Finer than `pending`: the debit takes days, it came back, or the payment page ran out.",
    }),
    organizationName: z.string().optional(),
    planName: z.string().optional(),
    email: z
      .string()
      .optional()
      .meta({ description: "Masked, but for the browser that began the purchase." }),
    mayCorrect: z.literal(true).optional().meta({
      description: "Set in that browser while a wrong address can still be mended.",
    }),
    slug: z.string().optional().meta({ description: "For the buyer who is signed in." }),
    trial: z.literal(true).optional().meta({ description: "It begins with a trial: nothing is paid yet." }),
  })
  .meta({ id: "PurchaseStatus" })

const read = endpoint(
  {
    summary: "How a purchase stands",
    details: "For whoever holds the session id of a Checkout. Signs nobody in.",
    area: "Billing",
    who: "anyone",
    query: z.object({ session_id: z.string().max(255).default("") }),
    answer: Status,
    failures: ["not_found"],
  },
  async ({ request, query }) => {
    if (!isStripeSetUp()) return { status: "not_configured" as const }
    const status = await purchaseStatus(query.session_id, viewerOf(request))
    if (!status) throw failureJson("not_found")
    return status
  },
)

const here = resource(apiPaths.billingStatus(), { GET: read })
export const loader = here.loader
export const action = here.action
