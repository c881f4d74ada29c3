import { newId, randomText } from "../ids"
import type { Ledger } from "../ledger"
import type { ChargeObject, PaymentIntentObject, PaymentMethodObject } from "../objects"

export type PaymentKind = "card" | "us_bank_account"

const CARD_LAST4 = { works: "4242", declines: "0341" }

/** The customer's way of paying: a Visa test card or a bank account, attached to them if there is one. */
export function addPaymentMethod(
  ledger: Ledger,
  kind: PaymentKind,
  owner: { customer: string | null; email: string | null; name: string | null; works: boolean },
): PaymentMethodObject {
  const method = ledger.paymentMethods.put({
    id: newId("pm"),
    object: "payment_method",
    billing_details: { address: null, email: owner.email, name: owner.name, phone: null, tax_id: null },
    created: ledger.now(owner.customer),
    customer: owner.customer,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: kind,
    ...(kind === "card" ? { card: cardDetails(owner.works) } : {}),
  })
  ledger.paymentMethodFacts.put({ id: method.id, works: owner.works })
  if (owner.customer) ledger.emit("payment_method.attached", method)
  return method
}

function cardDetails(works: boolean): NonNullable<PaymentMethodObject["card"]> {
  return {
    brand: "visa",
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    display_brand: "visa",
    exp_month: 12,
    exp_year: 2034,
    fingerprint: randomText(16),
    funding: "credit",
    generated_from: null,
    last4: works ? CARD_LAST4.works : CARD_LAST4.declines,
    networks: { available: ["visa"], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  }
}

export interface NewPayment {
  customer: string | null
  amount: number
  currency: string
  description: string | null
  metadata: Record<string, string>
  kind: PaymentKind
  paymentMethod: string | null
  email: string | null
}

/** A payment that waits to be attempted. */
export function createPaymentIntent(ledger: Ledger, given: NewPayment): PaymentIntentObject {
  const id = newId("pi")
  const intent = ledger.paymentIntents.put({
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: given.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: `${id}_secret_${randomText(24)}`,
    confirmation_method: "automatic",
    created: ledger.now(given.customer),
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    description: given.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: given.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: given.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [given.kind],
    payment_record: null,
    processing: null,
    receipt_email: given.email,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_confirmation",
    transfer_data: null,
    transfer_group: null,
  })
  ledger.emit("payment_intent.created", intent)
  return intent
}

/** One attempt to take the money, successful, declined, or (for a bank debit) under way. */
export function createCharge(
  ledger: Ledger,
  intent: PaymentIntentObject,
  outcome: "succeeded" | "failed" | "pending",
): ChargeObject {
  const failed = outcome === "failed"
  const method = ledger.paymentMethods.get(intent.payment_method)
  const charge = ledger.charges.put({
    id: newId(method?.type === "us_bank_account" ? "py" : "ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: outcome === "succeeded" ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: outcome === "succeeded" ? newId("txn") : null,
    billing_details: method?.billing_details ?? {
      address: null,
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: ledger.settings.appName.toUpperCase().slice(0, 22),
    captured: !failed,
    created: ledger.now(intent.customer),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failed ? "card_declined" : null,
    failure_message: failed ? "Your card was declined." : null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: {
      advice_code: failed ? "try_again_later" : null,
      network_advice_code: null,
      network_decline_code: failed ? "05" : null,
      network_status: failed ? "declined_by_network" : "approved_by_network",
      reason: failed ? "generic_decline" : null,
      risk_level: "normal",
      seller_message: failed
        ? "The bank did not return any further details with this decline."
        : "Payment complete.",
      type: failed ? "issuer_declined" : "authorized",
    },
    paid: outcome === "succeeded",
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    payment_method_details: { type: method?.type ?? "card" },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: outcome,
    transfer_data: null,
    transfer_group: null,
  })
  intent.latest_charge = charge.id
  return charge
}
