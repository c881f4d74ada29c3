import { startCheckout } from "~/domain/billing/checkout.server"
import { db } from "~/platform/db.server"

/** Opens the checkout of the plan that the seeded world's first company has, the way its owner would. Returns the session. */
export async function orderSeededPlan(): Promise<string> {
  const { organization, user } = await db().membership.findFirstOrThrow({
    where: { role: "owner", organization: { slug: "acme" } },
    include: { organization: true, user: true },
  })
  const started = await startCheckout({
    plan: "professional",
    interval: "month",
    email: user.email,
    businessName: organization.name,
    organizationId: organization.id,
    userId: user.id,
    requester: { clientAddress: "127.0.0.1", userAgent: "" },
  })
  if (!started.ok) throw new Error(`The seeded plan could not be ordered: ${started.error.code}`)
  return started.value.sessionId
}
