/**
 * What owners hear of each other [O7]: nobody becomes one of them, or stops being one, without the others knowing. Neither who
 * did it is told, nor the person it happened to, who gets a mail of their own.
 */
import { tellOwners } from "~/domain/organizations/owners.server"
import { plainName } from "~/domain/organizations/plain-name"
import { aRole, type Role } from "~/domain/organizations/roles"
import type { Tx } from "~/platform/db.server"

type Person = { userId: string; name: string }

/** Tells the other owners who is one of them now, and by whom: `by` a new role, an invitation or a handover. */
export async function tellOfNewOwner(
  tx: Tx,
  organizationId: string,
  {
    person,
    byUserId,
    by,
  }: { person: Person; byUserId: string | null; by: "role" | "invitation" | "handover" },
): Promise<void> {
  const byName = byUserId ? await nameOf(tx, byUserId) : ""
  // An inviter did not act just now, so they hear of it, too.
  const actor = by === "invitation" || !byUserId ? [] : [byUserId]
  await tellOwners(
    tx,
    organizationId,
    organization => ({
      template: "owner_joined",
      parameters: { ...organization, personName: plainName(person.name), byName, by },
    }),
    [person.userId, ...actor],
  )
}

/** Tells the other owners who was removed, or got the role `now` instead. */
export async function tellOfLostOwner(
  tx: Tx,
  organizationId: string,
  { person, byUserId, now }: { person: Person; byUserId: string; now?: Role },
): Promise<void> {
  const byName = await nameOf(tx, byUserId)
  await tellOwners(
    tx,
    organizationId,
    organization => ({
      template: "owner_gone",
      parameters: { ...organization, personName: plainName(person.name), byName, nowRole: now && aRole(now) },
    }),
    [person.userId, byUserId],
  )
}

async function nameOf(tx: Tx, id: string): Promise<string> {
  const user = await tx.user.findUnique({ where: { id }, select: { name: true, emailTyped: true } })
  return user ? plainName(user.name || user.emailTyped) : ""
}
