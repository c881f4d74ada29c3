import { z } from "zod"
import { collect } from "../billing/collecting"
import { newestMethod } from "../billing/payment-methods"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { InvoiceObject, PaymentIntentObject } from "../objects"
import { control } from "./control"

function openPayment(
  ledger: Ledger,
  customer: string,
): { invoice: InvoiceObject; intent: PaymentIntentObject } {
  const invoice = ledger.invoices.filter(row => row.customer === customer && row.status === "open").at(-1)
  const intent = ledger.paymentIntents.get(ledger.invoiceFacts.get(invoice?.id)?.paymentIntent)
  if (!invoice || !intent) throw refused("Nothing of this customer's waits to be paid.")
  return { invoice, intent }
}

export const confirmingControls = {
  /**
   * The bank wants the payer to confirm a payment that did not go through (3-D Secure).
   * Source: https://docs.stripe.com/billing/subscriptions/overview#requires-action
   */
  askForConfirmation: control(z.strictObject({ customer: z.string() }), ({ ledger }, { customer }) => {
    const { invoice, intent } = openPayment(ledger, customer)
    intent.status = "requires_action"
    intent.last_payment_error = null
    intent.next_action = { type: "use_stripe_sdk", use_stripe_sdk: {} }
    ledger.emit("payment_intent.requires_action", intent)
    ledger.emit("invoice.payment_action_required", invoice)
    return invoice
  }),
  /** From now on the bank wants a change of plan through the API confirmed; who pays on Stripe's pages confirms it there. */
  cardAsks: control(z.strictObject({ customer: z.string() }), ({ ledger }, { customer }) => {
    const method = newestMethod(ledger, customer)
    if (!method) throw refused("This customer has no way of paying.")
    ledger.paymentMethodFacts.put({ id: method.id, works: true, asks: true })
  }),
  /** The payer confirms it, and the money comes. */
  confirmPayment: control(z.strictObject({ customer: z.string() }), ({ ledger }, { customer }) => {
    const { invoice, intent } = openPayment(ledger, customer)
    intent.next_action = null
    collect(ledger, invoice)
    return invoice
  }),
}
