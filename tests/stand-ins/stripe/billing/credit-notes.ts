import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import {
  type ChargeObject,
  type CreditNoteLineObject,
  type CreditNoteObject,
  type InvoiceObject,
  listOf,
} from "../objects"
import { settle } from "./collecting"
import { refundCharge } from "./payments"

export interface NewCreditNote {
  invoice: string
  amount?: number | undefined
  refund_amount?: number | undefined
  credit_amount?: number | undefined
  out_of_band_amount?: number | undefined
  reason?: string | undefined
  memo?: string | undefined
  metadata?: Record<string, string> | null | undefined
}

/**
 * Takes back part of an invoice. An open one is owed less; for a paid one the money goes back to the card, to the
 * customer's balance, or was given outside of Stripe. Source: https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
 */
export function createCreditNote(ledger: Ledger, given: NewCreditNote): CreditNoteObject {
  const invoice = ledger.invoices.require(given.invoice, "invoice")
  const amount = given.amount ?? 0
  check(ledger, invoice, given, amount)
  const post = invoice.status === "paid" ? amount : 0
  const charge = given.refund_amount ? chargeOf(ledger, invoice) : undefined
  const refund = charge && refundCharge(ledger, charge, { amount: given.refund_amount })
  const earlier = ledger.creditNotes.filter(row => row.invoice === invoice.id).length
  const id = newId("cn")
  const note = ledger.creditNotes.put({
    id,
    object: "credit_note",
    amount,
    amount_shipping: 0,
    created: ledger.now(invoice.customer),
    currency: invoice.currency,
    customer: invoice.customer ?? "",
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: ledger.now(invoice.customer),
    invoice: invoice.id,
    lines: listOf([lineOf(amount)], `/v1/credit_notes/${id}/lines`),
    livemode: false,
    memo: given.memo ?? null,
    metadata: given.metadata ?? {},
    number: `${invoice.number}-CN-${String(earlier + 1).padStart(2, "0")}`,
    out_of_band_amount: given.out_of_band_amount ?? null,
    pdf: `${ledger.settings.baseUrl}/i/${invoice.id}/pdf`,
    post_payment_amount: post,
    pre_payment_amount: amount - post,
    pretax_credit_amounts: [],
    reason: given.reason ?? null,
    refunds: refund
      ? [{ amount_refunded: refund.amount, payment_record_refund: null, refund: refund.id, type: "refund" }]
      : [],
    shipping_cost: null,
    status: "issued",
    subtotal: amount,
    subtotal_excluding_tax: amount,
    total: amount,
    total_excluding_tax: amount,
    total_taxes: [],
    type: post > 0 ? "post_payment" : "pre_payment",
    voided_at: null,
  })
  const customer = ledger.customers.get(invoice.customer)
  if (customer && given.credit_amount) customer.balance -= given.credit_amount
  ledger.change("invoice.updated", invoice, row => {
    row.post_payment_credit_notes_amount += post
    row.pre_payment_credit_notes_amount += amount - post
    if (post > 0) return
    row.amount_due -= amount
    row.amount_remaining -= amount
  })
  ledger.emit("credit_note.created", note)
  if (invoice.status === "open" && invoice.amount_remaining === 0) settle(ledger, invoice)
  return note
}

function check(ledger: Ledger, invoice: InvoiceObject, given: NewCreditNote, amount: number): void {
  if (invoice.status !== "open" && invoice.status !== "paid")
    throw refused("You can only create a credit note for an open or a paid invoice.", "invoice")
  if (amount <= 0) throw refused("Missing required param: amount.", "amount", "parameter_missing")
  const taken = ledger.creditNotes
    .filter(row => row.invoice === invoice.id && row.status === "issued")
    .reduce((sum, row) => sum + row.amount, 0)
  if (invoice.status === "open" && amount > invoice.amount_remaining)
    throw refused("The credit note amount is greater than the amount remaining on the invoice.", "amount")
  if (invoice.status === "open") return
  if (amount > invoice.amount_paid - taken)
    throw refused("The credit note amount is greater than the amount paid on the invoice.", "amount")
  const back = (given.refund_amount ?? 0) + (given.credit_amount ?? 0) + (given.out_of_band_amount ?? 0)
  if (back !== amount)
    throw refused(
      `The sum of credit amount, refund amount and out of band amount (${back}) must equal the credit note amount (${amount}).`,
    )
}

function chargeOf(ledger: Ledger, invoice: InvoiceObject): ChargeObject {
  const intent = ledger.paymentIntents.get(ledger.invoiceFacts.get(invoice.id)?.paymentIntent)
  const charge = ledger.charges.get(typeof intent?.latest_charge === "string" ? intent.latest_charge : null)
  if (!charge) throw refused("This invoice was not paid by a charge that could be refunded.", "refund_amount")
  return charge
}

function lineOf(amount: number): CreditNoteLineObject {
  return {
    id: newId("cnli"),
    object: "credit_note_line_item",
    amount,
    description: "Credit",
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: 1,
    tax_rates: [],
    taxes: [],
    type: "custom_line_item",
    unit_amount: amount,
    unit_amount_decimal: String(amount),
  }
}

/** Takes a credit note back; the invoice is owed again what it lowered. */
export function voidCreditNote(ledger: Ledger, note: CreditNoteObject): CreditNoteObject {
  if (note.status === "void") throw refused("This credit note is already void.")
  if (note.type === "post_payment") throw refused("You can only void a credit note of an open invoice.")
  const invoice = ledger.invoices.require(String(note.invoice))
  if (invoice.status === "open") {
    invoice.amount_due += note.amount
    invoice.amount_remaining += note.amount
    invoice.pre_payment_credit_notes_amount -= note.amount
  }
  return ledger.change("credit_note.voided", note, row => {
    row.status = "void"
    row.voided_at = ledger.now(invoice.customer)
  })
}
