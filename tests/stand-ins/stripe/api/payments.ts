import { z } from "zod"
import { answerDispute, closeDispute } from "../billing/disputes"
import { attachMethod, detachMethod } from "../billing/payment-methods"
import { refundCharge } from "../billing/payments"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import { is, page, within } from "../listing"
import { mergeMetadata } from "../metadata"
import type { ChargeObject } from "../objects"
import { accepts, acceptsPage, bool, created, int, metadata, passive, text } from "../params"
import { route } from "../router"

export const paymentRoutes = [
  route(
    "GET",
    "/v1/payment_intents",
    acceptsPage({ created: created.optional(), customer: text.optional() }),
    ({ ledger, params }) =>
      page(
        ledger.paymentIntents.filter(
          row => within(row.created, params.created) && is(row.customer, params.customer),
        ),
        params,
        "/v1/payment_intents",
      ),
  ),
  route("GET", "/v1/payment_intents/:id", accepts({}), ({ ledger, id }) => ledger.paymentIntents.require(id)),
  route("POST", "/v1/payment_methods/:id/attach", accepts({ customer: text }), ({ ledger, params, id }) =>
    attachMethod(ledger, id, params.customer, "payment_method"),
  ),
  route("POST", "/v1/payment_methods/:id/detach", accepts({}), ({ ledger, id }) =>
    detachMethod(ledger, ledger.paymentMethods.require(id)),
  ),
  route("GET", "/v1/payment_methods/:id", accepts({}), ({ ledger, id }) => ledger.paymentMethods.require(id)),
  route(
    "GET",
    "/v1/charges",
    acceptsPage({ created: created.optional(), customer: text.optional(), payment_intent: text.optional() }),
    ({ ledger, params }) =>
      page(
        ledger.charges.filter(
          row =>
            within(row.created, params.created) &&
            is(row.customer, params.customer) &&
            is(row.payment_intent, params.payment_intent),
        ),
        params,
        "/v1/charges",
      ),
  ),
  route("GET", "/v1/charges/:id", accepts({}), ({ ledger, id }) => ledger.charges.require(id)),
  route(
    "GET",
    "/v1/refunds",
    acceptsPage({ charge: text.optional(), created: created.optional(), payment_intent: text.optional() }),
    ({ ledger, params }) =>
      page(
        ledger.refunds.filter(
          row =>
            within(row.created, params.created) &&
            is(row.charge, params.charge) &&
            is(row.payment_intent, params.payment_intent),
        ),
        params,
        "/v1/refunds",
      ),
  ),
  route(
    "POST",
    "/v1/refunds",
    accepts({
      amount: int.optional(),
      charge: text.optional(),
      metadata: metadata.optional(),
      payment_intent: text.optional(),
      reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
    }),
    ({ ledger, params }) => refundCharge(ledger, chargeOf(ledger, params), params),
  ),
  route("GET", "/v1/refunds/:id", accepts({}), ({ ledger, id }) => ledger.refunds.require(id)),
  route(
    "GET",
    "/v1/disputes",
    acceptsPage({ charge: text.optional(), created: created.optional(), payment_intent: text.optional() }),
    ({ ledger, params }) =>
      page(
        ledger.disputes.filter(
          row =>
            within(row.created, params.created) &&
            is(row.charge, params.charge) &&
            is(row.payment_intent, params.payment_intent),
        ),
        params,
        "/v1/disputes",
      ),
  ),
  route("GET", "/v1/disputes/:id", accepts({}), ({ ledger, id }) => ledger.disputes.require(id)),
  route(
    "POST",
    "/v1/disputes/:id",
    accepts({ evidence: passive.optional(), metadata: metadata.optional(), submit: bool.optional() }),
    ({ ledger, params, id }) => {
      const dispute = ledger.disputes.require(id)
      if (params.metadata !== undefined) dispute.metadata = mergeMetadata(dispute.metadata, params.metadata)
      return params.evidence ? answerDispute(ledger, dispute, params.submit ?? true) : dispute
    },
  ),
  route("POST", "/v1/disputes/:id/close", accepts({}), ({ ledger, id }) =>
    closeDispute(ledger, ledger.disputes.require(id), false),
  ),
]

/** The charge that is named itself or through its payment. */
export function chargeOf(
  ledger: Ledger,
  given: { charge?: string | undefined; payment_intent?: string | undefined },
): ChargeObject {
  if (given.charge !== undefined) return ledger.charges.require(given.charge, "charge")
  if (given.payment_intent === undefined) {
    throw refused(
      "One of the following params should be provided for this request: payment_intent or charge.",
      undefined,
      "parameter_missing",
    )
  }
  const intent = ledger.paymentIntents.require(given.payment_intent, "payment_intent")
  if (intent.latest_charge === null)
    throw refused("This PaymentIntent does not have a successful charge to refund.", "payment_intent")
  return ledger.charges.require(intent.latest_charge)
}
