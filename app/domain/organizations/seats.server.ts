import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"

/** How many seats an organisation has; null is unlimited. The plan says so, and billing is above: callers hand it down. */
export type SeatLimit = number | null

/** Members, and invitations that may still become members. One for `exceptEmail` is left out: it takes no second seat. */
export async function seatsTaken(
  client: Client,
  organizationId: string,
  exceptEmail?: string,
): Promise<{ members: number; invited: number }> {
  const members = await client.membership.count({ where: { organizationId } })
  const invited = await client.invitation.count({
    where: {
      organizationId,
      acceptedAt: null,
      revokedAt: null,
      expiresAt: { gt: now() },
      ...(exceptEmail && { email: { not: exceptEmail } }),
    },
  })
  return { members, invited }
}
