/**
 * Archiving blocks the next request of everyone in an organisation, and nothing else [O8]. Each reason to block it is a hold;
 * it is archived for as long as there is one, so that a paid bill does not lift what an operator decided. Nothing of the
 * organisation is touched: without holds it is as it was.
 *
 * Both verbs join the caller's transaction and may be called again for the same reason: one insert, or one delete, decides by
 * its count whether there is anything to write down and to mail.
 */
import type { HoldReason } from "~/domain/organizations/hold-reasons"
import { tellOwners } from "~/domain/organizations/owners.server"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

/** Who archives or restores; nothing of it when the system does. */
export type ByWhom = { byUserId?: string; clientAddress?: string }

const insert = joiningStatement<[string, number, string | null, string, string]>(`
  INSERT INTO ArchiveHold (organizationId, because, at, byUserId, note)
  SELECT id, ?, ?, ?, ? FROM Organization WHERE id = ?
  ON CONFLICT (organizationId, because) DO NOTHING`)

/**
 * Archives an organisation for this reason, writes the audit line and mails the owners; who closes one writes a line and mails of
 * their own. Returns false, and does nothing, when it is archived for this reason already, or gone.
 */
export async function archive(
  tx: Tx,
  organizationId: string,
  because: HoldReason,
  by: ByWhom & { note?: string } = {},
): Promise<boolean> {
  const { byUserId, clientAddress, note = "" } = by
  const held = await insert.run(tx, because, +now(), byUserId ?? null, note, organizationId)
  if (held === 0) return false
  await tx.organization.updateMany({
    where: { id: organizationId, archivedAt: null },
    data: { archivedAt: now() },
  })
  if (because === "closing") return true
  await writeAudit(tx, {
    organizationId,
    actorUserId: byUserId,
    act: "organization.archived",
    target: organizationId,
    detail: { because, ...(note && { note }) },
    clientAddress,
  })
  await tellOwners(tx, organizationId, organization => ({
    template: "organization_archived",
    parameters: { ...organization, because, note },
  }))
  return true
}

/**
 * Lifts the hold of this reason; the last one lifted restores the organisation as it was, and tells the owners. Whoever opens a
 * closed one writes a line and mails of their own. Returns false, and does nothing, when there is no such hold.
 */
export async function restore(
  tx: Tx,
  organizationId: string,
  because: HoldReason,
  { byUserId, clientAddress }: ByWhom = {},
): Promise<boolean> {
  const lifted = await tx.archiveHold.deleteMany({ where: { organizationId, because } })
  if (lifted.count === 0) return false
  const free = await tx.organization.updateMany({
    where: { id: organizationId, holds: { none: {} } },
    data: { archivedAt: null },
  })
  if (because === "closing") return true
  await writeAudit(tx, {
    organizationId,
    actorUserId: byUserId,
    act: "organization.restored",
    target: organizationId,
    detail: { because, stillArchived: free.count === 0 },
    clientAddress,
  })
  if (free.count === 0) return true
  await tellOwners(tx, organizationId, parameters => ({ template: "organization_restored", parameters }))
  return true
}
