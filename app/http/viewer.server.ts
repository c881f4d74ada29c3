import type { Viewer } from "~/domain/billing/purchase-status.server"
import { optionalSession } from "~/http/guards.server"
import { markedPurchase } from "~/http/purchase-cookie.server"

/** Who looks at a purchase, as far as the request tells. */
export function viewerOf(request: Request): Viewer {
  return { userId: optionalSession(request)?.userId, checkoutId: markedPurchase(request) }
}
