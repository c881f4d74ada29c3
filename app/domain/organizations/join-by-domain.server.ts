/**
 * Joining by the domain of one's address [O12]. Whoever has proven a mailbox of exactly that domain sees the organisation's name
 * and may join as a member; to everybody else it is not there. The domain counts as long as an owner with a proven mailbox of it
 * vouches for it. One conditional insert decides everything at once – the proof, the domain, its owner, seats, an archived
 * organisation, someone who was removed – so two clicks, or a click against the removal of the domain, cannot slip in between.
 * An invitation that waits for the person is taken instead: it may give more.
 */
import { domainOf, maskAddress } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { domainIn, isBarred, mailboxHash } from "~/domain/organizations/domain-bar.server"
import { isVouchedFor } from "~/domain/organizations/domains.server"
import { tellOwnersOfFullPlan } from "~/domain/organizations/full-plan.server"
import { joinByInvitation } from "~/domain/organizations/join.server"
import type { SeatLimit } from "~/domain/organizations/seats.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, statement, type Tx, transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"

export type OpenToJoin = { slug: string; name: string }

/** By which the lists and the insert agree on who may join what. */
const open = `u.provenAt IS NOT NULL AND u.disabledAt IS NULL AND o.archivedAt IS NULL
  AND EXISTS (SELECT 1 FROM JoinableDomain d WHERE d.organizationId = o.id
    AND d.domain = ${domainIn("u.email")} AND ${isVouchedFor("d")})
  AND NOT ${isBarred("o.id", "u")}`

const listed = statement<[string, string, string], OpenToJoin>(`
  SELECT o.slug, o.name FROM JoinableDomain j
  JOIN Organization o ON o.id = j.organizationId JOIN User u ON u.id = ?
  WHERE j.domain = ? AND ${open}
    AND NOT EXISTS (SELECT 1 FROM Membership m WHERE m.organizationId = o.id AND m.userId = u.id)
  ORDER BY o.name, o.id`)

/** The organisations this person may join by the domain of their address and does not belong to, by name. */
export async function joinableBy(person: { userId: string; email: string }): Promise<OpenToJoin[]> {
  return listed.all(person.userId, domainOf(person.email), mailboxHash(person.email))
}

const insert = joiningStatement<[string, number, number, string, string, string, SeatLimit, SeatLimit]>(`
  INSERT INTO Membership (id, userId, organizationId, role, createdAt, lastUsedAt)
  SELECT ?, u.id, o.id, 'member', ?, ? FROM User u, Organization o
  WHERE u.id = ? AND o.id = ? AND ${open}
    AND (? IS NULL OR (SELECT count(*) FROM Membership m WHERE m.organizationId = o.id) < ?)
  ON CONFLICT (userId, organizationId) DO NOTHING`)

const stillOpen = joiningStatement<[string, string, string], { one: 1 }>(`
  SELECT 1 AS one FROM User u, Organization o WHERE u.id = ? AND o.id = ? AND ${open}`)

type Joining = {
  userId: string
  slug: string
  requester: Requester
  seatsOf: (organizationId: string) => Promise<SeatLimit>
}

/**
 * Makes the person a member. Someone who is one already stays as they are. Fails with `not_found` where they may not join, as
 * where there is nothing, and with `full`, of which the owners are told.
 */
export async function joinByDomain(joining: Joining): Promise<Result<OpenToJoin, "not_found" | "full">> {
  const organization = await db().organization.findUnique({ where: { slug: joining.slug } })
  if (!organization) return err("not_found")
  const { id, slug, name } = organization
  const seats = await joining.seatsOf(id)
  const joined = await transaction(tx => join(tx, id, seats, joining))
  if (joined.ok) return ok({ slug, name })
  const { because, user } = joined.error
  if (because === "full" && seats !== null)
    await tellOwnersOfFullPlan(id, { invited: maskAddress(user?.email ?? ""), seats })
  return err(because)
}

async function join(
  tx: Tx,
  organizationId: string,
  seats: SeatLimit,
  { userId, requester }: Joining,
): Promise<Result<void, { because: "not_found" | "full"; user: User | null }>> {
  const user = await tx.user.findUnique({ where: { id: userId } })
  const refused = (because: "not_found" | "full") => err({ because, user })
  if (!user?.provenAt || user.disabledAt) return refused("not_found")
  const domain = domainOf(user.email)
  const key = { organizationId, domain }
  const isOpen = await tx.joinableDomain.findUnique({ where: { organizationId_domain: key } })
  if (!isOpen) return refused("not_found")
  const waiting = await tx.invitation.findUnique({
    where: { organizationId_email: { organizationId, email: user.email } },
  })
  if (waiting) {
    const accepted = await joinByInvitation(tx, waiting.id, { user, seats, requester })
    if (accepted.ok) return ok()
    if (accepted.error === "full") return refused("full")
  }
  const at = +now()
  const mailbox = mailboxHash(user.email)
  const added = await insert.run(tx, newId(), at, at, userId, organizationId, mailbox, seats, seats)
  if (added === 0) return whyNot(tx, organizationId, user, refused)
  await writeAudit(tx, {
    organizationId,
    actorUserId: userId,
    act: "member.joined_by_domain",
    target: user.email,
    detail: { domain, role: "member" },
    clientAddress: requester.clientAddress,
  })
  return ok()
}

async function whyNot<E>(
  tx: Tx,
  organizationId: string,
  user: User,
  refused: (because: "not_found" | "full") => Result<void, E>,
): Promise<Result<void, E>> {
  const where = { userId_organizationId: { userId: user.id, organizationId } }
  if (await tx.membership.findUnique({ where })) return ok()
  const isOpen = await stillOpen.get(tx, user.id, organizationId, mailboxHash(user.email))
  return refused(isOpen ? "full" : "not_found")
}
