/**
 * Whom somebody is about to give another role, or to remove. Looked up by membership *and* organisation [O9], and only handed
 * out to those who may, still at this moment, touch someone of that role [O2].
 */
import { leavesAnOwner } from "~/domain/organizations/last-owner.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { can, isRole, mayGrant, type Role } from "~/domain/organizations/roles"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import type { Tx } from "~/platform/db.server"

/** `changed`: the one who acts has another role by now. `yourself`: leaving is an act of its own. `too_many`: of one person. */
export type TouchRefusal = "not_found" | "role_not_yours" | "changed" | "last_owner" | "yourself" | "too_many"

/** Why nothing came of it, in words. */
export const touchRefusals: Record<TouchRefusal, string> = {
  not_found: "This person does not belong to the organisation any more.",
  role_not_yours: "Your role does not allow this. Ask an owner.",
  changed: "Your own role has just changed. Look at the page again.",
  yourself: "To go yourself, leave the organisation.",
  too_many: "You have changed many roles within an hour, and each change is mailed. Try again in an hour.",
  last_owner: "An organisation needs an owner. Hand it over to someone else first.",
}

export type TouchedMember = { id: string; userId: string; role: Role; name: string; email: string }

/** The member, if the one who acts may touch them. Fails with `not_found`, `role_not_yours` and `changed`. */
export async function findTouched(
  tx: Tx,
  actor: Membership,
  membershipId: string,
): Promise<Result<TouchedMember, "not_found" | "role_not_yours" | "changed">> {
  const row = await tx.membership.findFirst({
    where: { id: membershipId, organizationId: actor.organizationId },
    include: { user: { select: { name: true, email: true, emailTyped: true } } },
  })
  if (!row || !isRole(row.role)) return err("not_found")
  if (!can(actor.role, "members.manage") || !mayGrant(actor.role, row.role)) return err("role_not_yours")
  if (!(await stillMay(tx, actor, "members.manage"))) return err("changed")
  const { id, userId, role, user } = row
  return ok({ id, userId, role, name: user.name || user.emailTyped, email: user.email })
}

/** The condition of every write that takes something from a member: an owner stays behind [O7]. */
export function touchable({ organizationId }: Membership, { id, userId, role }: TouchedMember) {
  return { id, organizationId, role, ...leavesAnOwner(userId) }
}
