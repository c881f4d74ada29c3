import type { MergePerson } from "~/domain/accounts/email-change-undo.server"
import { addMember } from "~/domain/organizations/memberships.server"
import { isRole, roles } from "~/domain/organizations/roles"
import { writeAudit } from "~/platform/audit-log.server"
import type { Tx } from "~/platform/db.server"

/**
 * Gives one account what hangs on another of the same mailbox, before that one goes: its places in organisations, the higher role
 * where both have one, its purchases and its history. The audit log keeps its lines as they are, and gets one for each place.
 */
export const mergePerson: MergePerson = async (tx, { from, into }) => {
  await mergePlaces(tx, from, into)
  for (const { organizationId, at } of await tx.domainBar.findMany({ where: { userId: from } })) {
    const key = { organizationId, userId: into }
    await tx.domainBar.upsert({
      where: { organizationId_userId: key },
      create: { ...key, at },
      update: {},
    })
  }
  await tx.checkout.updateMany({ where: { userId: from }, data: { userId: into } })
  await tx.link.updateMany({ where: { userId: from }, data: { userId: into } })
  await tx.invitation.updateMany({ where: { invitedById: from }, data: { invitedById: into } })
  await tx.securityEvent.updateMany({ where: { userId: from }, data: { userId: into } })
  await tx.onboardingStep.updateMany({ where: { byUserId: from }, data: { byUserId: into } })
}

async function mergePlaces(tx: Tx, from: string, into: string): Promise<void> {
  for (const { organizationId, role } of await tx.membership.findMany({ where: { userId: from } })) {
    if (!isRole(role)) continue
    const place = { userId: into, organizationId }
    const line = { organizationId, actorUserId: into, act: "member.came_back", target: into } as const
    await writeAudit(tx, { ...line, detail: { role } })
    if ((await addMember(tx, { ...place, role })).added) continue
    const lower = roles.slice(roles.indexOf(role) + 1)
    await tx.membership.updateMany({ where: { ...place, role: { in: lower } }, data: { role } })
  }
}
