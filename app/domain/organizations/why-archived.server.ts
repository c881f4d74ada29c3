import type { ArchivedView } from "~/domain/organizations/archived"
import { isHoldReason } from "~/domain/organizations/hold-reasons"
import type { Membership } from "~/domain/organizations/memberships.server"
import { mayHere } from "~/domain/organizations/roles"
import { db } from "~/platform/db.server"

/** Owners named to somebody who stands before an archived organisation. */
const mostNamed = 5

/** Why this member's organisation is archived and whom they can ask [O8]; undefined when it is not, or has been erased since. */
export async function whyArchived(membership: Membership): Promise<ArchivedView | undefined> {
  const { organizationId, organization, role } = membership
  if (!organization.archivedAt) return undefined
  const row = await db().organization.findUnique({
    where: { id: organizationId },
    select: {
      eraseAt: true,
      holds: { orderBy: { at: "asc" } },
      memberships: {
        where: { role: "owner", user: { disabledAt: null } },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        take: mostNamed,
        select: { user: { select: { name: true, emailTyped: true } } },
      },
    },
  })
  if (!row) return undefined
  const { holds, memberships, eraseAt } = row
  const closer = holds.find(({ because }) => because === "closing")?.byUserId
  const by = closer ? await db().user.findUnique({ where: { id: closer } }) : null
  return {
    organization: { slug: organization.slug, name: organization.name },
    role,
    mayPay: mayHere(membership, "billing.manage"),
    holds: holds.flatMap(({ because, at, note }) =>
      isHoldReason(because)
        ? { because, at, note, by: because === "closing" && by ? by.name || by.emailTyped : undefined }
        : [],
    ),
    eraseAt,
    owners: memberships.map(({ user }) => ({ name: user.name, email: user.emailTyped })),
  }
}
