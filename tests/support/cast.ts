import { apiKeyPrefix } from "~/domain/organizations/api-key-lookup.server"
import type { ApiScope } from "~/domain/organizations/api-scopes"
import type { Role } from "~/domain/organizations/roles"
import { fromNow, now } from "~/platform/clock.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { type Client, db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Organization, User } from "~/platform/models.server"

export const day = 24 * 60 * 60 * 1000

type Person = {
  name?: string
  email: string
  isOperator?: boolean
  /** False for someone whose mailbox nobody has proven. */
  proven?: boolean
  createdAt?: Date
}

/** Writes a user as if they had come in long ago. `email` is expected in its canonical form. */
export function buildUser(client: Client, person: Person): Promise<User> {
  const createdAt = person.createdAt ?? fromNow(-30 * day)
  return client.user.create({
    data: {
      id: newId(),
      email: person.email,
      emailTyped: person.email,
      name: person.name ?? "",
      isOperator: person.isOperator ?? false,
      provenAt: person.proven === false ? null : createdAt,
      createdAt,
      updatedAt: createdAt,
    },
  })
}

/** Writes an organisation with its members, in the order given. */
export async function buildOrganization(
  client: Client,
  organization: { name: string; slug: string; createdAt?: Date; members: [User, Role][] },
): Promise<Organization> {
  const createdAt = organization.createdAt ?? fromNow(-30 * day)
  const row = await client.organization.create({
    data: {
      id: newId(),
      slug: organization.slug,
      name: organization.name,
      createdAt,
      updatedAt: createdAt,
    },
  })
  for (const [i, [user, role]] of organization.members.entries()) {
    // Nobody joins before they exist; those who do at once keep the order given.
    const joined = new Date(Math.max(+createdAt + i * 60_000, +user.createdAt))
    await buildMembership(client, { user, organization: row, role, createdAt: joined })
  }
  return row
}

/** Writes one membership. */
export async function buildMembership(
  client: Client,
  membership: { user: User; organization: Organization; role: Role; createdAt?: Date; lastUsedAt?: Date },
): Promise<void> {
  const { user, organization, role, createdAt = fromNow(-30 * day) } = membership
  await client.membership.create({
    data: {
      id: newId(),
      userId: user.id,
      organizationId: organization.id,
      role,
      createdAt,
      lastUsedAt: membership.lastUsedAt ?? createdAt,
    },
  })
}

/** Writes an invitation without mailing it. */
export function buildInvitation(
  client: Client,
  invitation: {
    organization: Organization
    email: string
    role?: Role
    invitedBy: User
    sentAt?: Date
    expiresAt?: Date
  },
) {
  const sentAt = invitation.sentAt ?? now()
  return client.invitation.create({
    data: {
      id: newId(),
      organizationId: invitation.organization.id,
      email: invitation.email,
      emailTyped: invitation.email,
      role: invitation.role ?? "member",
      invitedById: invitation.invitedBy.id,
      createdAt: sentAt,
      sentAt,
      expiresAt: invitation.expiresAt ?? new Date(+sentAt + 7 * day),
    },
  })
}

/** Writes an API key, and returns it with its row. */
export async function buildApiKey(
  client: Client,
  apiKey: {
    organization: Organization
    maker: User
    name: string
    scopes: readonly ApiScope[]
    createdAt?: Date
    expiresAt?: Date
    lastUsedAt?: Date
  },
) {
  const { organization, maker, scopes, ...row } = apiKey
  const key = apiKeyPrefix + randomToken()
  const written = await client.apiKey.create({
    data: {
      createdAt: now(),
      ...row,
      id: newId(),
      organizationId: organization.id,
      createdById: maker.id,
      tokenHash: hashToken(key),
      hint: key.slice(0, apiKeyPrefix.length + 4),
      scopes: scopes.join(),
    },
  })
  return { ...written, key }
}

/**
 * The fixed cast: Olive (operator), Alice (owner), Amir (admin) and Bob (member) of Acme; Charlie, a stranger there, who owns
 * Birch.
 */
export async function buildCast(client: Client = db()) {
  const olive = await buildUser(client, {
    name: "Olive Ortega",
    email: "olive@gatehouse.test",
    isOperator: true,
  })
  const alice = await buildUser(client, { name: "Alice Archer", email: "alice@acme.test" })
  const amir = await buildUser(client, { name: "Amir Aziz", email: "amir@acme.test" })
  const bob = await buildUser(client, { name: "Bob Berger", email: "bob@acme.test" })
  const charlie = await buildUser(client, { name: "Charlie Chen", email: "charlie@birch.test" })
  const acme = await buildOrganization(client, {
    name: "Acme",
    slug: "acme",
    members: [
      [alice, "owner"],
      [amir, "admin"],
      [bob, "member"],
    ],
  })
  const birch = await buildOrganization(client, {
    name: "Birch",
    slug: "birch",
    members: [[charlie, "owner"]],
  })
  return { olive, alice, amir, bob, charlie, acme, birch }
}

export type Cast = Awaited<ReturnType<typeof buildCast>>
