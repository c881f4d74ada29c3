import type { z } from "zod"
import { finalizeAndCollect } from "../billing/collecting"
import { finalizeInvoice } from "../billing/invoices"
import { isGood, methodFor } from "../billing/payment-methods"
import { recurringPrice } from "../billing/plan-change"
import { createSubscription, invoicePeriod } from "../billing/subscriptions"
import { requireTaxLocation } from "../billing/taxes"
import { DAY } from "../clock"
import { cardDeclined, refused } from "../errors"
import type { Ledger } from "../ledger"
import type { PaymentMethodObject, SubscriptionObject } from "../objects"
import { redeemGiven } from "./subscription-discounts"
import type { createParams } from "./subscription-params"

/** A subscription made through the API, with its first invoice sent and, unless asked otherwise, collected. */
export function createFromApi(ledger: Ledger, params: z.output<typeof createParams>): SubscriptionObject {
  const customer = ledger.customers.require(params.customer, "customer")
  const now = ledger.now(customer.id)
  const trialDays = params.trial_period_days === undefined ? null : now + params.trial_period_days * DAY
  const trialEnd = typeof params.trial_end === "number" ? params.trial_end : trialDays
  const own = ownMethod(ledger, params.default_payment_method, customer.id)
  const method = own ?? methodFor(ledger, customer.id)
  if (params.automatic_tax?.enabled) requireTaxLocation(ledger, customer)
  const waits = params.payment_behavior === "default_incomplete"
  if (trialEnd === null && !waits) {
    if (!method) throw noPaymentMethod()
    if (params.payment_behavior === "error_if_incomplete" && !isGood(ledger, method)) throw cardDeclined()
  }
  const subscription = createSubscription(ledger, {
    customer: customer.id,
    items: params.items.map((one, index) => ({
      price: recurringPrice(ledger, one.price ?? "", `items[${index}][price]`),
      quantity: one.quantity ?? 1,
      metadata: one.metadata ?? {},
    })),
    metadata: params.metadata ?? {},
    description: params.description ?? null,
    trialEnd,
    missingPaymentMethod: params.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
    automaticTax: params.automatic_tax?.enabled ?? false,
    paymentMethod: own?.id ?? null,
  })
  if (params.discounts) subscription.discounts = redeemGiven(ledger, subscription, params.discounts)
  ledger.emit("customer.subscription.created", subscription)
  const invoice = invoicePeriod(ledger, subscription, "subscription_create")
  if (waits && invoice.amount_due > 0) finalizeInvoice(ledger, invoice)
  else finalizeAndCollect(ledger, invoice)
  return subscription
}

const noPaymentMethod = () =>
  refused(
    "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
    undefined,
    "resource_missing",
  )

/** A payment method of the customer's own; refused in Stripe's words when it is somebody else's. */
export function ownMethod(
  ledger: Ledger,
  id: string | undefined,
  customer: string | null,
): PaymentMethodObject | undefined {
  if (id === undefined) return undefined
  const method = ledger.paymentMethods.get(id)
  if (method && method.customer === customer) return method
  throw refused(
    `No such PaymentMethod: '${id}'; It's possible this PaymentMethod exists but is not attached to this customer.`,
    "default_payment_method",
    "resource_missing",
  )
}
