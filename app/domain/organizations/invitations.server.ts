import type { Requester } from "~/domain/accounts/requester"
import { type InvitationState, invitationState } from "~/domain/organizations/invitation-state"
import type { Membership } from "~/domain/organizations/memberships.server"
import { isRole, type Role } from "~/domain/organizations/roles"
import { stillMay } from "~/domain/organizations/still-may.server"
import type { Page, Place } from "~/lib/cursor"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { readPage } from "~/platform/cursor-page.server"
import { type Client, db, transaction } from "~/platform/db.server"

export type InvitationView = {
  id: string
  state: InvitationState
  /** Canonical address it is for, and the form the inviter typed. */
  email: string
  emailTyped: string
  role: Role
  organization: { id: string; slug: string; name: string; archived: boolean }
  /** Name or address of who sent it; undefined when that account is gone. */
  inviter: { id: string; name: string; email: string } | undefined
  sentAt: Date
  expiresAt: Date
  askedAgain: boolean
}

/** What is read beside an invitation to show it. */
export const invitationRelations = {
  organization: { select: { id: true, slug: true, name: true, archivedAt: true } },
  invitedBy: { select: { id: true, name: true, email: true, emailTyped: true } },
} as const

/** An invitation by its id, whatever its state. For holders of its link; spends nothing. */
export async function readInvitation(client: Client, id: string): Promise<InvitationView | undefined> {
  const row = await client.invitation.findUnique({ where: { id }, include: invitationRelations })
  return row ? viewOfInvitation(row) : undefined
}

/** Invitations on one page of the list. */
export const invitationsPerPage = 25

/**
 * One page of the organisation's invitations that are neither accepted nor withdrawn, the latest first; expired ones among them.
 */
export async function listInvitations(
  { organizationId }: Membership,
  place: Place = {},
): Promise<Page<InvitationView>> {
  const { rows, ...more } = await readPage<InvitationRow>(place, {
    size: invitationsPerPage,
    order: "desc",
    at: row => row.sentAt,
    read: ({ take, order, at, passed }) =>
      db().invitation.findMany({
        where: {
          organizationId,
          acceptedAt: null,
          revokedAt: null,
          sentAt: at,
          NOT: passed && { sentAt: passed.at, id: passed.id },
        },
        orderBy: [{ sentAt: order }, { id: order }],
        take,
        include: invitationRelations,
      }),
  })
  return { ...more, rows: rows.flatMap(row => viewOfInvitation(row) ?? []) }
}

/** One of the organisation's own invitations, whatever its state; undefined for another organisation's. */
export async function readOwnInvitation(
  { organizationId }: Membership,
  id: string,
): Promise<InvitationView | undefined> {
  const row = await db().invitation.findFirst({ where: { id, organizationId }, include: invitationRelations })
  return row ? viewOfInvitation(row) : undefined
}

/**
 * Withdraws an invitation; its links stop working. Anyone who may invite may do so [O3]. Fails with `not_found` for another
 * organisation's, and for one that is accepted or withdrawn already; with `changed` when the person may not do so any more.
 */
export async function revokeInvitation(
  membership: Membership,
  invitationId: string,
  requester: Requester,
): Promise<Result<{ email: string }, "not_found" | "changed">> {
  const { organizationId, userId } = membership
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "invitations.manage"))) return err("changed")
    const invitation = await tx.invitation.findFirst({ where: { id: invitationId, organizationId } })
    const revoked = await tx.invitation.updateMany({
      where: { id: invitationId, organizationId, acceptedAt: null, revokedAt: null },
      data: { revokedAt: now() },
    })
    if (!invitation || revoked.count === 0) return err("not_found")
    await writeAudit(tx, {
      organizationId,
      actorUserId: userId,
      act: "invitation.revoked",
      target: invitation.email,
      detail: { role: invitation.role },
      clientAddress: requester.clientAddress,
    })
    return ok({ email: invitation.email })
  })
}

/** As it stands in the database, with its relations. */
export type InvitationRow = {
  id: string
  email: string
  emailTyped: string
  role: string
  sentAt: Date
  expiresAt: Date
  acceptedAt: Date | null
  revokedAt: Date | null
  askedAgainAt: Date | null
  organization: { id: string; slug: string; name: string; archivedAt: Date | null }
  invitedBy: { id: string; name: string; email: string; emailTyped: string } | null
}

/** An invitation in these terms; undefined for a role there is none of. */
export function viewOfInvitation(row: InvitationRow): InvitationView | undefined {
  const { id, email, emailTyped, role, sentAt, expiresAt, organization, invitedBy } = row
  if (!isRole(role)) return undefined
  return {
    id,
    state: invitationState(row, now()),
    email,
    emailTyped,
    role,
    organization: {
      id: organization.id,
      slug: organization.slug,
      name: organization.name,
      archived: organization.archivedAt !== null,
    },
    inviter: invitedBy
      ? { id: invitedBy.id, name: invitedBy.name || invitedBy.emailTyped, email: invitedBy.email }
      : undefined,
    sentAt,
    expiresAt,
    askedAgain: row.askedAgainAt !== null,
  }
}
