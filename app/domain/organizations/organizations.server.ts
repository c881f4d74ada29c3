import type { Requester } from "~/domain/accounts/requester"
import { addMember, type Membership } from "~/domain/organizations/memberships.server"
import { slugCandidates } from "~/domain/organizations/slugs.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { newId } from "~/platform/ids.server"

/**
 * Makes an organisation with its owner, in the caller's transaction, and writes the audit line. The address is made from the
 * name; two founders of one name at once get two addresses, because the unique column decides and the loser tries the next.
 * Names are expected as `OrganizationName` leaves them.
 */
export async function createOrganization(
  tx: Tx,
  founding: { name: string; ownerId: string; requester?: Requester },
): Promise<{ id: string; slug: string }> {
  const { name, ownerId, requester } = founding
  const organization = await claimSlug(tx, name)
  await addMember(tx, { userId: ownerId, organizationId: organization.id, role: "owner" })
  await writeAudit(tx, {
    organizationId: organization.id,
    actorUserId: ownerId,
    act: "organization.created",
    target: organization.id,
    detail: { name, slug: organization.slug },
    clientAddress: requester?.clientAddress,
  })
  return organization
}

/**
 * Changes the name. The address stays: links to it are in use. The same name again writes nothing. Fails with `changed` when the
 * person may not do so any more.
 */
export async function renameOrganization(
  membership: Membership,
  name: string,
  requester: Requester,
): Promise<Result<void, "changed">> {
  const { organizationId: id, organization, userId } = membership
  return transaction(async tx => {
    if (!(await stillMay(tx, membership, "organization.set_up"))) return err("changed")
    const renamed = await tx.organization.updateMany({
      where: { id, name: { not: name } },
      data: { name, updatedAt: now() },
    })
    if (renamed.count === 0) return ok()
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: userId,
      act: "organization.renamed",
      target: id,
      detail: { from: organization.name, to: name },
      clientAddress: requester.clientAddress,
    })
    return ok()
  })
}

/** Remembers this as the organisation the person used last; nobody else notices [O1]. */
export async function switchOrganization(membership: Membership): Promise<void> {
  await db().membership.updateMany({ where: { id: membership.id }, data: { lastUsedAt: now() } })
}

/** Also an address that still leads to another organisation is not free. */
const claim = joiningStatement<[{ id: string; slug: string; name: string; at: number }]>(`
  INSERT INTO Organization (id, slug, name, createdAt, updatedAt)
  SELECT @id, @slug, @name, @at, @at WHERE NOT EXISTS (SELECT 1 FROM SlugRedirect WHERE slug = @slug)
  ON CONFLICT (slug) DO NOTHING`)

/** One write for each candidate tells by its count whether the address was free, without a failed statement in between. */
async function claimSlug(tx: Tx, name: string): Promise<{ id: string; slug: string }> {
  const id = newId()
  for (const slug of slugCandidates(name)) {
    if ((await claim.run(tx, { id, slug, name, at: +now() })) === 1) return { id, slug }
  }
  throw new Error("No free address was found for an organisation after all candidates.")
}
