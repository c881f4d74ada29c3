import type { LineItemObject } from "./objects"

// What Stripe knows about its objects and does not show in them.

export interface PaymentMethodFacts {
  id: string
  works: boolean
  /** The bank wants each payment confirmed that the payer is not there for. */
  asks?: boolean
  /** It was detached from a customer, and can never be attached again. */
  spent?: boolean
}

export interface PendingLine {
  amount: number
  description: string
  price: string
  product: string
  item: string
  quantity: number
  start: number
  end: number
}

export interface SubscriptionFacts {
  id: string
  pendingLines: PendingLine[]
  trialWarned: boolean
  /** Of each item's price, the share that was billed for its present period after discounts; 1 unless named. */
  billedShare?: Record<string, number>
}

export interface InvoiceFacts {
  id: string
  paymentIntent: string | null
  /** A bank debit is under way: no retry, no expiry until it settles or fails. */
  processing: boolean
  /** Automatic attempts made after the first. */
  retries: number
}

export interface SessionFacts {
  id: string
  lineItems: LineItemObject[]
  subscriptionMetadata: { [key: string]: string }
  subscriptionDescription: string | null
  trialEnd: number | null
  trialDays: number | null
  missingPaymentMethod: string
  paymentIntentMetadata: { [key: string]: string }
  invoiceCreation: boolean
  invoiceMetadata: { [key: string]: string }
  promotionCode: string | null
  coupon: string | null
  customerUpdate: { name: boolean; address: boolean }
}

export interface Dunning {
  /** Days from one failed attempt to the next. */
  retryDays: number[]
  /** What becomes of the subscription when the last attempt failed. */
  afterwards: "canceled" | "unpaid" | "past_due"
}

/** What was answered under an idempotency key, which is its id. */
export interface IdempotentAnswer {
  id: string
  fingerprint: string
  status: number
  body: string
  request: string
  created: number
}

/** A product the portal offers for a change of plan, with its prices. */
export interface PortalProduct {
  product: string
  prices: string[]
  adjustable_quantity: { enabled: boolean; maximum: number | null; minimum: number }
}

export interface TaxSettings {
  /** Without one, automatic tax is refused. */
  headOffice: boolean
  /** The countries in which the account is registered, by two letters, with their rate in percent. */
  rates: Record<string, number>
}
