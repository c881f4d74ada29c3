import { z } from "zod"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { PortalConfigurationObject } from "../objects"
import { bool, clearable, int, text } from "../params"

const PRORATION = z.enum(["always_invoice", "create_prorations", "none"]).optional()
const REASONS = z.enum([
  "customer_service",
  "low_quality",
  "missing_features",
  "other",
  "switched_service",
  "too_complex",
  "too_expensive",
  "unused",
])

const adjustableQuantity = z.strictObject({
  enabled: bool,
  maximum: int.optional(),
  minimum: int.optional(),
})

const product = z.strictObject({
  product: text,
  prices: z.array(text),
  adjustable_quantity: adjustableQuantity.optional(),
})

export const features = z.strictObject({
  customer_update: z
    .strictObject({
      enabled: bool,
      allowed_updates: clearable(
        z.array(z.enum(["address", "email", "name", "phone", "shipping", "tax_id"])),
      ).optional(),
    })
    .optional(),
  invoice_history: z.strictObject({ enabled: bool }).optional(),
  payment_method_update: z
    .strictObject({ enabled: bool, payment_method_configuration: clearable(text).optional() })
    .optional(),
  subscription_cancel: z
    .strictObject({
      enabled: bool,
      mode: z.enum(["at_period_end", "immediately"]).optional(),
      proration_behavior: PRORATION,
      cancellation_reason: z
        .strictObject({
          enabled: bool,
          feedback_options: clearable(z.array(text)).optional(),
          options: clearable(z.array(REASONS)),
        })
        .optional(),
    })
    .optional(),
  subscription_update: z
    .strictObject({
      enabled: bool,
      billing_cycle_anchor: z.enum(["now", "unchanged"]).optional(),
      default_allowed_updates: clearable(z.array(z.enum(["price", "promotion_code", "quantity"]))).optional(),
      products: clearable(z.array(product).max(10, { error: "at most 10 products" })).optional(),
      proration_behavior: PRORATION,
      schedule_at_period_end: z
        .strictObject({
          conditions: clearable(
            z.array(z.strictObject({ type: z.enum(["decreasing_item_amount", "shortening_interval"]) })),
          ).optional(),
        })
        .optional(),
      trial_update_behavior: z.enum(["continue_trial", "end_trial"]).optional(),
    })
    .optional(),
})

export type Features = z.output<typeof features>

/** Sets the features that are given; what is not named stays. */
export function applyFeatures(ledger: Ledger, row: PortalConfigurationObject, given: Features): void {
  const { customer_update, invoice_history, payment_method_update } = given
  const all = row.features
  if (customer_update) {
    all.customer_update.enabled = customer_update.enabled
    if (customer_update.allowed_updates !== undefined)
      all.customer_update.allowed_updates = customer_update.allowed_updates ?? []
  }
  if (invoice_history) all.invoice_history.enabled = invoice_history.enabled
  if (payment_method_update) all.payment_method_update.enabled = payment_method_update.enabled
  if (given.subscription_cancel) applyCancel(row, given.subscription_cancel)
  if (given.subscription_update) applyUpdate(ledger, row, given.subscription_update)
}

function applyCancel(
  row: PortalConfigurationObject,
  given: NonNullable<Features["subscription_cancel"]>,
): void {
  const target = row.features.subscription_cancel
  target.enabled = given.enabled
  target.mode = given.mode ?? target.mode
  target.proration_behavior = given.proration_behavior ?? target.proration_behavior
  if (target.proration_behavior === "always_invoice" || target.proration_behavior === "create_prorations") {
    if (target.mode !== "immediately")
      throw refused(
        "You can only use proration_behavior=create_prorations with mode=immediately.",
        "features[subscription_cancel][proration_behavior]",
      )
  }
  if (given.cancellation_reason) {
    target.cancellation_reason.enabled = given.cancellation_reason.enabled
    target.cancellation_reason.options = given.cancellation_reason.options ?? []
  }
}

function applyUpdate(
  ledger: Ledger,
  row: PortalConfigurationObject,
  given: NonNullable<Features["subscription_update"]>,
): void {
  const target = row.features.subscription_update
  target.enabled = given.enabled
  target.billing_cycle_anchor = given.billing_cycle_anchor ?? target.billing_cycle_anchor
  target.proration_behavior = given.proration_behavior ?? target.proration_behavior
  target.trial_update_behavior = given.trial_update_behavior ?? target.trial_update_behavior
  if (given.default_allowed_updates !== undefined)
    target.default_allowed_updates = given.default_allowed_updates ?? []
  if (given.schedule_at_period_end)
    target.schedule_at_period_end = { conditions: given.schedule_at_period_end.conditions ?? [] }
  if (given.products === undefined) return
  const products = given.products ?? []
  for (const [index, { product, prices }] of products.entries()) {
    const param = `features[subscription_update][products][${index}]`
    ledger.products.require(product, `${param}[product]`)
    for (const price of prices) {
      if (ledger.prices.require(price, `${param}[prices]`).product !== product)
        throw refused(`The price ${price} does not belong to the product ${product}.`, `${param}[prices]`)
    }
  }
  ledger.portalProducts.put({
    id: row.id,
    products: products.map(({ product, prices, adjustable_quantity: adjustable }) => ({
      product,
      prices,
      adjustable_quantity: {
        enabled: adjustable?.enabled ?? false,
        maximum: adjustable?.maximum ?? null,
        minimum: adjustable?.minimum ?? 1,
      },
    })),
  })
}
