import { z } from "zod"
import { expireSession } from "../billing/checkout-expiry"
import { totalsOf } from "../billing/checkout-totals"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import { is, page, within } from "../listing"
import { mergeMetadata } from "../metadata"
import type { SessionObject } from "../objects"
import { accepts, acceptsPage, created, metadata, text } from "../params"
import { route } from "../router"
import { lineItemOf } from "./checkout-line-items"
import { type SessionParams, sessionParams } from "./checkout-params"
import { checkCombination, checkItems } from "./checkout-rules"
import { blankSession } from "./checkout-session-object"

export const checkoutSessionRoutes = [
  route("POST", "/v1/checkout/sessions", sessionParams, ({ ledger, params }) =>
    createSession(ledger, params),
  ),
  route(
    "GET",
    "/v1/checkout/sessions",
    acceptsPage({
      created: created.optional(),
      customer: text.optional(),
      customer_details: z.strictObject({ email: text }).optional(),
      payment_intent: text.optional(),
      status: z.enum(["open", "complete", "expired"]).optional(),
      subscription: text.optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.sessions.filter(
          row =>
            within(row.created, params.created) &&
            is(row.customer, params.customer) &&
            is<string | null | undefined>(row.customer_details?.email, params.customer_details?.email) &&
            is(row.payment_intent, params.payment_intent) &&
            is<string | null>(row.status, params.status) &&
            is(row.subscription, params.subscription),
        ),
        params,
        "/v1/checkout/sessions",
      ),
  ),
  route("GET", "/v1/checkout/sessions/:id", accepts({}), ({ ledger, id }) => ledger.sessions.require(id)),
  route(
    "POST",
    "/v1/checkout/sessions/:id",
    accepts({ metadata: metadata.optional() }),
    ({ ledger, params, id }) => {
      const session = ledger.sessions.require(id)
      if (params.metadata !== undefined) session.metadata = mergeMetadata(session.metadata, params.metadata)
      return session
    },
  ),
  route("POST", "/v1/checkout/sessions/:id/expire", accepts({}), ({ ledger, id }) =>
    expireSession(ledger, ledger.sessions.require(id)),
  ),
  route("GET", "/v1/checkout/sessions/:id/line_items", acceptsPage({}), ({ ledger, params, id }) => {
    ledger.sessions.require(id)
    const items = ledger.sessionFacts.require(id).lineItems
    return page([...items].reverse(), params, `/v1/checkout/sessions/${id}/line_items`)
  }),
]

function createSession(ledger: Ledger, params: SessionParams): SessionObject {
  checkCombination(ledger, params)
  const mode = params.mode ?? "payment"
  const items = (params.line_items ?? []).map((item, index) => lineItemOf(ledger, item, index))
  checkItems(mode, items)
  const id = newId("cs")
  const now = ledger.now(params.customer)
  const trial = params.subscription_data
  const discount = params.discounts?.[0]
  const code =
    discount?.promotion_code === undefined
      ? undefined
      : ledger.promotionCodes.require(discount.promotion_code, "discounts[0][promotion_code]")
  const codeCoupon = typeof code?.promotion.coupon === "string" ? code.promotion.coupon : undefined
  const coupon =
    discount?.coupon === undefined
      ? codeCoupon
      : ledger.coupons.require(discount.coupon, "discounts[0][coupon]").id
  const facts = ledger.sessionFacts.put({
    id,
    lineItems: items,
    subscriptionMetadata: trial?.metadata ?? {},
    subscriptionDescription: trial?.description ?? null,
    trialEnd: trial?.trial_end ?? null,
    trialDays: trial?.trial_period_days ?? null,
    missingPaymentMethod: trial?.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
    paymentIntentMetadata: params.payment_intent_data?.metadata ?? {},
    invoiceCreation: params.invoice_creation?.enabled ?? false,
    invoiceMetadata: params.invoice_creation?.invoice_data?.metadata ?? {},
    promotionCode: code?.id ?? null,
    coupon: coupon ?? null,
    customerUpdate: {
      name: params.customer_update?.name === "auto",
      address: params.customer_update?.address === "auto",
    },
  })
  const session = ledger.sessions.put(blankSession(ledger, id, now, mode, params))
  session.currency = items[0]?.currency ?? null
  Object.assign(session, totalsOf(ledger, session, facts))
  return session
}
