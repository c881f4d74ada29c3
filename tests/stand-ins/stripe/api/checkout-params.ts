import { z } from "zod"
import { accepts, bool, clearable, decimal, email, int, metadata, passive, text, url } from "../params"

const priceData = z.strictObject({
  currency: text.length(3),
  product: text.optional(),
  product_data: z
    .strictObject({
      name: text.min(1),
      description: text.optional(),
      images: z.array(url).optional(),
      metadata: metadata.optional(),
      tax_code: text.optional(),
      unit_label: text.optional(),
    })
    .optional(),
  recurring: z
    .strictObject({ interval: z.enum(["day", "week", "month", "year"]), interval_count: int.optional() })
    .optional(),
  tax_behavior: text.optional(),
  unit_amount: int.optional(),
  unit_amount_decimal: decimal.optional(),
})

const lineItem = z.strictObject({
  adjustable_quantity: passive.optional(),
  metadata: metadata.optional(),
  price: text.optional(),
  price_data: priceData.optional(),
  quantity: int.optional(),
  tax_rates: passive.optional(),
})

const lengths = {
  default_value: text.optional(),
  maximum_length: int.optional(),
  minimum_length: int.optional(),
}

const customField = z.strictObject({
  key: text.min(1).max(200),
  label: z.strictObject({ type: z.enum(["custom"]), custom: text.max(50) }),
  type: z.enum(["text", "numeric", "dropdown"]),
  optional: bool.optional(),
  text: z.strictObject(lengths).optional(),
  numeric: z.strictObject(lengths).optional(),
  dropdown: z
    .strictObject({
      options: z.array(z.strictObject({ label: text, value: text })),
      default_value: text.optional(),
    })
    .optional(),
})

const sentence = clearable(z.strictObject({ message: text.max(1200) })).optional()

const customerUpdateWay = z.enum(["auto", "never"]).optional()

/** What can be asked of a new Checkout Session; `payment_method_types` is gone since this API version. */
export const sessionParams = accepts({
  adaptive_pricing: passive.optional(),
  after_expiration: passive.optional(),
  allow_promotion_codes: bool.optional(),
  automatic_tax: z.strictObject({ enabled: bool, liability: passive.optional() }).optional(),
  billing_address_collection: z.enum(["auto", "required"]).optional(),
  branding_settings: passive.optional(),
  cancel_url: url.optional(),
  client_reference_id: text.max(200).optional(),
  consent_collection: passive.optional(),
  currency: text.length(3).optional(),
  custom_fields: z.array(customField).max(3, { error: "at most 3 custom fields" }).optional(),
  custom_text: z
    .strictObject({
      after_submit: sentence,
      shipping_address: sentence,
      submit: sentence,
      terms_of_service_acceptance: sentence,
    })
    .optional(),
  customer: text.optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  customer_email: email.optional(),
  customer_update: z
    .strictObject({ address: customerUpdateWay, name: customerUpdateWay, shipping: customerUpdateWay })
    .optional(),
  discounts: z
    .array(z.strictObject({ coupon: text.optional(), promotion_code: text.optional() }))
    .max(1, { error: "at most 1 discount" })
    .optional(),
  excluded_payment_method_types: z.array(text).optional(),
  expires_at: int.optional(),
  integration_identifier: text.optional(),
  invoice_creation: z
    .strictObject({
      enabled: bool,
      invoice_data: z
        .strictObject({
          description: text.optional(),
          footer: text.optional(),
          metadata: metadata.optional(),
          rendering_options: passive.optional(),
        })
        .optional(),
    })
    .optional(),
  line_items: z.array(lineItem).max(100).optional(),
  locale: text.optional(),
  metadata: metadata.optional(),
  mode: z.enum(["payment", "subscription", "setup"]).optional(),
  name_collection: passive.optional(),
  origin_context: z.enum(["web", "mobile_app"]).optional(),
  payment_intent_data: z
    .strictObject({
      description: text.optional(),
      metadata: metadata.optional(),
      receipt_email: email.optional(),
      setup_future_usage: z.enum(["on_session", "off_session"]).optional(),
      statement_descriptor: text.optional(),
      statement_descriptor_suffix: text.optional(),
    })
    .optional(),
  payment_method_collection: z.enum(["always", "if_required"]).optional(),
  payment_method_configuration: text.optional(),
  payment_method_options: passive.optional(),
  phone_number_collection: z.strictObject({ enabled: bool }).optional(),
  redirect_on_completion: z.enum(["always", "if_required", "never"]).optional(),
  saved_payment_method_options: passive.optional(),
  submit_type: z.enum(["auto", "book", "donate", "pay", "subscribe"]).optional(),
  subscription_data: z
    .strictObject({
      billing_mode: z
        .strictObject({
          type: z.enum(["flexible"], { error: "the local Stripe has flexible billing mode only" }),
          flexible: passive.optional(),
        })
        .optional(),
      description: text.optional(),
      invoice_settings: passive.optional(),
      metadata: metadata.optional(),
      proration_behavior: z.enum(["create_prorations", "none"]).optional(),
      trial_end: int.optional(),
      trial_period_days: int.optional(),
      trial_settings: z
        .strictObject({
          end_behavior: z.strictObject({
            missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]),
          }),
        })
        .optional(),
    })
    .optional(),
  success_url: url.optional(),
  tax_id_collection: z
    .strictObject({ enabled: bool, required: z.enum(["if_supported", "never"]).optional() })
    .optional(),
  ui_mode: z.enum(["hosted_page"], { error: "the local Stripe has the hosted page only" }).optional(),
  wallet_options: passive.optional(),
})

export type SessionParams = z.output<typeof sessionParams>
