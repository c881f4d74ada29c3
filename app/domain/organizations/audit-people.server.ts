import { parseAddress } from "~/domain/accounts/addresses.server"
import { type AuditDetail, auditLabel, auditSentence } from "~/domain/organizations/audit-words"
import type { Membership } from "~/domain/organizations/memberships.server"
import { personMatching } from "~/domain/organizations/person-search"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import type { AuditEntry } from "~/platform/models.server"

/** `gone`: the account no longer exists; `system`: nobody acted; `outsider`: no member, such as an operator. */
export type Actor = { standing: "member" | "outsider" | "gone" | "system"; name: string; email: string }

export type AuditLineView = {
  id: string
  at: Date
  who: Actor
  act: string
  label: string
  /** What happened, in a sentence without its subject. */
  words: string
  target: string
  detail: AuditDetail
  clientAddress: string
}

/** A name may be that of several people; who means one of more than these can type the address. */
const mostPeople = 10
const mostSuggested = 50

/** The people of an audit log that a reader means: an address, or part of a member's name or address. Null is the system. */
export async function findActors(organizationId: string, typed: string): Promise<(string | null)[]> {
  if (typed.toLowerCase() === env().appName.toLowerCase()) return [null]
  const address = parseAddress(typed)
  if (address.ok) {
    const { canonical: email } = address.value
    const known = await db().user.findUnique({ where: { email }, select: { id: true } })
    return known ? [known.id] : []
  }
  const members = await db().membership.findMany({
    where: { organizationId, user: personMatching(typed) },
    select: { userId: true },
    take: mostPeople,
  })
  return members.map(({ userId }) => userId)
}

/** Who most likely stands in an audit log: the owners and admins, by address, and the system. */
export async function likelyActors({ organizationId }: Membership): Promise<string[]> {
  const managers = await db().membership.findMany({
    where: { organizationId, role: { in: ["owner", "admin"] } },
    select: { user: { select: { emailTyped: true } } },
    take: mostSuggested,
  })
  return [...managers.map(({ user }) => user.emailTyped).sort(), env().appName]
}

/** Adds to each line who it was and what it says. */
export async function described(
  organizationId: string,
  lines: readonly AuditEntry[],
): Promise<AuditLineView[]> {
  const people = await peopleOf(organizationId, lines)
  return lines.map(({ id, at, act, actorUserId, target, detail: kept, clientAddress }) => {
    const detail: AuditDetail = JSON.parse(kept)
    const whom = target === organizationId ? "" : nameOf(people, target)
    const words = auditSentence(act, whom, detail)
    const who = actorOf(people, actorUserId)
    return { id, at, who, act, label: auditLabel(act), words, target, detail, clientAddress }
  })
}

type People = Map<string, { name: string; email: string; isMember: boolean }>

async function peopleOf(organizationId: string, lines: readonly AuditEntry[]): Promise<People> {
  const named = lines.flatMap(({ actorUserId, target }) => [actorUserId, target])
  const ids = [...new Set(named.filter(isId))]
  const users = await db().user.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true, emailTyped: true },
  })
  const memberships = await db().membership.findMany({
    where: { organizationId, userId: { in: users.map(({ id }) => id) } },
    select: { userId: true },
  })
  const members = new Set(memberships.map(({ userId }) => userId))
  return new Map(
    users.map(({ id, name, emailTyped }) => [id, { name, email: emailTyped, isMember: members.has(id) }]),
  )
}

function actorOf(people: People, id: string | null): Actor {
  if (id === null) return { standing: "system", name: env().appName, email: "" }
  const person = people.get(id)
  if (!person) return { standing: "gone", name: "Someone who has left", email: "" }
  return { standing: person.isMember ? "member" : "outsider", name: person.name, email: person.email }
}

function nameOf(people: People, target: string): string {
  if (!isId(target)) return target
  const person = people.get(target)
  if (!person) return "someone who has left"
  return person.name ? `${person.name} (${person.email})` : person.email
}

/** Rows have ids of this form; addresses, domains and Stripe's ids have not. */
function isId(value: string | null): value is string {
  return value !== null && /^[0-9a-f]{32}$/.test(value)
}
