import { accessOf } from "~/domain/billing/access-of.server"
import { plans } from "~/domain/billing/plans"
import type { SeatLimit } from "~/domain/organizations/seats.server"
import { isStripeSetUp } from "~/platform/stripe.server"

/** Without a plan: enough to try it out together. */
const seatsWithoutPlan = 5

/** How many members the plan allows [B11]; null is no limit, as on an installation that sells nothing. */
export async function seatLimitOf(organizationId: string): Promise<SeatLimit> {
  const { plan } = await accessOf(organizationId)
  if (plan) return plans[plan].seats
  return isStripeSetUp() ? seatsWithoutPlan : null
}
