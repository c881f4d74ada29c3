/**
 * Everything this installation holds of a person, as JSON for themselves [S15]. It holds no secret – no token, no hash – and of
 * others nothing: whom they invited or what they did to whom is told without naming anybody.
 */
import { deviceLabel } from "~/domain/accounts/device.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { securityWords } from "~/domain/accounts/security-words"
import { addressesOf } from "~/domain/privacy/addresses-of.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"

/** The version of the file's shape: a reader can tell what to expect. */
const format = 1

/** Writes down that a person downloads their data, and returns it. */
export async function exportPerson(userId: string, requester: Requester): Promise<object> {
  await recordSecurityEvent(db(), { userId, kind: "data_exported", requester })
  return {
    format,
    exportedAt: now(),
    ...(await account(userId)),
    ...(await guards(userId)),
    ...(await organizations(userId)),
    ...(await traffic(userId)),
  }
}

async function account(id: string) {
  const user = await db().user.findUniqueOrThrow({ where: { id } })
  const changes = await db().emailChange.findMany({ where: { userId: id }, orderBy: { askedAt: "asc" } })
  const { emailTyped, name, isOperator, createdAt, provenAt, lastSignInAt, disabledAt } = user
  return {
    person: { id, email: emailTyped, name, isOperator, createdAt, provenAt, lastSignInAt, disabledAt },
    addresses: changes.map(({ fromTyped, toTyped, askedAt, changedAt, undoneAt, givenUpAt }) => ({
      from: fromTyped,
      to: toTyped,
      askedAt,
      changedAt,
      undoneAt,
      givenUpAt,
    })),
  }
}

async function guards(userId: string) {
  const own = { where: { userId } }
  return {
    devices: await devices(userId),
    password: await db().password.findUnique({ ...own, select: { changedAt: true } }),
    twoFactor: await db().totp.findUnique({ ...own, select: { createdAt: true, confirmedAt: true } }),
    recoveryCodes: await db().recoveryCode.findMany({ ...own, select: { createdAt: true, usedAt: true } }),
    passkeys: await db().passkey.findMany({
      ...own,
      select: {
        name: true,
        rpId: true,
        userAgent: true,
        backedUp: true,
        transports: true,
        createdAt: true,
        lastUsedAt: true,
      },
    }),
    connections: await db().identity.findMany({
      ...own,
      select: {
        provider: true,
        issuer: true,
        subject: true,
        label: true,
        connectedAt: true,
        lastUsedAt: true,
      },
    }),
    waitingSignIns: await db().signInChallenge.findMany({ ...own, select: { way: true, createdAt: true } }),
    proofCodes: await db().proofCode.findMany({ ...own, select: { createdAt: true, usedAt: true } }),
    history: (await db().securityEvent.findMany({ ...own, orderBy: { at: "asc" } })).map(
      ({ at, kind, detail, clientAddress, userAgent }) => {
        return { at, kind, words: securityWords(kind, detail), clientAddress, userAgent }
      },
    ),
  }
}

/** A session with tokens to refresh it is a program's. */
async function devices(userId: string) {
  const sessions = await db().session.findMany({
    where: { userId },
    orderBy: { createdAt: "asc" },
    include: { _count: { select: { refreshTokens: true } } },
  })
  return sessions.map(
    ({
      userAgent,
      clientAddress,
      method,
      secondFactor,
      createdAt,
      lastSeenAt,
      endedAt,
      organizationId,
      _count,
    }) => ({
      device: deviceLabel(userAgent),
      byTheApi: _count.refreshTokens > 0,
      ...{ userAgent, clientAddress, method, secondFactor, createdAt, lastSeenAt, endedAt, organizationId },
    }),
  )
}

async function organizations(userId: string) {
  const named = { select: { name: true, slug: true } } as const
  const emails = await addressesOf(db(), userId)
  const offers = await db().ownershipTransfer.findMany({
    where: { OR: [{ fromUserId: userId }, { toUserId: userId }] },
    include: { organization: named },
  })
  return {
    organizations: await db().membership.findMany({
      where: { userId },
      select: { role: true, createdAt: true, lastUsedAt: true, organization: named },
    }),
    ownershipOffers: offers.map(({ fromUserId, organization, createdAt, expiresAt }) => {
      return { you: fromUserId === userId ? "offered" : "were offered", organization, createdAt, expiresAt }
    }),
    invitations: {
      received: await db().invitation.findMany({
        where: { email: { in: emails } },
        select: { organization: named, role: true, sentAt: true, acceptedAt: true, revokedAt: true },
      }),
      sent: await db().invitation.findMany({
        where: { invitedById: userId },
        select: { organization: named, role: true, sentAt: true, acceptedAt: true, revokedAt: true },
      }),
    },
    apiKeys: await db().apiKey.findMany({
      where: { createdById: userId },
      select: {
        organization: named,
        name: true,
        hint: true,
        scopes: true,
        createdAt: true,
        expiresAt: true,
        lastUsedAt: true,
        revokedAt: true,
      },
    }),
    bars: await db().domainBar.findMany({ where: { userId }, select: { organization: named, at: true } }),
    acts: await db().auditEntry.findMany({
      where: { actorUserId: userId },
      orderBy: { at: "asc" },
      select: { at: true, act: true, organizationId: true, clientAddress: true },
    }),
  }
}

async function traffic(userId: string) {
  const email = { in: await addressesOf(db(), userId) }
  return {
    purchases: await db().checkout.findMany({
      where: { OR: [{ userId }, { email }] },
      select: {
        plan: true,
        interval: true,
        businessName: true,
        emailTyped: true,
        state: true,
        createdAt: true,
        provisionedAt: true,
        stripeSessionId: true,
      },
    }),
    links: await links(userId, email),
    mails: await db().mail.findMany({
      where: { recipient: email },
      select: { template: true, recipient: true, state: true, createdAt: true, sentAt: true },
    }),
    suppression: await db().suppression.findMany({
      where: { email },
      select: { reason: true, createdAt: true },
    }),
  }
}

/** Anybody can type an address: where a link was asked for is told of those only that the person used. */
async function links(userId: string, email: { in: string[] }) {
  const all = await db().link.findMany({ where: { OR: [{ userId }, { email }] } })
  return all.map(({ purpose, requestedAt, usedAt, usedByUserId, clientAddress, userAgent }) => {
    const where = usedByUserId === userId ? { clientAddress, userAgent } : {}
    return { purpose, requestedAt, usedAt, ...where }
  })
}
