import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { ChargeObject, DisputeObject } from "../objects"

/**
 * The customer asked their bank for the money back, or, as an inquiry, only what it was for: then no money moves.
 * Source: https://docs.stripe.com/disputes/how-disputes-work
 */
export function disputeCharge(
  ledger: Ledger,
  charge: ChargeObject,
  reason: string,
  inquiry = false,
): DisputeObject {
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
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    network_reason_code: "83",
    payment_intent: charge.payment_intent,
    reason,
    status: inquiry ? "warning_needs_response" : "needs_response",
  })
  ledger.emit("charge.dispute.created", dispute)
  if (!inquiry) ledger.emit("charge.dispute.funds_withdrawn", dispute)
  return dispute
}

/** Answers the bank, which then looks at it. */
export function answerDispute(ledger: Ledger, dispute: DisputeObject, submit: boolean): DisputeObject {
  if (isClosed(dispute)) throw refused("This dispute is already closed.")
  if (dispute.evidence_details.submission_count > 0 && submit)
    throw refused("This dispute has already been submitted and can no longer be changed.")
  return ledger.change("charge.dispute.updated", dispute, row => {
    row.evidence_details.has_evidence = true
    if (!submit) return
    row.evidence_details.submission_count += 1
    row.status = row.status.startsWith("warning") ? "warning_under_review" : "under_review"
  })
}

/** The bank decided. A dispute that is won gives the money back; an inquiry just ends, or becomes a dispute. */
export function closeDispute(ledger: Ledger, dispute: DisputeObject, won: boolean): DisputeObject {
  if (isClosed(dispute)) throw refused("This dispute is already closed.")
  const inquiry = dispute.status.startsWith("warning")
  if (inquiry && !won) {
    ledger.change("charge.dispute.updated", dispute, row => {
      row.status = "needs_response"
      row.is_charge_refundable = false
    })
    ledger.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute
  }
  dispute.status = inquiry ? "warning_closed" : won ? "won" : "lost"
  ledger.emit("charge.dispute.closed", dispute)
  if (won && !inquiry) ledger.emit("charge.dispute.funds_reinstated", dispute)
  return dispute
}

const isClosed = ({ status }: DisputeObject) => ["won", "lost", "warning_closed"].includes(status)

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
