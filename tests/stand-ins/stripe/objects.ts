import type Stripe from "stripe"

/**
 * Stripe's objects as they travel: a reference is an id until it is expanded, a decimal is text.
 * Derived from the SDK's types, so that an object that lacks a field does not compile.
 */
type Wire<T> = { [K in keyof T]: WireValue<T[K]> }
type WireValue<V> = [Extract<V, string>] extends [never]
  ? V extends Stripe.Decimal
    ? string
    : V
  : Exclude<V, { object: string }>

export interface ListObject<T> {
  object: "list"
  data: T[]
  has_more: boolean
  url: string
}

export type ProductObject = Wire<Stripe.Product>
export type PriceObject = Wire<Stripe.Price>
export type PlanObject = Wire<Stripe.Plan>
export type CustomerObject = Omit<Wire<Stripe.Customer>, "sources" | "subscriptions" | "tax_ids" | "discount">
export interface DeletedCustomerObject {
  id: string
  object: "customer"
  deleted: true
}
export type SubscriptionItemObject = Omit<Wire<Stripe.SubscriptionItem>, "price" | "plan"> & {
  price: PriceObject
  plan: PlanObject
}
export type SubscriptionObject = Omit<Wire<Stripe.Subscription>, "items"> & {
  items: ListObject<SubscriptionItemObject>
  trial_settings: Stripe.Subscription.TrialSettings | null
}
export type InvoiceLineObject = Omit<Wire<Stripe.InvoiceLineItem>, "pricing"> & {
  pricing: {
    type: "price_details"
    price_details: { price: string; product: string }
    unit_amount_decimal: string | null
  } | null
}
export type InvoiceObject = Omit<Wire<Stripe.Invoice>, "lines" | "payments"> & {
  lines: ListObject<InvoiceLineObject>
}
export type InvoicePaymentObject = Wire<Stripe.InvoicePayment>
export type LineItemObject = Omit<Wire<Stripe.LineItem>, "price"> & { price: PriceObject }
export type SessionObject = Omit<Wire<Stripe.Checkout.Session>, "line_items">
export type PaymentIntentObject = Wire<Stripe.PaymentIntent>
export type PaymentMethodObject = Wire<Stripe.PaymentMethod>
export type ChargeObject = Omit<Wire<Stripe.Charge>, "refunds">
export type TaxIdObject = Wire<Stripe.TaxId>
export type CreditNoteLineObject = Wire<Stripe.CreditNoteLineItem>
export type CreditNoteObject = Omit<Wire<Stripe.CreditNote>, "lines"> & {
  lines: ListObject<CreditNoteLineObject>
}
export type RefundObject = Wire<Stripe.Refund>
export type DisputeObject = Wire<Stripe.Dispute>
export type CouponObject = Wire<Stripe.Coupon>
export type PromotionCodeObject = Wire<Stripe.PromotionCode>
export type DiscountObject = Wire<Stripe.Discount>
export type PortalSessionObject = Wire<Stripe.BillingPortal.Session>
export type PortalConfigurationObject = Wire<Stripe.BillingPortal.Configuration>
export type WebhookEndpointObject = Wire<Stripe.WebhookEndpoint>
export type TestClockObject = Wire<Stripe.TestHelpers.TestClock>

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonMap = { [key: string]: Json }

export interface EventObject {
  id: string
  object: "event"
  api_version: string
  created: number
  data: { object: JsonMap; previous_attributes?: JsonMap }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}

/** A deep copy as plain JSON: what a client would receive at this moment. */
export function snapshot(object: object): JsonMap {
  // JSON.parse is the seam here: what was an object comes back as a map of plain values.
  return JSON.parse(JSON.stringify(object))
}

export function isJsonMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** A list that is complete, as nested lists here always are. */
export function listOf<T>(data: T[], url: string): ListObject<T> {
  return { object: "list", data, has_more: false, url }
}
