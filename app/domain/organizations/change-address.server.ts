/**
 * A new address for an organisation [O12]. One conditional write decides: it succeeds if the organisation still has the address
 * the change began from, and nobody has the new one, neither now nor as a former address that still leads to them. The address
 * given up is kept as a former one in the same transaction, so that there is no moment at which it leads nowhere.
 */
import type { Requester } from "~/domain/accounts/requester"
import { mostFormerAddresses } from "~/domain/organizations/former-addresses.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { stillMay } from "~/domain/organizations/still-may.server"
import { err, ok, type Result } from "~/lib/result"
import { writeAudit } from "~/platform/audit-log.server"
import { now } from "~/platform/clock.server"
import { type Tx, transaction } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { defineLimit, type TooMany } from "~/platform/rate-limit.server"

const day = 24 * 60 * 60

/** People learn an address by heart; whoever changes it more often is collecting addresses. */
const changes = defineLimit({ name: "address-changes", points: () => 3, seconds: day, durable: true })

/** Each refusal tells that somebody has the address: enough to find a free one, too little to look for others'. */
const attempts = defineLimit({ name: "address-attempts", points: () => 20, seconds: day, durable: true })

export type AddressRefusal = "same" | "taken" | "changed" | TooMany

const move = joiningStatement<[{ id: string; from: string; to: string; at: number }]>(`
  UPDATE Organization SET slug = @to, updatedAt = @at
  WHERE id = @id AND slug = @from
    AND NOT EXISTS (SELECT 1 FROM Organization WHERE slug = @to)
    AND NOT EXISTS (SELECT 1 FROM SlugRedirect WHERE slug = @to AND organizationId <> @id)`)

/**
 * Moves the organisation to another slug, which must have passed `OrganizationAddress`. Links to the old one lead its members to
 * the new one, and so do the latest five before it. Fails with `same`, with `taken` (or when another change was faster), with
 * `changed` when the person may not do so any more, or after three changes in a day.
 */
export async function changeAddress(
  membership: Membership,
  slug: string,
  requester: Requester,
): Promise<Result<{ slug: string }, AddressRefusal>> {
  const { organizationId: id, organization } = membership
  const from = organization.slug
  if (slug === from) return err("same")
  const tried = await attempts.consume(id)
  const allowed = tried.ok ? await changes.consume(id) : tried
  if (!allowed.ok) return err(allowed.error)
  const moved = await transaction(async tx => {
    if (!(await stillMay(tx, membership, "organization.change_address"))) return "changed"
    if ((await move.run(tx, { id, from, to: slug, at: +now() })) === 0) return "taken"
    await leaveBehind(tx, id, { from, to: slug })
    await writeAudit(tx, {
      organizationId: id,
      actorUserId: membership.userId,
      act: "organization.address_changed",
      target: id,
      detail: { from, to: slug },
      clientAddress: requester.clientAddress,
    })
    return "moved"
  })
  if (moved === "moved") return ok({ slug })
  await changes.reward(id)
  return err(moved)
}

async function leaveBehind(tx: Tx, organizationId: string, { from, to }: { from: string; to: string }) {
  await tx.slugRedirect.deleteMany({ where: { slug: to, organizationId } })
  await tx.slugRedirect.create({ data: { slug: from, organizationId, createdAt: now() } })
  const tooMany = await tx.slugRedirect.findMany({
    where: { organizationId },
    orderBy: [{ createdAt: "desc" }, { slug: "asc" }],
    skip: mostFormerAddresses,
  })
  await tx.slugRedirect.deleteMany({
    where: { organizationId, slug: { in: tooMany.map(row => row.slug) } },
  })
}
