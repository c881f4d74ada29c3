import { isOnlyOwner, organizationsOnlyOwnedBy } from "~/domain/organizations/last-owner.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"

export type DisableRefusal =
  | { because: "not_found" }
  | { because: "disabled_already" }
  /** These would be left without an owner [O7]. */
  | { because: "last_owner"; organizations: { id: string; slug: string; name: string }[] }

/**
 * Disables a person in the caller's transaction: from the next request on nobody is signed in as them. One conditional write
 * refuses it for the only owner of an organisation that is not closed, so two owners disabled at once leave one. The caller
 * ends sessions, voids links and writes the audit line.
 */
export async function disableUser(tx: Tx, userId: string): Promise<Result<void, DisableRefusal>> {
  const at = now()
  const disabled = await tx.user.updateMany({
    where: { id: userId, disabledAt: null, memberships: { none: isOnlyOwner(userId) } },
    data: { disabledAt: at, updatedAt: at },
  })
  if (disabled.count === 1) return ok()
  const user = await tx.user.findUnique({ where: { id: userId }, select: { disabledAt: true } })
  if (!user) return err({ because: "not_found" })
  if (user.disabledAt) return err({ because: "disabled_already" })
  return err({ because: "last_owner", organizations: await organizationsOnlyOwnedBy(tx, userId) })
}
