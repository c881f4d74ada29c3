import type { SessionFacts } from "../facts"
import type { Ledger } from "../ledger"
import type { CustomerObject, InvoiceObject, SessionObject } from "../objects"
import { settle } from "./collecting"
import { redeemOn } from "./discounts"
import { oneTimeLine } from "./invoice-lines"
import { createInvoice, finalizeInvoice } from "./invoices"
import { createPaymentIntent } from "./payment-objects"
import { processPayment, succeedPayment } from "./payments"

/** Pays for a session in payment mode, with an invoice if it asked for one. */
export function payOnce(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  customer: CustomerObject | undefined,
  method: string,
  how: { way: "card" | "bank_debit" },
): void {
  const discounts = redeemOn(ledger, session, facts, null)
  const invoice = facts.invoiceCreation ? invoiceForOnce(ledger, session, facts, customer, discounts) : null
  if (session.amount_total !== 0) {
    const intent = createPaymentIntent(ledger, {
      customer: customer?.id ?? null,
      amount: session.amount_total ?? 0,
      currency: session.currency ?? "usd",
      description: null,
      metadata: facts.paymentIntentMetadata,
      kind: how.way === "card" ? "card" : "us_bank_account",
      paymentMethod: method,
      email: session.customer_details?.email ?? null,
    })
    session.payment_intent = intent.id
    if (invoice) ledger.invoiceFacts.require(invoice.id).paymentIntent = intent.id
    if (how.way === "card") succeedPayment(ledger, intent)
    else processPayment(ledger, intent)
  }
  if (invoice && session.payment_status !== "unpaid") settle(ledger, invoice)
}

function invoiceForOnce(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  customer: CustomerObject | undefined,
  discounts: string[],
): InvoiceObject {
  const now = ledger.now(customer?.id)
  const invoice = createInvoice(ledger, {
    customer: customer?.id ?? null,
    subscription: null,
    currency: session.currency ?? "usd",
    reason: "manual",
    lines: facts.lineItems.map(item => oneTimeLine(ledger, item.price, item.quantity ?? 1, now)),
    discounts,
    metadata: facts.invoiceMetadata,
    email: session.customer_details?.email ?? null,
    automaticTax: session.automatic_tax.enabled,
  })
  session.invoice = invoice.id
  finalizeInvoice(ledger, invoice)
  return invoice
}
