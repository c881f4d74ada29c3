/**
 * A key is worth what its maker may do, and stands for what they wanted. Whoever is removed or leaves takes their keys along, in
 * the same transaction: if they come back one day, no key that somebody forgot in a script comes back with them. Whoever says that
 * it was not them loses all they made, anywhere: one may be what the stranger left behind.
 */
import type { Requester } from "~/domain/accounts/requester"
import { can, isRole } from "~/domain/organizations/roles"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, type Tx } from "~/platform/db.server"

type Maker = { organizationId: string; userId: string }

/** Holds for keys that work, as far as time and revoking go. */
export function unended() {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] }
}

function unrevokedOf({ organizationId, userId }: Maker) {
  return { organizationId, createdById: userId, revokedAt: null }
}

/** How many keys would go with this person; those that have run out do not count. */
export function countKeysOf(maker: Maker): Promise<number> {
  const where = { ...unrevokedOf(maker), ...unended() }
  return db().apiKey.count({ where })
}

/** Revokes the keys of someone who goes. One audit line each, for whoever made them go. */
export async function revokeKeysOf(
  tx: Tx,
  maker: Maker,
  by: { actorUserId: string; requester: Requester; because?: "maker" | "not_me" },
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
      detail: { id, hint, because: by.because ?? "maker" },
      clientAddress: by.requester.clientAddress,
    })
  }
}

/** Revokes every key a person has made, in all organisations, because they say that it was not them. One audit line each. */
export async function revokeKeysMadeBy(tx: Tx, userId: string, requester: Requester): Promise<void> {
  const places = await tx.apiKey.findMany({
    where: { createdById: userId, revokedAt: null },
    distinct: ["organizationId"],
    select: { organizationId: true },
  })
  for (const { organizationId } of places)
    await revokeKeysOf(tx, { organizationId, userId }, { actorUserId: userId, requester, because: "not_me" })
}

/** Where keys of a person work, and how many: what signing out does not end. */
export type KeysSomewhere = { slug: string; name: string; count: number; maySee: boolean }

/** The organisations in which keys of this person work, by name. */
export async function whereKeysWork(userId: string): Promise<KeysSomewhere[]> {
  const where = { createdById: userId, ...unended() }
  const rows = await db().membership.findMany({
    where: { userId, organization: { archivedAt: null, apiKeys: { some: where } } },
    orderBy: { organization: { name: "asc" } },
    select: {
      role: true,
      organization: { select: { slug: true, name: true, _count: { select: { apiKeys: { where } } } } },
    },
  })
  return rows.map(({ role, organization: { slug, name, _count } }) => ({
    slug,
    name,
    count: _count.apiKeys,
    maySee: isRole(role) && can(role, "keys.revoke"),
  }))
}
