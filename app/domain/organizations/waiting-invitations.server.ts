/** What a person is invited to: by the address they proved, and by no other. */
import {
  type InvitationRow,
  type InvitationView,
  invitationRelations,
  viewOfInvitation,
} from "~/domain/organizations/invitations.server"
import type { Page, Place } from "~/lib/cursor"
import { now } from "~/platform/clock.server"
import { readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

/**
 * Invitations that wait for this person's answer: what an ordinary sign-in shows first [O4]. Nothing for someone whose mailbox
 * is not proven: the address they gave may not be theirs.
 */
export function pendingInvitations(userId: string): Promise<InvitationView[]> {
  return invitationsFor(userId, { gt: now() })
}

/** Those nobody has answered in time: their page asks the inviter for a new one [O5]. */
export function expiredInvitations(userId: string): Promise<InvitationView[]> {
  return invitationsFor(userId, { lte: now() })
}

const perPage = 50

/** One page of those that wait for an answer, the latest first. */
export async function listPendingInvitations(
  userId: string,
  place: Place = {},
): Promise<Page<InvitationView>> {
  const unanswered = await unansweredBy(userId, { gt: now() })
  if (!unanswered) return { rows: [], previous: null, next: null }
  const { rows, ...more } = await readPage<InvitationRow>(place, {
    size: perPage,
    order: "desc",
    at: row => row.sentAt,
    read: ({ take, order, at, passed }) =>
      db().invitation.findMany({
        where: { ...unanswered, sentAt: at, NOT: passed && { sentAt: passed.at, id: passed.id } },
        orderBy: [{ sentAt: order }, { id: order }],
        take,
        include: invitationRelations,
      }),
  })
  return { ...more, rows: rows.flatMap(row => viewOfInvitation(row) ?? []) }
}

type Expiry = { gt: Date } | { lte: Date }

async function invitationsFor(userId: string, expiresAt: Expiry): Promise<InvitationView[]> {
  const unanswered = await unansweredBy(userId, expiresAt)
  if (!unanswered) return []
  const rows = await db().invitation.findMany({
    where: unanswered,
    orderBy: { sentAt: "desc" },
    include: invitationRelations,
  })
  return rows.flatMap(row => viewOfInvitation(row) ?? [])
}

/** What they are found by; undefined for someone whose mailbox is not proven. */
async function unansweredBy(userId: string, expiresAt: Expiry) {
  const user = await db().user.findUnique({ where: { id: userId } })
  if (!user?.provenAt) return undefined
  return {
    email: user.email,
    acceptedAt: null,
    revokedAt: null,
    expiresAt,
    organization: { archivedAt: null, memberships: { none: { userId } } },
  }
}
