import { described } from "~/domain/organizations/audit-people.server"
import { readWhole } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"

/** Rows read at a time. */
const size = 500

/** The members of an organisation with their roles, the longest there first, in batches. */
export async function* exportedMembers(organizationId: string): AsyncGenerator<object[]> {
  const batches = readWhole({
    size,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().membership.findMany({
        where: {
          organizationId,
          createdAt: at,
          ...(passed && { NOT: { createdAt: passed.at, id: passed.id } }),
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
        include: { user: { select: { name: true, emailTyped: true } } },
      }),
    at: row => row.createdAt,
  })
  for await (const rows of batches) {
    yield rows.map(({ userId, role, createdAt, user }) => ({
      userId,
      name: user.name,
      email: user.emailTyped,
      role,
      joinedAt: createdAt,
    }))
  }
}

/** Every invitation, the first sent first, in batches. */
export async function* exportedInvitations(organizationId: string): AsyncGenerator<object[]> {
  const batches = readWhole({
    size,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().invitation.findMany({
        where: {
          organizationId,
          sentAt: at,
          ...(passed && { NOT: { sentAt: passed.at, id: passed.id } }),
        },
        orderBy: [{ sentAt: order }, { id: order }],
        take,
      }),
    at: row => row.sentAt,
  })
  for await (const rows of batches) {
    yield rows.map(({ emailTyped, role, invitedById, sentAt, expiresAt, acceptedAt, revokedAt }) => ({
      email: emailTyped,
      role,
      invitedByUserId: invitedById,
      sentAt,
      expiresAt,
      acceptedAt,
      revokedAt,
    }))
  }
}

/** Every API key with what it may do, the first made first, in batches: also those that count no more. */
export async function* exportedApiKeys(organizationId: string): AsyncGenerator<object[]> {
  const batches = readWhole({
    size,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().apiKey.findMany({
        where: {
          organizationId,
          createdAt: at,
          ...(passed && { NOT: { createdAt: passed.at, id: passed.id } }),
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
      }),
    at: row => row.createdAt,
  })
  for await (const rows of batches) {
    yield rows.map(({ name, scopes, createdById, createdAt, expiresAt, lastUsedAt, revokedAt }) => ({
      name,
      scopes: scopes.split(","),
      createdByUserId: createdById,
      createdAt,
      expiresAt,
      lastUsedAt,
      revokedAt,
    }))
  }
}

/** The whole audit log, the oldest line first, in batches. */
export async function* exportedAuditLog(organizationId: string): AsyncGenerator<object[]> {
  const batches = readWhole({
    size,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().auditEntry.findMany({
        where: { organizationId, at, ...(passed && { NOT: { at: passed.at, id: passed.id } }) },
        orderBy: [{ at: order }, { id: order }],
        take,
      }),
    at: row => row.at,
  })
  for await (const rows of batches) {
    const lines = await described(organizationId, rows, "member")
    yield lines.map(({ at, who, act, target, detail, clientAddress }) => ({
      at,
      actorUserId: who.userId,
      actor: who.name,
      act,
      target,
      detail,
      clientAddress,
    }))
  }
}

/** Every invoice, the first one first, in batches. */
export async function* exportedInvoices(organizationId: string): AsyncGenerator<object[]> {
  const batches = readWhole({
    size,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().invoice.findMany({
        where: {
          organizationId,
          createdAt: at,
          ...(passed && { NOT: { createdAt: passed.at, id: passed.id } }),
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
      }),
    at: row => row.createdAt,
  })
  for await (const rows of batches) {
    yield rows.map(({ organizationId: _, syncedAt: __, ...invoice }) => invoice)
  }
}

/** Every purchase begun for it, the first one first, without what leads to its payment page; in batches. */
export async function* exportedPurchases(organizationId: string): AsyncGenerator<object[]> {
  const batches = readWhole({
    size,
    order: "asc",
    read: ({ take, order, at, passed }) =>
      db().checkout.findMany({
        where: {
          organizationId,
          createdAt: at,
          ...(passed && { NOT: { createdAt: passed.at, id: passed.id } }),
        },
        orderBy: [{ createdAt: order }, { id: order }],
        take,
      }),
    at: row => row.createdAt,
  })
  for await (const rows of batches) {
    yield rows.map(
      ({ plan, interval, emailTyped, businessName, state, createdAt, provisionedAt, trialDays }) => ({
        plan,
        interval,
        email: emailTyped,
        businessName,
        state,
        createdAt,
        provisionedAt,
        trialDays,
      }),
    )
  }
}
