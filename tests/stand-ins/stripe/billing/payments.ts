import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { ChargeObject, DisputeObject, PaymentIntentObject, RefundObject } from "../objects"
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

/** The customer asked their bank for the money back. */
export function disputeCharge(ledger: Ledger, charge: ChargeObject, reason: string): DisputeObject {
  if (charge.disputed) throw refused(`Charge ${charge.id} is already disputed.`, "charge")
  if (charge.status !== "succeeded") throw refused("Only a charge that succeeded can be disputed.", "charge")
  charge.disputed = true
  const now = ledger.now(charge.customer)
  const dispute = ledger.disputes.put({
    id: newId("du"),
    object: "dispute",
    amount: charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: now + 7 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    network_reason_code: "83",
    payment_intent: charge.payment_intent,
    reason,
    status: "needs_response",
  })
  ledger.emit("charge.dispute.created", dispute)
  ledger.emit("charge.dispute.funds_withdrawn", dispute)
  return dispute
}

/** The bank decided. A dispute that is won gives the money back. */
export function closeDispute(ledger: Ledger, dispute: DisputeObject, won: boolean): DisputeObject {
  if (dispute.status === "won" || dispute.status === "lost") throw refused("This dispute is already closed.")
  dispute.status = won ? "won" : "lost"
  ledger.emit("charge.dispute.closed", dispute)
  if (won) ledger.emit("charge.dispute.funds_reinstated", dispute)
  return dispute
}

const NO_EVIDENCE: DisputeObject["evidence"] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}
