/**
 * The proof that someone belongs to an organisation. Every function on an organisation's data takes a `Membership`, and only
 * the lookup below, by person *and* organisation, makes one: whoever forgets the check has nothing to pass [O9]. The class is
 * exported as a type only, and its private field keeps any look-alike object from being taken for one.
 *
 * The lookup runs on each request of an organisation's page, so it is one prepared statement on the reader: committed rows only.
 * A member removed a moment ago is a stranger at the next request.
 */
import { isRole, type Role } from "~/domain/organizations/roles"
import { now } from "~/platform/clock.server"
import { statement, type Tx } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"

export type OrganizationFacts = {
  id: string
  slug: string
  name: string
  createdAt: Date
  archivedAt: Date | null
  requireMfa: boolean
  /** Its owners let admins manage billing, too. */
  adminsManageBilling: boolean
  /** The ways in that members may use; empty is all. */
  signInMethods: readonly string[]
  /** The hash of its picture, if it has one. */
  logo: string | null
}

class ProvenMembership {
  readonly #proven = true
  constructor(
    readonly id: string,
    readonly userId: string,
    readonly organizationId: string,
    readonly role: Role,
    readonly organization: OrganizationFacts,
    /** As it stands in the database; `role`, by which this one acts, may be less. */
    readonly held: Role = role,
  ) {}
  get proven(): boolean {
    return this.#proven
  }
}

export type Membership = ProvenMembership

type Row = {
  id: string
  userId: string
  organizationId: string
  role: string
  slug: string
  name: string
  createdAt: number
  archivedAt: number | null
  requireMfa: 0 | 1
  adminsManageBilling: 0 | 1
  signInMethods: string
  logo: string | null
}

const columns = `m.id, m.userId, m.organizationId, m.role, o.slug, o.name, o.createdAt, o.archivedAt, o.requireMfa, o.adminsManageBilling, o.signInMethods,
  l.hash AS logo
  FROM Membership m JOIN Organization o ON o.id = m.organizationId
  LEFT JOIN OrganizationLogo l ON l.organizationId = o.id`

const bySlug = statement<[string, string], Row>(`SELECT ${columns} WHERE m.userId = ? AND o.slug = ?`)

const byId = statement<[string, string], Row>(`SELECT ${columns} WHERE m.userId = ? AND m.organizationId = ?`)

const byUser = statement<[string], Row>(
  `SELECT ${columns} WHERE m.userId = ? ORDER BY m.lastUsedAt DESC, m.createdAt DESC, m.id`,
)

/** This person's membership of the organisation at this address; undefined for a stranger, as for an address nobody has. */
export async function findMembership(userId: string, slug: string): Promise<Membership | undefined> {
  const row = bySlug.get(userId, slug)
  return row && proven(row)
}

/** The same by the organisation's id, at once: for what is asked many times a second. */
export function findMembershipById(userId: string, organizationId: string): Membership | undefined {
  const row = byId.get(userId, organizationId)
  return row && proven(row)
}

/**
 * The same for a program with a key of this person's: it acts as an admin at most. Who owns an organisation is for people to
 * decide, with fresh proof where it is asked, and no key that leaked makes itself an owner.
 */
export async function findProgramMembership(userId: string, slug: string): Promise<Membership | undefined> {
  const found = await findMembership(userId, slug)
  if (found?.role !== "owner") return found
  const { id, organizationId, organization, held } = found
  return new ProvenMembership(id, userId, organizationId, "admin", organization, held)
}

/** All organisations of a person, the one used last first: what the switcher lists. */
export async function membershipsOf(userId: string): Promise<Membership[]> {
  return byUser.all(userId).flatMap(row => proven(row) ?? [])
}

/**
 * Adds a person to an organisation, and says whether they are new there. Someone who belongs to it already keeps the role
 * they have: the unique pair decides, so two at once make one membership [O6].
 */
export async function addMember(
  tx: Tx,
  member: { userId: string; organizationId: string; role: Role },
): Promise<{ added: boolean }> {
  const id = newId()
  const at = now()
  const { userId, organizationId } = member
  const row = await tx.membership.upsert({
    where: { userId_organizationId: { userId, organizationId } },
    create: { ...member, id, createdAt: at, lastUsedAt: at },
    update: {},
  })
  return { added: row.id === id }
}

/** A role the table does not know gives nothing: such a row counts as no membership. */
function proven(row: Row): Membership | undefined {
  if (!isRole(row.role)) return undefined
  const archivedAt = row.archivedAt === null ? null : new Date(row.archivedAt)
  const { organizationId, slug, name, logo } = row
  const signInMethods = row.signInMethods.split(",").filter(Boolean)
  const adminsManageBilling = row.adminsManageBilling === 1
  const rules = { requireMfa: row.requireMfa === 1, signInMethods, adminsManageBilling }
  const createdAt = new Date(row.createdAt)
  const organization = { id: organizationId, slug, name, createdAt, archivedAt, logo, ...rules }
  return new ProvenMembership(row.id, row.userId, organizationId, row.role, organization)
}
