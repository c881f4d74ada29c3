import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { ChargeObject, PaymentIntentObject, RefundObject } from "../objects"
import { createCharge } from "./payment-objects"

/** The money arrived: at once with a card, or when a bank debit that was under way settles. */
export function succeedPayment(ledger: Ledger, intent: PaymentIntentObject): void {
  const pending = ledger.charges.find(row => row.id === intent.latest_charge && row.status === "pending")
  const charge = pending ?? createCharge(ledger, intent, "succeeded")
  charge.status = "succeeded"
  charge.paid = true
  charge.amount_captured = intent.amount
  charge.balance_transaction ??= newId("txn")
  intent.status = "succeeded"
  intent.amount_received = intent.amount
  intent.last_payment_error = null
  intent.processing = null
  ledger.emit("charge.succeeded", charge)
  ledger.emit("payment_intent.succeeded", intent)
}

/** The bank has the order and will answer in some days. */
export function processPayment(ledger: Ledger, intent: PaymentIntentObject): void {
  const charge = createCharge(ledger, intent, "pending")
  intent.status = "processing"
  ledger.emit("payment_intent.processing", intent)
  ledger.emit("charge.pending", charge)
}

/** The card was declined, or the bank debit came back. The same payment may be tried again. */
export function failPayment(ledger: Ledger, intent: PaymentIntentObject): void {
  const pending = ledger.charges.find(row => row.id === intent.latest_charge && row.status === "pending")
  const charge = pending ?? createCharge(ledger, intent, "failed")
  charge.status = "failed"
  charge.paid = false
  charge.failure_code ??= "insufficient_funds"
  charge.failure_message ??= "The customer's account has insufficient funds to cover this payment."
  intent.status = "requires_payment_method"
  intent.last_payment_error = {
    type: "card_error",
    charge: charge.id,
    code: charge.failure_code === "card_declined" ? "card_declined" : "payment_method_provider_decline",
    decline_code: charge.failure_code === "card_declined" ? "generic_decline" : "insufficient_funds",
    message: charge.failure_message,
  }
  ledger.emit("charge.failed", charge)
  ledger.emit("payment_intent.payment_failed", intent)
}

/** Gives money back, all that is left of it unless an amount is named. */
export function refundCharge(
  ledger: Ledger,
  charge: ChargeObject,
  given: {
    amount?: number | undefined
    reason?: string | undefined
    metadata?: Record<string, string> | null | undefined
  },
): RefundObject {
  const left = charge.amount - charge.amount_refunded
  const amount = given.amount ?? left
  if (charge.status !== "succeeded")
    throw refused("This charge has not succeeded and cannot be refunded.", "charge")
  if (ledger.disputes.find(row => row.charge === charge.id && !row.is_charge_refundable))
    throw refused(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      "charge",
      "charge_disputed",
    )
  if (left === 0)
    throw refused(`Charge ${charge.id} has already been refunded.`, "charge", "charge_already_refunded")
  if (amount <= 0 || amount > left) {
    throw refused(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, "amount")
  }
  const refund = ledger.refunds.put({
    id: newId("re"),
    object: "refund",
    amount,
    balance_transaction: newId("txn"),
    charge: charge.id,
    created: ledger.now(charge.customer),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: given.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: given.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  })
  ledger.emit("refund.created", refund)
  ledger.change("charge.refunded", charge, row => {
    row.amount_refunded += amount
    row.refunded = row.amount_refunded === row.amount
  })
  return refund
}
