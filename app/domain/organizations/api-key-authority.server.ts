/**
 * A key is worth what its maker may do. Whoever is removed or leaves takes their keys along, in the same transaction: if they come
 * back one day, no key that somebody forgot in a script comes back with them.
 */
import type { Requester } from "~/domain/accounts/requester"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, type Tx } from "~/platform/db.server"

type Maker = { organizationId: string; userId: string }

function unrevokedOf({ organizationId, userId }: Maker) {
  return { organizationId, createdById: userId, revokedAt: null }
}

/** How many keys would go with this person; those that have run out do not count. */
export function countKeysOf(maker: Maker): Promise<number> {
  const where = { ...unrevokedOf(maker), OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] }
  return db().apiKey.count({ where })
}

/** Revokes the keys of someone who goes. One audit line each, for whoever made them go. */
export async function revokeKeysOf(
  tx: Tx,
  maker: Maker,
  by: { actorUserId: string; requester: Requester },
): Promise<void> {
  const { organizationId } = maker
  const lost = await tx.apiKey.findMany({ where: unrevokedOf(maker), orderBy: { createdAt: "asc" } })
  await tx.apiKey.updateMany({
    where: unrevokedOf(maker),
    data: { revokedAt: now(), revokedById: by.actorUserId },
  })
  for (const { id, name, hint } of lost) {
    await writeAudit(tx, {
      organizationId,
      actorUserId: by.actorUserId,
      act: "key.revoked",
      target: name,
      detail: { id, hint, because: "maker" },
      clientAddress: by.requester.clientAddress,
    })
  }
}
