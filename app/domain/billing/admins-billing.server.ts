import type { Requester } from "~/domain/accounts/requester"
import type { Membership } from "~/domain/organizations/memberships.server"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { transaction } from "~/platform/db.server"

/**
 * Lets the admins of an organisation manage its billing, too, or keeps it to the owners again [B10]: it counts from everyone's next
 * request. Says whether that was a change; the same again writes nothing.
 */
export async function letAdminsManageBilling(
  { organizationId: id, userId }: Membership,
  allowed: boolean,
  { clientAddress }: Requester,
): Promise<{ changed: boolean }> {
  return transaction(async tx => {
    const { count } = await tx.organization.updateMany({
      where: { id, adminsManageBilling: !allowed },
      data: { adminsManageBilling: allowed, updatedAt: now() },
    })
    if (count === 0) return { changed: false }
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: userId,
      act: allowed ? "billing.admins_allowed" : "billing.admins_disallowed",
      target: id,
      clientAddress,
    })
    return { changed: true }
  })
}
