import { HOUR } from "../clock"
import type { Ledger } from "../ledger"
import type { SessionObject } from "../objects"
import type { SessionParams } from "./checkout-params"

/** A new session as asked for, before its items are priced. */
export function blankSession(
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
      after_submit: params.custom_text?.after_submit ?? null,
      shipping_address: params.custom_text?.shipping_address ?? null,
      submit: params.custom_text?.submit ?? null,
      terms_of_service_acceptance: params.custom_text?.terms_of_service_acceptance ?? null,
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
