import { accessOf } from "~/domain/billing/access-of.server"
import { plans } from "~/domain/billing/plans"
import type { Membership } from "~/domain/organizations/memberships.server"
import { type SeatLimit, seatsTaken } from "~/domain/organizations/seats.server"
import { db } from "~/platform/db.server"
import { isStripeSetUp } from "~/platform/stripe.server"

/** Without a plan: enough to try it out together. */
const seatsWithoutPlan = 5

/** How many members the plan allows [B11]; null is no limit, as on an installation that sells nothing. */
export async function seatLimitOf(organizationId: string): Promise<SeatLimit> {
  const { plan } = await accessOf(organizationId)
  if (plan) return plans[plan].seats
  return isStripeSetUp() ? seatsWithoutPlan : null
}

/** The seats of an organisation: taken by members, promised by open invitations, and how many there are. */
export async function seatsOf({
  organizationId,
}: Membership): Promise<{ members: number; invited: number; limit: SeatLimit }> {
  return { ...(await seatsTaken(db(), organizationId)), limit: await seatLimitOf(organizationId) }
}
