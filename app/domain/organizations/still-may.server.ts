import type { Membership } from "~/domain/organizations/memberships.server"
import { actsWhileArchived, canHere, type Permission } from "~/domain/organizations/roles"
import type { Client } from "~/platform/db.server"

/**
 * Whether the one who acts still may, at the moment of the write. A `Membership` says what was so when the request began;
 * between that and the write somebody may have removed or demoted the person, shut them out, or archived the organisation.
 * Every function that changes an organisation asks this inside its transaction, which lets no other write in between. Also
 * false for someone whose role is another one by now: what they may hand out was reckoned by the former. In an archived organisation only
 * `actsWhileArchived` go on.
 */
export async function stillMay(
  client: Client,
  { id, role, held }: Membership,
  permission: Permission,
): Promise<boolean> {
  const row = await client.membership.findFirst({
    where: {
      id,
      role: held,
      user: { disabledAt: null },
      ...(!actsWhileArchived.includes(permission) && { organization: { archivedAt: null } }),
    },
    select: { organization: { select: { adminsManageBilling: true } } },
  })
  return row !== null && canHere(role, permission, row.organization)
}
