import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { InvoiceObject, PaymentIntentObject, SessionObject } from "../objects"
import { collectionFailed, settle } from "./collecting"
import { setWorks } from "./payment-methods"
import { failPayment, succeedPayment } from "./payments"

/** A bank debit arrives or comes back, days after the session was completed. */
export function endDebit(ledger: Ledger, session: SessionObject, arrived: boolean): void {
  if (session.status !== "complete" || session.payment_status !== "unpaid") {
    throw refused("No bank debit is under way for this Checkout Session.")
  }
  const invoice = ledger.invoices.get(session.invoice)
  const intent = intentOf(ledger, session, invoice)
  if (arrived) {
    session.payment_status = "paid"
    succeedPayment(ledger, intent)
    if (invoice) settle(ledger, invoice)
    ledger.emit("checkout.session.async_payment_succeeded", session)
    return
  }
  failPayment(ledger, intent)
  if (invoice) collectionFailed(ledger, invoice)
  const method = ledger.paymentMethods.get(intent.payment_method)
  if (method) setWorks(ledger, method, false)
  ledger.emit("checkout.session.async_payment_failed", session)
}

function intentOf(
  ledger: Ledger,
  session: SessionObject,
  invoice: InvoiceObject | undefined,
): PaymentIntentObject {
  const id = session.payment_intent ?? ledger.invoiceFacts.get(invoice?.id)?.paymentIntent
  return ledger.paymentIntents.require(id ?? "")
}
