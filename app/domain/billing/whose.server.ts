import type { Client } from "~/platform/db.server"

/** Whose subscription or payment page this object of Stripe's is, by its id; null when it concerns nobody here. */
export async function organizationOfObject(client: Client, id: string): Promise<string | null> {
  const subscription = await client.subscription.findUnique({ where: { stripeSubscriptionId: id } })
  const concerned = subscription ?? (await client.checkout.findUnique({ where: { stripeSessionId: id } }))
  return concerned?.organizationId ?? null
}
