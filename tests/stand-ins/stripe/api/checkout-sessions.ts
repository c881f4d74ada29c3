import { z } from "zod"
import { expireSession } from "../billing/checkout-expiry"
import { totalsOf } from "../billing/checkout-totals"
import { HOUR } from "../clock"
import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import { is, page, within } from "../listing"
import type { LineItemObject, PriceObject, SessionObject } from "../objects"
import { accepts, acceptsPage, created, metadata, text } from "../params"
import { route } from "../router"
import { type SessionParams, sessionParams } from "./checkout-params"
import { checkCombination, checkItems } from "./checkout-rules"
import { mergeMetadata } from "./customers"
import { createPrice } from "./prices"
import { createProduct } from "./products"

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

type GivenItem = NonNullable<SessionParams["line_items"]>[number]

function lineItemOf(ledger: Ledger, item: GivenItem, index: number): LineItemObject {
  const param = `line_items[${index}]`
  const quantity = item.quantity ?? 1
  if (item.price === undefined && !item.price_data)
    throw refused(
      `You must specify either \`price\` or \`price_data\`.`,
      `${param}[price]`,
      "parameter_missing",
    )
  if (item.price !== undefined && item.price_data)
    throw refused(`You may only specify one of these parameters: ${param}[price], ${param}[price_data].`)
  if (quantity < 1)
    throw refused(
      "This value must be greater than or equal to 1.",
      `${param}[quantity]`,
      "parameter_invalid_integer",
    )
  const price =
    item.price === undefined
      ? inlinePrice(ledger, item, param)
      : ledger.prices.require(item.price, `${param}[price]`)
  if (!price.active)
    throw refused(
      "The price specified is inactive. This field only accepts active prices.",
      `${param}[price]`,
    )
  const amount = (price.unit_amount ?? 0) * quantity
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: ledger.products.get(price.product)?.name ?? null,
    metadata: item.metadata ?? {},
    price,
    quantity,
  }
}

function inlinePrice(ledger: Ledger, item: GivenItem, param: string): PriceObject {
  const data = item.price_data
  if (data?.unit_amount === undefined) {
    throw refused(
      `Missing required param: ${param}[price_data][unit_amount].`,
      `${param}[price_data][unit_amount]`,
      "parameter_missing",
    )
  }
  const product = data.product_data
    ? createProduct(ledger, { ...data.product_data, active: false })
    : ledger.products.require(data.product ?? "", `${param}[price_data][product]`)
  return createPrice(ledger, { ...data, product: product.id, unit_amount: data.unit_amount })
}

function blankSession(
  ledger: Ledger,
  id: string,
  now: number,
  mode: string,
  params: SessionParams,
): SessionObject {
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: {
      enabled: params.automatic_tax?.enabled ?? false,
      liability: params.automatic_tax?.enabled ? { type: "self" } : null,
      provider: params.automatic_tax?.enabled ? "stripe" : null,
      status: params.automatic_tax?.enabled ? "requires_location_inputs" : null,
    },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: now,
    currency: null,
    currency_conversion: null,
    custom_fields: (params.custom_fields ?? []).map(field => ({
      key: field.key,
      label: field.label,
      type: field.type,
      optional: field.optional ?? false,
      ...(field.type === "text" ? { text: fieldLengths(field.text) } : {}),
      ...(field.type === "numeric" ? { numeric: fieldLengths(field.numeric) } : {}),
      ...(field.type === "dropdown"
        ? {
            dropdown: {
              options: field.dropdown?.options ?? [],
              default_value: field.dropdown?.default_value ?? null,
              value: null,
            },
          }
        : {}),
    })),
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: params.customer ?? null,
    customer_account: null,
    customer_creation: mode === "payment" ? (params.customer_creation ?? "if_required") : "always",
    customer_details: null,
    customer_email: params.customer_email ?? null,
    discounts: [],
    expires_at: params.expires_at ?? now + 24 * HOUR,
    integration_identifier: params.integration_identifier ?? null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: params.locale ?? null,
    managed_payments: null,
    metadata: params.metadata ?? {},
    mode,
    origin_context: params.origin_context ?? null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      mode === "subscription" ? (params.payment_method_collection ?? "always") : null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card", "us_bank_account"],
    payment_status: "unpaid",
    permissions: null,
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: params.submit_type ?? null,
    subscription: null,
    success_url: params.success_url ?? null,
    tax_id_collection: {
      enabled: params.tax_id_collection?.enabled ?? false,
      required: params.tax_id_collection?.required ?? "never",
    },
    total_details: null,
    ui_mode: "hosted_page",
    url: `${ledger.settings.baseUrl}/c/pay/${id}`,
    wallet_options: null,
  }
}

function fieldLengths(
  given:
    | {
        default_value?: string | undefined
        maximum_length?: number | undefined
        minimum_length?: number | undefined
      }
    | undefined,
) {
  return {
    default_value: given?.default_value ?? null,
    maximum_length: given?.maximum_length ?? null,
    minimum_length: given?.minimum_length ?? null,
    value: null,
  }
}
