import { ignored, type Prepared } from "~/domain/billing/effect.server"
import { idOf } from "~/domain/billing/snapshot.server"
import { prepareSync } from "~/domain/billing/sync.server"
import { stripe } from "~/platform/stripe.server"

/** An invoice only says that its subscription may have changed; the plan is never read from its lines [B9]. Throws Stripe's errors. */
export async function prepareInvoice(invoiceId: string): Promise<Prepared> {
  const invoice = await stripe().invoices.retrieve(invoiceId)
  const subscription = invoice.parent?.subscription_details?.subscription
  return subscription ? prepareSync(idOf(subscription)) : ignored("not for a subscription")
}
