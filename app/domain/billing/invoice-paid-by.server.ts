import type Stripe from "stripe"
import { idOf } from "~/domain/billing/snapshot.server"
import { stripe } from "~/platform/stripe.server"

/**
 * The invoice that a payment was for; undefined when it was for none. Throws Stripe's errors.
 * Source: https://docs.stripe.com/api/invoice-payment
 */
export async function invoicePaidBy(
  intent: string | Stripe.PaymentIntent | null,
): Promise<Stripe.Invoice | undefined> {
  if (!intent) return undefined
  const paid = await stripe().invoicePayments.list({
    payment: { type: "payment_intent", payment_intent: idOf(intent) },
    limit: 1,
  })
  const [payment] = paid.data
  return payment && stripe().invoices.retrieve(idOf(payment.invoice))
}
