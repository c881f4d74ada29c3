import { ignored, type Prepared } from "~/domain/billing/effect.server"
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import { idOf } from "~/domain/billing/snapshot.server"
import { now } from "~/platform/clock.server"
import { stripe } from "~/platform/stripe.server"

/**
 * What was sent back of a charge, noted at the invoice it paid: invoices themselves say nothing of it.
 * Source: https://docs.stripe.com/api/invoice-payment
 */
export async function prepareRefund(chargeId: string): Promise<Prepared> {
  const { payment_intent, amount_refunded } = await stripe().charges.retrieve(chargeId)
  if (!payment_intent) return ignored("not for an invoice")
  const paid = await stripe().invoicePayments.list({
    payment: { type: "payment_intent", payment_intent: idOf(payment_intent) },
    limit: 1,
  })
  const [payment] = paid.data
  if (!payment) return ignored("not for an invoice")
  const id = idOf(payment.invoice)
  const invoice = await stripe().invoices.retrieve(id)
  return async tx => {
    if (!(await keepInvoice(tx, invoice))) return { state: "ignored", effect: "not an invoice of ours" }
    await tx.invoice.updateMany({
      where: { id, amountRefunded: { lt: amount_refunded } },
      data: { amountRefunded: amount_refunded, syncedAt: now() },
    })
    return { state: "done", effect: "refund noted at its invoice" }
  }
}
