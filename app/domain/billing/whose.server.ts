import type { Client } from "~/platform/db.server"

/** Whose subscription, payment page, invoice or customer this is, by Stripe's id; null when it concerns nobody here. */
export async function organizationOfObject(client: Client, id: string): Promise<string | null> {
  const select = { organizationId: true }
  const concerned =
    (await client.subscription.findUnique({ where: { stripeSubscriptionId: id }, select })) ??
    (await client.checkout.findUnique({ where: { stripeSessionId: id }, select })) ??
    (await client.invoice.findUnique({ where: { id }, select })) ??
    (await client.subscription.findFirst({ where: { stripeCustomerId: id }, select }))
  return concerned?.organizationId ?? null
}
