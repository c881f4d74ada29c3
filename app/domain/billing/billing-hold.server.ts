/**
 * Archiving what has not been paid for long enough [B7], and restoring it the moment it is: only full access lifts the hold, so
 * that neither a plan that ends nor longer patience gives it back unpaid. The table decides; this only carries it out, in the transaction that writes a subscription, and every hour for what only time has changed.
 */
import { accessOf, levelWithin } from "~/domain/billing/access-of.server"
import { isOrganizationToldOf } from "~/domain/billing/told.server"
import { archive, restore } from "~/domain/organizations/archive.server"
import { statement, type Tx, transaction } from "~/platform/db.server"

/** Brings the hold for unpaid bills in line with the table. Does nothing when it is; a closed organisation gets none. */
export async function followAccess(tx: Tx, organizationId: string): Promise<void> {
  const level = await levelWithin(tx, organizationId)
  if (level === "full") await restore(tx, organizationId, "billing")
  if (level !== "archived") return
  const closing = await tx.organization.count({
    where: { id: organizationId, closeRequestedAt: { not: null } },
  })
  if (closing === 0) await archive(tx, organizationId, "billing")
}

// Those the table may archive, and those it did: the others need no look.
const concerned = statement<[], { id: string; held: 0 | 1 }>(`
  SELECT id, EXISTS (SELECT 1 FROM ArchiveHold WHERE organizationId = o.id AND because = 'billing') AS held
  FROM Organization o
  WHERE (closeRequestedAt IS NULL AND EXISTS (SELECT 1 FROM Subscription WHERE organizationId = o.id
      AND status IN ('past_due', 'unpaid', 'paused', 'canceled')))
    OR EXISTS (SELECT 1 FROM ArchiveHold WHERE organizationId = o.id AND because = 'billing')`)

/**
 * Archives and restores what time alone has moved on; nobody is archived while an event waits to be handled that may say that it
 * is paid. Returns how many organisations that were.
 */
export async function followAllAccess(): Promise<number> {
  let moved = 0
  for (const { id, held } of concerned.all()) {
    const { level } = await accessOf(id)
    if (level !== (held === 1 ? "full" : "archived")) continue
    const followed = await transaction(async tx => {
      if (level === "archived" && (await isOrganizationToldOf(tx, id))) return false
      await followAccess(tx, id)
      return true
    })
    if (followed) moved += 1
  }
  return moved
}
