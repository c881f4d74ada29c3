/**
 * Inviting by address [O3]. There is one invitation per organisation and address: inviting again refreshes it – role, time
 * and link – and what is sent goes to that address only. Each address is settled in a transaction of its own, so that one
 * refused line does not undo the others; the mail row is written with the invitation, and its link is made while sending.
 *
 * Without mail the inviter is shown the link once. Such a link proves no mailbox, because the inviter could open it: its row
 * carries the id of who got to see it, and accepting it is held to more (see onboarding/accept-invitation).
 */
import type { Address } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { issueLink } from "~/domain/links/issue.server"
import { linkPath } from "~/domain/links/purposes"
import { queueMail } from "~/domain/mail/outbox.server"
import { readAddressList } from "~/domain/organizations/address-list.server"
import { withinInvitationLimits } from "~/domain/organizations/invitation-limits.server"
import { invitationState } from "~/domain/organizations/invitation-state"
import type { Membership } from "~/domain/organizations/memberships.server"
import { plainName } from "~/domain/organizations/plain-name"
import { isRole, mayGrant, type Role, roleNames } from "~/domain/organizations/roles"
import { mostAddresses } from "~/domain/organizations/schemas"
import { type SeatLimit, seatsTaken } from "~/domain/organizations/seats.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { newId } from "~/platform/ids.server"
import type { Invitation, User } from "~/platform/models.server"

/** What came of one address. `link` only where mail is not set up: it is shown once and kept nowhere. */
export type InviteOutcome =
  | { outcome: "invited" | "sent_again"; link?: string }
  | { outcome: "just_sent" | "already_member" | "no_address" | "role_too_high" | "no_seat" | "too_many" }

export type InviteLine = { typed: string } & InviteOutcome

/** Why nobody was invited, in words. */
export const inviteRefusals = {
  role_not_yours: "You cannot give someone a role above your own.",
  archived: "This organisation is archived, so nobody can be invited.",
  changed: "Your own role has just changed. Look at the page again.",
  too_long: `Invite at most ${mostAddresses} people at once.`,
} as const

export type InviteRefusal = keyof typeof inviteRefusals

export type InviteContext = { seats: SeatLimit; requester: Requester }

/** A second click on "invite" within a minute is the same wish, not a second mail. */
const sameWish = 60 * 1000

/**
 * Invites everyone in a typed list, and says per line what came of it. Fails as a whole with `role_not_yours` when the role is
 * above the inviter's, `archived`, or `too_long` for more than 50 addresses.
 */
export async function invite(
  membership: Membership,
  wish: { addresses: string; role: Role },
  context: InviteContext,
): Promise<Result<InviteLine[], InviteRefusal>> {
  if (!mayGrant(membership.role, wish.role)) return err("role_not_yours")
  if (membership.organization.archivedAt) return err("archived")
  const lines = readAddressList(wish.addresses)
  if (lines.length > mostAddresses) return err("too_long")
  const results: InviteLine[] = []
  for (const { typed, address } of lines) {
    const outcome = address ? await inviteOne(membership, address, wish.role, context) : noAddress
    results.push({ typed, ...outcome })
  }
  return ok(results)
}

const noAddress = { outcome: "no_address" } as const

/** Sends an invitation once more: the same row, a fresh term and link. Fails with `not_found` for another organisation's. */
export async function resendInvitation(
  membership: Membership,
  invitationId: string,
  context: InviteContext,
): Promise<Result<InviteLine, "not_found">> {
  const found = await transaction(tx =>
    tx.invitation.findFirst({
      where: {
        id: invitationId,
        organizationId: membership.organizationId,
        acceptedAt: null,
        revokedAt: null,
      },
    }),
  )
  if (!found || !isRole(found.role) || membership.organization.archivedAt) return err("not_found")
  const address = { canonical: found.email, typed: found.emailTyped }
  return ok({ typed: found.emailTyped, ...(await inviteOne(membership, address, found.role, context)) })
}

async function inviteOne(
  membership: Membership,
  address: Address,
  role: Role,
  context: InviteContext,
): Promise<InviteOutcome> {
  if (!mayGrant(membership.role, role)) return { outcome: "role_too_high" }
  return transaction(async tx => {
    const { organizationId } = membership
    const refusal = await refusalOf(tx, membership, address, role, context.seats)
    if (refusal) return { outcome: refusal }
    const inviter = await tx.user.findUniqueOrThrow({ where: { id: membership.userId } })
    if (!(await withinInvitationLimits({ organizationId, inviter, address }))) return { outcome: "too_many" }
    const id = newId()
    const terms = termsFrom(membership.userId, address, role)
    const invitation = await tx.invitation.upsert({
      where: { organizationId_email: { organizationId, email: address.canonical } },
      create: { ...terms, id, organizationId, email: address.canonical, createdAt: now() },
      update: terms,
    })
    const fresh = invitation.id === id
    await writeAudit(tx, {
      organizationId,
      actorUserId: membership.userId,
      act: fresh ? "invitation.sent" : "invitation.resent",
      target: address.canonical,
      detail: { role },
      clientAddress: context.requester.clientAddress,
    })
    const link = await deliver(tx, membership, inviter, invitation, role)
    return { outcome: fresh ? "invited" : "sent_again", ...(link && { link }) }
  })
}

async function refusalOf(tx: Tx, membership: Membership, address: Address, role: Role, seats: SeatLimit) {
  const { organizationId } = membership
  const email = address.canonical
  if (await tx.membership.findFirst({ where: { organizationId, user: { email } } })) return "already_member"
  const earlier = await tx.invitation.findUnique({
    where: { organizationId_email: { organizationId, email } },
  })
  if (earlier && invitationState(earlier, now()) === "open") {
    if (isRole(earlier.role) && !mayGrant(membership.role, earlier.role)) return "role_too_high"
    if (earlier.role === role && earlier.sentAt > fromNow(-sameWish)) return "just_sent"
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
