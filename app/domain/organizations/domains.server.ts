/**
 * Domains whose people may join [O12]. Whoever adds one vouches for it with an address of their own: only an owner can, and only
 * for the domain of the mailbox they have proven here; it counts while an owner with an address of it remains. Domains where
 * anybody can get a mailbox are refused. One conditional
 * insert decides, so that neither twenty-one domains nor one added by a former owner can come of two acts at once.
 */
import type { Requester } from "~/domain/accounts/requester"
import { domainIn } from "~/domain/organizations/domain-bar.server"
import { isForEveryone, parseMailDomain } from "~/domain/organizations/mail-domain.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, statement, transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"

/** More than any organisation has names; few enough to look through. */
export const mostDomains = 20

export type DomainRefusal =
  | "no_domain"
  | "for_everyone"
  | "not_yours"
  | "there_already"
  | "too_many"
  | "changed"

const insert = joiningStatement<[string, number, string, string, number]>(`
  INSERT INTO JoinableDomain (organizationId, domain, addedById, createdAt)
  SELECT m.organizationId, ?, m.userId, ? FROM Membership m JOIN User u ON u.id = m.userId
  WHERE m.id = ? AND m.role = 'owner' AND u.provenAt IS NOT NULL
    AND ${domainIn("u.email")} = ?
    AND (SELECT count(*) FROM JoinableDomain d WHERE d.organizationId = m.organizationId) < ?
  ON CONFLICT (organizationId, domain) DO NOTHING`)

/** In SQL, whether an owner who can act has a proven mailbox of this domain [O12]. */
export function isVouchedFor(domain: string): string {
  return `EXISTS (SELECT 1 FROM Membership vouching JOIN User v ON v.id = vouching.userId
    WHERE vouching.organizationId = ${domain}.organizationId AND vouching.role = 'owner'
      AND v.provenAt IS NOT NULL AND v.disabledAt IS NULL AND ${domainIn("v.email")} = ${domain}.domain)`
}

const vouchedFor = statement<[string], { domain: string }>(
  `SELECT d.domain FROM JoinableDomain d WHERE d.organizationId = ? AND ${isVouchedFor("d")}`,
)

/** Lets people with a proven mailbox of exactly this domain join as members. Fails with why not. */
export async function addDomain(
  membership: Membership,
  typed: string,
  requester: Requester,
): Promise<Result<{ domain: string }, DomainRefusal>> {
  const { organizationId, userId } = membership
  const domain = parseMailDomain(typed)
  if (!domain) return err("no_domain")
  if (await isForEveryone(domain)) return err("for_everyone")
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "security.manage"))) return err("changed")
    const added = await insert.run(tx, domain, +now(), membership.id, domain, mostDomains)
    if (added === 0) {
      const there = await tx.joinableDomain.findMany({ where: { organizationId } })
      if (there.some(row => row.domain === domain)) return err("there_already")
      return err(there.length >= mostDomains ? "too_many" : "not_yours")
    }
    await writeAudit(tx, {
      organizationId,
      actorUserId: userId,
      act: "domain.added",
      target: domain,
      clientAddress: requester.clientAddress,
    })
    return ok({ domain })
  })
}

/**
 * Stops people of this domain from joining, at once. Who has joined stays. Fails with `not_found` for one that is not there, and
 * with `changed` when the person may not do so any more.
 */
export async function removeDomain(
  membership: Membership,
  domain: string,
  requester: Requester,
): Promise<Result<void, "not_found" | "changed">> {
  const { organizationId, userId } = membership
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "security.manage"))) return err("changed")
    const removed = await tx.joinableDomain.deleteMany({ where: { organizationId, domain } })
    if (removed.count === 0) return err("not_found")
    await writeAudit(tx, {
      organizationId,
      actorUserId: userId,
      act: "domain.removed",
      target: domain,
      clientAddress: requester.clientAddress,
    })
    return ok()
  })
}

/**
 * The organisation's domains by name, and by whom each was added, as far as that account is there. `waits`: nobody joins by it
 * until an owner has an address of it again.
 */
export async function listDomains({ organizationId }: Membership) {
  const rows = await db().joinableDomain.findMany({ where: { organizationId }, orderBy: { domain: "asc" } })
  const adders = await db().user.findMany({
    where: { id: { in: rows.flatMap(row => row.addedById ?? []) } },
    select: { id: true, name: true, emailTyped: true },
  })
  const counting = new Set(vouchedFor.all(organizationId).map(row => row.domain))
  return rows.map(({ domain, addedById, createdAt }) => {
    const adder = adders.find(({ id }) => id === addedById)
    const addedBy = adder && (adder.name || adder.emailTyped)
    return { domain, addedBy, createdAt, waits: !counting.has(domain) }
  })
}
