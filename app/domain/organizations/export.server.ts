/**
 * Everything an organisation holds, as one JSON file for its owners [O11]. It is written piece by piece, a batch of rows at a
 * time, so that a large organisation needs no more memory than a small one. It holds no secret – no token, no session, no hash
 * – and nothing of other organisations: of its people only what their membership shows.
 */
import { Readable } from "node:stream"
import type { Requester } from "~/domain/accounts/requester"
import {
  exportedApiKeys,
  exportedAuditLog,
  exportedInvitations,
  exportedInvoices,
  exportedMembers,
  exportedPurchases,
} from "~/domain/organizations/export-lists.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"

/** The version of the file's shape: a reader can tell what to expect. */
const format = 1

/** Writes down that an owner downloads everything, and returns the file. */
export async function exportOrganization(membership: Membership, requester: Requester): Promise<Readable> {
  const { organizationId, userId } = membership
  await writeAudit(db(), {
    organizationId,
    actorUserId: userId,
    act: "organization.exported",
    target: organizationId,
    clientAddress: requester.clientAddress,
  })
  return Readable.from(pieces(organizationId))
}

async function* pieces(organizationId: string): AsyncGenerator<string> {
  const about = { format, exportedAt: now(), ...(await organizationAlone(organizationId)) }
  yield JSON.stringify(about, null, 2).replace(/\n}$/, "")
  yield* list("invoices", exportedInvoices(organizationId))
  yield* list("purchases", exportedPurchases(organizationId))
  yield* list("members", exportedMembers(organizationId))
  yield* list("invitations", exportedInvitations(organizationId))
  yield* list("apiKeys", exportedApiKeys(organizationId))
  yield* list("auditLog", exportedAuditLog(organizationId))
  yield "\n}\n"
}

async function* list(name: string, batches: AsyncIterable<object[]>): AsyncGenerator<string> {
  yield `,\n  ${JSON.stringify(name)}: [`
  let separator = "\n    "
  for await (const batch of batches) {
    yield separator + batch.map(row => JSON.stringify(row)).join(",\n    ")
    separator = ",\n    "
  }
  yield "\n  ]"
}

/** The organisation itself and what there is a handful of. */
async function organizationAlone(id: string) {
  const row = await db().organization.findUniqueOrThrow({
    where: { id },
    include: {
      logo: true,
      formerSlugs: true,
      domains: true,
      holds: true,
      transfer: true,
      subscriptions: true,
      onboarding: { include: { steps: true } },
    },
  })
  const { logo, formerSlugs, domains, holds, transfer, subscriptions, onboarding } = row
  return {
    organization: {
      id,
      name: row.name,
      address: row.slug,
      formerAddresses: formerSlugs.map(({ slug, createdAt }) => ({ address: slug, since: createdAt })),
      createdAt: row.createdAt,
      archivedAt: row.archivedAt,
      archivedBecause: holds.map(({ because, at, note }) => ({ because, since: at, note })),
      closingAskedForAt: row.closeRequestedAt,
      closedAt: row.closedAt,
      eraseAt: row.eraseAt,
    },
    settings: {
      billingEmail: row.billingEmail,
      adminsManageBilling: row.adminsManageBilling,
      requireSecondFactor: row.requireMfa,
      signInMethods: row.signInMethods.split(",").filter(Boolean),
      joinableDomains: domains.map(({ domain, createdAt }) => ({ domain, addedAt: createdAt })),
      logo: logo && `data:image/png;base64,${Buffer.from(logo.png).toString("base64")}`,
    },
    ownershipOffer: transfer && {
      fromUserId: transfer.fromUserId,
      toUserId: transfer.toUserId,
      offeredAt: transfer.createdAt,
      expiresAt: transfer.expiresAt,
    },
    setUp: onboarding && {
      startedAt: onboarding.startedAt,
      finishedAt: onboarding.finishedAt,
      steps: onboarding.steps.map(({ step, state, at }) => ({ step, state, at })),
    },
    stripeCustomerId: row.stripeCustomerId,
    subscriptions: subscriptions.map(
      ({ id: _, organizationId: __, syncedAt: ___, ...subscription }) => subscription,
    ),
  }
}
