import { parseAddress } from "~/domain/accounts/addresses.server"
import { type AuditDetail, auditLabel, auditSentence } from "~/domain/organizations/audit-words"
import type { Membership } from "~/domain/organizations/memberships.server"
import { personMatching } from "~/domain/organizations/person-search.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import type { AuditEntry } from "~/platform/models.server"

/** `gone`: no member any more; `system`: this installation, or one of its operators; `outsider`: no member, named to operators. */
export type Actor = {
  standing: "member" | "outsider" | "gone" | "system"
  name: string
  email: string
  /** Null for whoever is not named. */
  userId: string | null
}

/** Who reads: what operators do is told to members as the installation's doing, and nobody is named to them who is not one of them. */
export type AuditReader = "member" | "operator"

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

/** The people of an audit log that a reader means: a member's address, or part of their name or address. Null is the system. */
export async function findActors(organizationId: string, typed: string): Promise<(string | null)[]> {
  if (typed.toLowerCase() === env().appName.toLowerCase())
    return [null, ...(await operatorsBeside(organizationId))]
  const address = parseAddress(typed)
  if (address.ok) {
    const { canonical: email } = address.value
    const known = await db().user.findFirst({
      where: { email, memberships: { some: { organizationId } } },
      select: { id: true },
    })
    return known ? [known.id] : []
  }
  const members = await db().membership.findMany({
    where: { organizationId, user: await personMatching(typed, organizationId) },
    select: { userId: true },
    take: mostPeople,
  })
  return members.map(({ userId }) => userId)
}

/** Operators who are no members, the first ones: their lines are shown as the installation's. */
async function operatorsBeside(organizationId: string): Promise<string[]> {
  const operators = await db().user.findMany({
    where: { isOperator: true, memberships: { none: { organizationId } } },
    select: { id: true },
    orderBy: { id: "asc" },
    take: mostPeople,
  })
  return operators.map(({ id }) => id)
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

/** Adds to each line who it was and what it says, to this reader. */
export async function described(
  organizationId: string,
  lines: readonly AuditEntry[],
  reader: AuditReader,
): Promise<AuditLineView[]> {
  const people = await peopleOf(organizationId, lines)
  return lines.map(({ id, at, act, actorUserId, target, detail: kept, clientAddress }) => {
    const detail: AuditDetail = JSON.parse(kept)
    const whom = target === organizationId ? "" : nameOf(people, target, reader)
    const words = auditSentence(act, whom, detail)
    const person = people.get(actorUserId ?? "")
    const byInstallation = isOfInstallation(act, detail, actorUserId, person)
    const who = reader === "member" && byInstallation ? installation() : actorOf(person, actorUserId, reader)
    const from = reader === "member" && byInstallation ? "" : clientAddress
    return { id, at, who, act, label: auditLabel(act), words, target, detail, clientAddress: from }
  })
}

type Person = { name: string; email: string; isMember: boolean; isOperator: boolean }
type People = Map<string, Person>

async function peopleOf(organizationId: string, lines: readonly AuditEntry[]): Promise<People> {
  const named = lines.flatMap(({ actorUserId, target }) => [actorUserId, target])
  const ids = [...new Set(named.filter(isId))]
  const users = await db().user.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true, emailTyped: true, isOperator: true },
  })
  const memberships = await db().membership.findMany({
    where: { organizationId, userId: { in: users.map(({ id }) => id) } },
    select: { userId: true },
  })
  const members = new Set(memberships.map(({ userId }) => userId))
  return new Map(
    users.map(({ id, name, emailTyped, isOperator }) => [
      id,
      { name, email: emailTyped, isMember: members.has(id), isOperator },
    ]),
  )
}

/** What only operators do at their desk. */
const deskActs = ["member.disabled", "member.enabled"]

function isOfInstallation(
  act: string,
  { because }: AuditDetail,
  actorUserId: string | null,
  person: Person | undefined,
): boolean {
  if (actorUserId === null || deskActs.includes(act) || because === "operator") return true
  return person?.isOperator === true && !person.isMember
}

function installation(): Actor {
  return { standing: "system", name: env().appName, email: "", userId: null }
}

function actorOf(person: Person | undefined, id: string | null, reader: AuditReader): Actor {
  if (id === null) return installation()
  if (!person || (!person.isMember && reader === "member")) {
    return { standing: "gone", name: "Someone who has left", email: "", userId: null }
  }
  const { name, email, isMember } = person
  return { standing: isMember ? "member" : "outsider", name, email, userId: id }
}

/** What is written in a line stays as it was written; an id is a person as they are called now. */
function nameOf(people: People, target: string, reader: AuditReader): string {
  if (!isId(target)) return target
  const person = people.get(target)
  if (!person || (!person.isMember && reader === "member")) return "someone who has left"
  return person.name ? `${person.name} (${person.email})` : person.email
}

/** Rows have ids of this form; addresses, domains and Stripe's ids have not. */
function isId(value: string | null): value is string {
  return value !== null && /^[0-9a-f]{32}$/.test(value)
}
