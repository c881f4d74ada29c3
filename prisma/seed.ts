import type { Role } from "~/domain/organizations/roles"
import { fromNow } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Organization, User } from "~/platform/models.server"
import { buildApiKey, buildInvitation, buildOrganization, buildUser, day } from "../tests/support/cast"

/*
 * A small believable world for the demo: an operator, a company at work and one that has just begun. Made by the builders of
 * the tests, with times relative to now. Subscriptions are not written here: they come from Stripe.
 */

/** Fills an empty database. Does nothing when somebody is there already. */
export async function seed(): Promise<void> {
  if ((await db().user.count()) > 0) return
  await transaction(async tx => {
    await person(tx, "Olive Ortega", "olive@gatehouse.example", 120, true)
    await acme(tx)
    await birch(tx)
  })
}

async function acme(tx: Tx) {
  const alice = await person(tx, "Alice Archer", "alice@acme.example", 90)
  const amir = await person(tx, "Amir Aziz", "amir@acme.example", 82)
  const bob = await person(tx, "Bob Berger", "bob@acme.example", 64)
  const dana = await person(tx, "Dana Dahl", "dana@acme.example", 33)
  const emre = await person(tx, "Emre Ek", "emre@acme.example", 12)
  const members: [User, Role][] = [
    [alice, "owner"],
    [amir, "admin"],
    [bob, "member"],
    [dana, "member"],
    [emre, "member"],
  ]
  const organization = await buildOrganization(tx, {
    name: "Acme Bicycles",
    slug: "acme",
    createdAt: fromNow(-90 * day),
    members,
  })
  await founded(tx, organization, alice)
  for (const [user, role] of members.slice(1)) {
    const line = { organization, actor: user, target: user.email, at: +user.createdAt }
    await audit(tx, { ...line, act: "invitation.accepted", detail: { role } })
  }
  const invited = [
    { email: "fatima@acme.example", role: "member", sentAt: fromNow(-2 * day) },
    { email: "gus@wheels.example", role: "admin", sentAt: fromNow(-9 * day) },
  ] as const
  for (const { email, role, sentAt } of invited) {
    await buildInvitation(tx, { organization, invitedBy: amir, email, role, sentAt })
    const line = { organization, actor: amir, target: email, detail: { role }, at: +sentAt }
    await audit(tx, { ...line, act: "invitation.sent" })
  }
  await apiKeys(tx, organization, { alice, amir })
  await onboarding(tx, organization, alice, ["workspace"], true)
}

async function apiKeys(tx: Tx, organization: Organization, { alice, amir }: Record<"alice" | "amir", User>) {
  const keys = [
    {
      maker: alice,
      name: "Nightly export",
      scopes: ["members:read", "audit:read"],
      createdAt: fromNow(-71 * day),
      lastUsedAt: fromNow(-0.3 * day),
    },
    {
      maker: amir,
      name: "Joiners from payroll",
      scopes: ["members:read", "invitations:read", "invitations:write"],
      createdAt: fromNow(-40 * day),
      expiresAt: fromNow(50 * day),
      lastUsedAt: fromNow(-3.1 * day),
    },
    {
      maker: amir,
      name: "Try-out on Amir’s laptop",
      scopes: ["organization:read"],
      createdAt: fromNow(-38 * day),
      expiresAt: fromNow(-8 * day),
    },
  ] as const
  for (const { maker, ...rest } of keys) {
    const { name, hint, scopes, expiresAt, createdAt } = await buildApiKey(tx, {
      organization,
      maker,
      ...rest,
    })
    const detail = { hint, scopes, expires: expiresAt?.toISOString() ?? null }
    await audit(tx, {
      organization,
      actor: maker,
      act: "key.created",
      target: name,
      detail,
      at: +createdAt,
    })
  }
}

async function birch(tx: Tx) {
  const charlie = await person(tx, "Charlie Chen", "charlie@birch.example", 3)
  const organization = await buildOrganization(tx, {
    name: "Birch & Daughters",
    slug: "birch",
    createdAt: fromNow(-3 * day),
    members: [[charlie, "owner"]],
  })
  await founded(tx, organization, charlie)
  await onboarding(tx, organization, charlie, [], false)
}

/** Someone whose mailbox was proven so many days ago. */
function person(tx: Tx, name: string, email: string, daysAgo: number, isOperator = false): Promise<User> {
  return buildUser(tx, { name, email, isOperator, createdAt: fromNow(-daysAgo * day) })
}

function founded(tx: Tx, organization: Organization, actor: User) {
  const { id: target, name, slug } = organization
  const at = +organization.createdAt
  return audit(tx, { organization, actor, act: "organization.created", target, detail: { name, slug }, at })
}

type Line = {
  organization: Organization
  actor: User
  act: string
  target: string
  detail?: Record<string, string | null>
  at: number
}

async function audit(tx: Tx, { organization, actor, act, target, detail = {}, at }: Line) {
  await tx.auditEntry.create({
    data: {
      id: newId(),
      organizationId: organization.id,
      actorUserId: actor.id,
      act,
      target,
      detail: JSON.stringify(detail),
      clientAddress: "203.0.113.24",
      at: new Date(at),
    },
  })
}

async function onboarding(
  tx: Tx,
  { id, createdAt }: Organization,
  by: User,
  done: string[],
  finished: boolean,
) {
  const at = new Date(+createdAt + day / 2)
  await tx.onboarding.create({
    data: {
      organizationId: id,
      startedAt: createdAt,
      finishedAt: finished ? at : null,
      steps: { create: done.map(step => ({ step, state: "done", at, byUserId: by.id })) },
    },
  })
}
