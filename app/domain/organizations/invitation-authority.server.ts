/**
 * An invitation is worth what its sender may grant. It stands for a week, and whoever is removed or demoted meanwhile must not
 * come back by one they sent before, nor leave a friend behind: their open invitations to roles that are no longer theirs to
 * give are withdrawn in the transaction that takes the role away, and accepting one asks once more.
 */
import type { Requester } from "~/domain/accounts/requester"
import { isRole, mayGrant, type Role } from "~/domain/organizations/roles"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { type Client, db, type Tx } from "~/platform/db.server"

type Sender = { organizationId: string; userId: string }

/** Holds for invitations of this person that somebody can still accept. */
function openFrom({ organizationId, userId }: Sender) {
  const unanswered = { acceptedAt: null, revokedAt: null, expiresAt: { gt: now() } }
  return { organizationId, invitedById: userId, ...unanswered }
}

/** How many open invitations would go with this person. */
export function countInvitationsFrom(sender: Sender): Promise<number> {
  return db().invitation.count({ where: openFrom(sender) })
}

/**
 * Withdraws the open invitations that this person may no longer send: those above `role`, or all when they are gone. One audit
 * line each, for whoever took the role away.
 */
export async function withdrawInvitationsFrom(
  tx: Tx,
  sender: Sender & { role?: Role },
  by: { actorUserId: string; requester: Requester },
): Promise<void> {
  const { organizationId, role: left } = sender
  const open = await tx.invitation.findMany({ where: openFrom(sender), orderBy: { sentAt: "asc" } })
  const lost = open.filter(({ role }) => !left || !isRole(role) || !mayGrant(left, role))
  await tx.invitation.updateMany({
    where: { id: { in: lost.map(({ id }) => id) } },
    data: { revokedAt: now() },
  })
  for (const { email, role } of lost) {
    await writeAudit(tx, {
      organizationId,
      actorUserId: by.actorUserId,
      act: "invitation.revoked",
      target: email,
      detail: { role, because: "sender" },
      clientAddress: by.requester.clientAddress,
    })
  }
}

/** Whether the one who sent an invitation still belongs to the organisation, can act, and may grant its role. */
export async function senderStillMay(
  client: Client,
  { organizationId, invitedById, role }: { organizationId: string; invitedById: string | null; role: Role },
): Promise<boolean> {
  const sender = await client.membership.findFirst({
    where: { organizationId, userId: invitedById ?? "", user: { disabledAt: null } },
    select: { role: true },
  })
  return isRole(sender?.role) && mayGrant(sender.role, role)
}
