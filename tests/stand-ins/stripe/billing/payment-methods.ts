import { missing, StripeFailure } from "../errors"
import type { Ledger } from "../ledger"
import type { PaymentMethodObject, SubscriptionObject } from "../objects"
import { addPaymentMethod } from "./payment-objects"

export type CardState = "works" | "declines" | "none"

/** What a payment is taken from: the subscription's own method, else the customer's. Source: https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority */
export function methodFor(
  ledger: Ledger,
  customer: string | null | undefined,
  subscription?: SubscriptionObject | null,
): PaymentMethodObject | undefined {
  const own = subscription?.default_payment_method
  const general = ledger.customers.get(customer)?.invoice_settings.default_payment_method
  return [own, general]
    .map(id => ledger.paymentMethods.get(typeof id === "string" ? id : null))
    .find(row => row !== undefined && row.customer === customer)
}

/** Whether the method a payment would be taken from works. */
export function cardState(
  ledger: Ledger,
  customer: string | null | undefined,
  subscription?: SubscriptionObject | null,
): CardState {
  const method = methodFor(ledger, customer, subscription) ?? newestMethod(ledger, customer)
  if (!method) return "none"
  return isGood(ledger, method) ? "works" : "declines"
}

/** The method shown for a customer: their default, or the last they gave. */
export function newestMethod(
  ledger: Ledger,
  customer: string | null | undefined,
): PaymentMethodObject | undefined {
  const all = ledger.paymentMethods.filter(row => row.customer !== null && row.customer === customer)
  return methodFor(ledger, customer) ?? all.at(-1)
}

export const isGood = (ledger: Ledger, method: PaymentMethodObject) =>
  ledger.paymentMethodFacts.get(method.id)?.works ?? true

/** Whether the bank wants a payment for this subscription confirmed by the payer. */
export function asksFirst(ledger: Ledger, subscription: SubscriptionObject): boolean {
  const method = methodFor(ledger, subscription.customer, subscription)
  return ledger.paymentMethodFacts.get(method?.id)?.asks ?? false
}

/** From now on payments from this method succeed or fail; nobody is told. */
export function setWorks(ledger: Ledger, method: PaymentMethodObject, works: boolean): void {
  ledger.paymentMethodFacts.put({ id: method.id, works })
}

// Stripe's test cards: https://docs.stripe.com/testing#declined-payments
const TEST_CARDS: Record<string, { works: boolean; attaches: boolean }> = {
  pm_card_visa: { works: true, attaches: true },
  pm_card_mastercard: { works: true, attaches: true },
  pm_card_us: { works: true, attaches: true },
  pm_card_chargeCustomerFail: { works: false, attaches: true },
  pm_card_visa_chargeDeclined: { works: false, attaches: false },
  pm_card_chargeDeclined: { works: false, attaches: false },
}

/** Attaches a payment method, or a fresh card of one of Stripe's test names, to a customer. */
export function attachMethod(
  ledger: Ledger,
  id: string,
  customerId: string,
  param: string,
): PaymentMethodObject {
  const customer = ledger.customers.require(customerId, "customer")
  const test = TEST_CARDS[id]
  if (test) {
    if (!test.attaches) throw attachDeclined()
    const owner = { customer: customer.id, email: customer.email, name: customer.name ?? null }
    return addPaymentMethod(ledger, "card", { ...owner, works: test.works })
  }
  const method = ledger.paymentMethods.get(id)
  if (!method) throw missing("PaymentMethod", id, param, 400)
  if (method.customer === customerId) return method
  if (method.customer !== null || ledger.paymentMethodFacts.get(id)?.spent) throw alreadyUsed()
  method.customer = customerId
  ledger.emit("payment_method.attached", method)
  return method
}

const attachDeclined = () =>
  new StripeFailure(402, {
    type: "card_error",
    code: "card_declined",
    decline_code: "generic_decline",
    message: "Your card was declined.",
    doc_url: "https://docs.stripe.com/error-codes/card-declined",
  })

const alreadyUsed = () =>
  new StripeFailure(400, {
    type: "invalid_request_error",
    message:
      "The payment method you provided has already been attached to a customer, or was detached from one. A detached payment method may not be used again.",
  })

/** Takes a payment method off its customer for good. */
export function detachMethod(ledger: Ledger, method: PaymentMethodObject): PaymentMethodObject {
  const { customer } = method
  if (customer === null)
    throw new StripeFailure(400, {
      type: "invalid_request_error",
      message: "The payment method you provided is not attached to a customer so detachment is impossible.",
    })
  method.customer = null
  const works = isGood(ledger, method)
  ledger.paymentMethodFacts.put({ id: method.id, works, spent: true })
  ledger.emit("payment_method.detached", method, { customer: String(customer) })
  const owner = ledger.customers.get(typeof customer === "string" ? customer : null)
  if (owner?.invoice_settings.default_payment_method === method.id)
    ledger.change("customer.updated", owner, row => {
      row.invoice_settings.default_payment_method = null
    })
  for (const row of ledger.subscriptions.filter(one => one.default_payment_method === method.id)) {
    ledger.change("customer.subscription.updated", row, one => {
      one.default_payment_method = null
    })
  }
  return method
}

/** The customer's future payments come from this method. */
export function makeDefault(ledger: Ledger, customerId: string, method: PaymentMethodObject): void {
  const customer = ledger.customers.require(customerId)
  ledger.change("customer.updated", customer, row => {
    row.invoice_settings.default_payment_method = method.id
  })
}
