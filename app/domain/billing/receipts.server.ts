/**
 * Receipts [B14]: one for each invoice that is paid, by our copy of it, whichever way we learnt of the payment. The first invoice
 * of a purchase has none: whoever buys gets one mail, and it leads to everything else. One conditional write on that copy decides,
 * so that two looks at once mail one.
 */
import { mailReceipt } from "~/domain/billing/billing-mails.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, type Tx, transaction } from "~/platform/db.server"

const day = 24 * 60 * 60 * 1000
/** Days after which a receipt is no news, however late we hear of the payment. */
const newsDays = 120

/** Stripe's word for the invoice of a purchase. https://docs.stripe.com/api/invoices/object#invoice_object-billing_reason */
const purchase = "subscription_create"

const due = () => ({
  status: "paid",
  amountPaid: { gt: 0 },
  receiptedAt: null,
  // One that was kept before its reason was known has null, and gets none.
  reason: { not: purchase },
  createdAt: { gt: fromNow(-newsDays * day) },
})

/** Mails the receipt of this invoice if it is due, in the transaction that keeps it. */
export async function receiptFor(tx: Tx, id: string): Promise<void> {
  const taken = await tx.invoice.updateMany({ where: { id, ...due() }, data: { receiptedAt: now() } })
  if (taken.count > 0) await mailReceipt(tx, await tx.invoice.findUniqueOrThrow({ where: { id } }))
}

/** Mails the receipts that are missing. Runs on a schedule; a second run mails nothing more. */
export async function mailMissingReceipts(): Promise<void> {
  const missing = await db().invoice.findMany({ where: due(), select: { id: true } })
  for (const { id } of missing) await transaction(tx => receiptFor(tx, id))
}
