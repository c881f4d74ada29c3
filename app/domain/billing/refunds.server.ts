import { ignored, type Prepared } from "~/domain/billing/effect.server"
import { invoicePaidBy } from "~/domain/billing/invoice-paid-by.server"
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import { now } from "~/platform/clock.server"
import { stripe } from "~/platform/stripe.server"

/** What was sent back of a charge, noted at the invoice it paid: invoices themselves say nothing of it. */
export async function prepareRefund(chargeId: string): Promise<Prepared> {
  const { payment_intent, amount_refunded } = await stripe().charges.retrieve(chargeId)
  const invoice = await invoicePaidBy(payment_intent)
  if (!invoice) return ignored("not for an invoice")
  return async tx => {
    const organizationId = await keepInvoice(tx, invoice)
    if (!organizationId) return { state: "ignored", effect: "not an invoice of ours" }
    await tx.invoice.updateMany({
      where: { id: invoice.id, amountRefunded: { lt: amount_refunded } },
      data: { amountRefunded: amount_refunded, syncedAt: now() },
    })
    return { state: "done", effect: "refund noted at its invoice", organizationId }
  }
}
