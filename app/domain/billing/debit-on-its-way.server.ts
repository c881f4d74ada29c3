import { db } from "~/platform/db.server"

/** The purchase of an organisation that a bank debit is under way for, which takes days: a second one would be charged as well. */
export async function debitOnItsWay(
  organizationId: string,
): Promise<{ plan: string; sessionId: string } | undefined> {
  const row = await db().checkout.findFirst({
    where: { organizationId, state: "on_its_way" },
    orderBy: { createdAt: "desc" },
  })
  return row?.stripeSessionId ? { plan: row.plan, sessionId: row.stripeSessionId } : undefined
}
