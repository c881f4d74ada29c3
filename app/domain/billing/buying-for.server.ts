import { isLive } from "~/domain/billing/access"
import { beingClosed } from "~/domain/billing/closing.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { membershipsOf } from "~/domain/organizations/memberships.server"
import { mayHere } from "~/domain/organizations/roles"
import { db } from "~/platform/db.server"

const waiting = { some: { state: "on_its_way" } }
const byOperator = { some: { because: "operator" } }

/**
 * The organisations a person may buy a plan for: they manage its billing, it has none that goes on and none is on its way, no
 * operator archived it, and nobody wants it closed. The one used last first.
 */
export async function organizationsToBuyFor(userId: string): Promise<Membership[]> {
  const managed = (await membershipsOf(userId)).filter(one => mayHere(one, "billing.manage"))
  const ids = managed.map(({ organizationId }) => organizationId)
  const rows = await db().subscription.findMany({
    where: { organizationId: { in: ids } },
    select: { organizationId: true, status: true },
  })
  const refused = await db().organization.findMany({
    where: { id: { in: ids }, OR: [beingClosed, { checkouts: waiting }, { holds: byOperator }] },
    select: { id: true },
  })
  const provided = rows.filter(row => isLive(row.status)).map(row => row.organizationId)
  const left = new Set([...provided, ...refused.map(row => row.id)])
  return managed.filter(({ organizationId }) => !left.has(organizationId))
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
