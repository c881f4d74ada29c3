import type { Requester } from "~/domain/accounts/requester"
import type { Membership } from "~/domain/organizations/memberships.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { transaction } from "~/platform/db.server"

/**
 * Lets the admins of an organisation manage its billing, too, or keeps it to the owners again [B10]: it counts from everyone's next
 * request. Says whether that was a change; the same again writes nothing. Fails with `changed` when the person may not do so
 * any more.
 */
export async function letAdminsManageBilling(
  membership: Membership,
  allowed: boolean,
  { clientAddress }: Requester,
): Promise<Result<{ changed: boolean }, "changed">> {
  const { organizationId: id, userId } = membership
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "billing.delegate"))) return err("changed")
    const { count } = await tx.organization.updateMany({
      where: { id, adminsManageBilling: !allowed },
      data: { adminsManageBilling: allowed, updatedAt: now() },
    })
    if (count === 0) return ok({ changed: false })
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: userId,
      act: allowed ? "billing.admins_allowed" : "billing.admins_disallowed",
      target: id,
      clientAddress,
    })
    return ok({ changed: true })
  })
}
