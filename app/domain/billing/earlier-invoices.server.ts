import { z } from "zod"
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import { receiptFor } from "~/domain/billing/receipts.server"
import { transaction } from "~/platform/db.server"
import { defineJob } from "~/platform/jobs.server"
import { isStripeSetUp, stripe } from "~/platform/stripe.server"

/**
 * Keeps the invoices a subscription had before it was known here. The hourly round passes by those of strangers and does not come
 * back: without this, a purchase that was found late would lack them, and their receipts.
 */
export const keepEarlierInvoices = defineJob({
  kind: "stripe.earlier-invoices",
  payload: z.object({ subscriptionId: z.string() }),
  run: async ({ subscriptionId: subscription }) => {
    if (!isStripeSetUp()) return
    for await (const invoice of stripe().invoices.list({ subscription, limit: 100 })) {
      await transaction(async tx => {
        await keepInvoice(tx, invoice)
        await receiptFor(tx, invoice.id ?? "")
      })
    }
  },
})
