import type { Address } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { issueLink } from "~/domain/links/issue.server"
import { linkPath } from "~/domain/links/purposes"
import { queueMail } from "~/domain/mail/outbox.server"
import { withinInvitationLimits } from "~/domain/organizations/invitation-limits.server"
import { invitationState } from "~/domain/organizations/invitation-state"
import type { InviteOutcomeCode } from "~/domain/organizations/invite-outcome"
import type { Membership } from "~/domain/organizations/memberships.server"
import { plainName } from "~/domain/organizations/plain-name"
import { isRole, mayGrant, type Role, roleNames } from "~/domain/organizations/roles"
import { type SeatLimit, seatsTaken } from "~/domain/organizations/seats.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { newId } from "~/platform/ids.server"
import type { Invitation, User } from "~/platform/models.server"

/** What came of one address. `link` only where mail is not set up: it is shown once and kept nowhere. */
export type InviteOutcome =
  | { outcome: "invited" | "sent_again"; link?: string }
  /** It was open with another role; this is the one it has from now on. */
  | { outcome: "role_changed"; role: Role; link?: string }
  | { outcome: Exclude<InviteOutcomeCode, "invited" | "sent_again" | "role_changed"> }

export type InviteContext = { seats: SeatLimit; requester: Requester }

/** A second click on "invite" within a minute is the same wish, not a second mail. */
const sameWish = 60 * 1000

/**
 * Makes or refreshes the invitation for an address and sends it, in the caller's transaction. `stopped` when the one who invites
 * may not do so any more, at this moment.
 */
export async function sendInvitation(
  tx: Tx,
  membership: Membership,
  { address, role }: { address: Address; role: Role },
  { seats, requester }: InviteContext,
): Promise<InviteOutcome> {
  const { organizationId, userId } = membership
  if (!(await stillMay(tx, membership, "invitations.manage"))) return { outcome: "stopped" }
  const key = { organizationId, email: address.canonical }
  const row = await tx.invitation.findUnique({ where: { organizationId_email: key } })
  const open = row && invitationState(row, now()) === "open" ? row : undefined
  const refusal = await refusalOf(tx, membership, { address, role, open, seats })
  if (refusal) return { outcome: refusal }
  const inviter = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  if (!(await withinInvitationLimits({ organizationId, inviter, address }))) return { outcome: "too_many" }
  const terms = termsFrom(userId, address, role)
  const invitation = await tx.invitation.upsert({
    where: { organizationId_email: key },
    create: { ...terms, ...key, id: newId(), createdAt: now() },
    update: terms,
  })
  const from = open && open.role !== role ? open.role : undefined
  await writeAudit(tx, {
    organizationId,
    actorUserId: userId,
    act: row ? "invitation.resent" : "invitation.sent",
    target: address.canonical,
    detail: { role, ...(from && { from }) },
    clientAddress: requester.clientAddress,
  })
  const link = await deliver(tx, membership, inviter, invitation, role)
  const shown = link && { link }
  if (from) return { outcome: "role_changed", role, ...shown }
  return { outcome: row ? "sent_again" : "invited", ...shown }
}

type Line = { address: Address; role: Role; open: Invitation | undefined; seats: SeatLimit }

async function refusalOf(tx: Tx, membership: Membership, { address, role, open, seats }: Line) {
  const { organizationId } = membership
  const email = address.canonical
  if (!mayGrant(membership.role, role)) return "role_too_high"
  if (await tx.membership.findFirst({ where: { organizationId, user: { email } } })) return "already_member"
  if (open) {
    if (isRole(open.role) && !mayGrant(membership.role, open.role)) return "role_too_high"
    if (open.role === role && open.sentAt > fromNow(-sameWish)) return "just_sent"
  }
  const taken = await seatsTaken(tx, organizationId, email)
  return seats !== null && taken.members + taken.invited >= seats ? "no_seat" : undefined
}

function termsFrom(invitedById: string, address: Address, role: Role) {
  return {
    emailTyped: address.typed,
    role,
    invitedById,
    sentAt: now(),
    expiresAt: fromNow(env().linkLifetime.invitation),
    acceptedAt: null,
    revokedAt: null,
    askedAgainAt: null,
  }
}

async function deliver(
  tx: Tx,
  { organizationId, organization }: Membership,
  inviter: User,
  invitation: Invitation,
  role: Role,
) {
  const request = { organizationId, invitationId: invitation.id, requestedAt: invitation.sentAt }
  if (!env().smtp) {
    const shown = await issueLink(tx, {
      ...request,
      purpose: "invitation",
      email: invitation.email,
      userId: inviter.id,
    })
    return env().appUrl + linkPath("invitation", shown.token)
  }
  await queueMail(tx, {
    template: "invitation",
    to: invitation.email,
    parameters: {
      organizationName: plainName(organization.name),
      inviterName: plainName(inviter.name || inviter.emailTyped),
      roleName: roleNames[role],
    },
    link: request,
    expiresAt: invitation.expiresAt,
  })
}
