import { isLive } from "~/domain/billing/access"
import type { Membership } from "~/domain/organizations/memberships.server"
import { membershipsOf } from "~/domain/organizations/memberships.server"
import { can } from "~/domain/organizations/roles"
import { db } from "~/platform/db.server"

/** The organisations a person may buy a plan for: they manage its billing, and it has none that goes on. The one used last first. */
export async function organizationsToBuyFor(userId: string): Promise<Membership[]> {
  const managed = (await membershipsOf(userId)).filter(({ role }) => can(role, "billing.manage"))
  const rows = await db().subscription.findMany({
    where: { organizationId: { in: managed.map(({ organizationId }) => organizationId) } },
    select: { organizationId: true, status: true },
  })
  const provided = new Set(rows.filter(row => isLive(row.status)).map(row => row.organizationId))
  return managed.filter(({ organizationId }) => !provided.has(organizationId))
}

/** What was typed when a purchase was begun, for a form that is opened again. Undefined once it is paid, and for no purchase. */
export async function typedBefore(
  checkoutId: string | undefined,
): Promise<{ businessName: string; email: string } | undefined> {
  if (!checkoutId) return undefined
  const begun = await db().checkout.findUnique({ where: { id: checkoutId } })
  if (!begun || begun.provisionedAt || begun.organizationId) return undefined
  return { businessName: begun.businessName, email: begun.emailTyped }
}
