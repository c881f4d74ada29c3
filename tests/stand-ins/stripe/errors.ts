export interface FailureBody {
  type: "invalid_request_error" | "idempotency_error" | "card_error" | "api_error"
  message: string
  code?: string
  param?: string
  decline_code?: string
  doc_url?: string
}

/** A refusal that reaches the client in Stripe's error shape. Source: https://docs.stripe.com/api/errors */
export class StripeFailure extends Error {
  constructor(
    readonly status: number,
    readonly body: FailureBody,
  ) {
    super(body.message)
  }
}

/** A 400 for a request that can never work. */
export function refused(message: string, param?: string, code?: string): StripeFailure {
  return new StripeFailure(400, {
    type: "invalid_request_error",
    message,
    ...(code === undefined
      ? {}
      : { code, doc_url: `https://docs.stripe.com/error-codes#${code.replaceAll("_", "-")}` }),
    ...(param === undefined ? {} : { param }),
  })
}

/** Stripe answers 404 for an object of the address, and 400 for one named in a parameter. */
export function missing(kind: string, id: string, param = "id", status = 404): StripeFailure {
  return new StripeFailure(status, {
    type: "invalid_request_error",
    code: "resource_missing",
    doc_url: "https://docs.stripe.com/error-codes/resource-missing",
    message: `No such ${kind}: '${id}'`,
    param,
  })
}

/** The 402 of a payment that the bank wants confirmed first, where the call cannot leave it open. Source: https://docs.stripe.com/error-codes */
export function confirmationNeeded(): StripeFailure {
  return new StripeFailure(402, {
    type: "card_error",
    code: "subscription_payment_intent_requires_action",
    message:
      "Payment for this subscription requires additional user action before it can be completed successfully.",
    doc_url: "https://docs.stripe.com/error-codes/subscription-payment-intent-requires-action",
  })
}

/** The 402 that a declined card gives to an API call. */
export function cardDeclined(): StripeFailure {
  return new StripeFailure(402, {
    type: "card_error",
    code: "card_declined",
    decline_code: "generic_decline",
    message: "Your card was declined.",
    doc_url: "https://docs.stripe.com/error-codes/card-declined",
  })
}
