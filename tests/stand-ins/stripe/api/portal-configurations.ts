import { z } from "zod"
import { blankConfiguration } from "../billing/portal-configurations"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import { is, page } from "../listing"
import { mergeMetadata } from "../metadata"
import type { PortalConfigurationObject } from "../objects"
import { accepts, acceptsPage, bool, clearable, metadata, passive, text, url } from "../params"
import { route } from "../router"

const PRORATION = z.enum(["always_invoice", "create_prorations", "none"]).optional()

const features = z.strictObject({
  customer_update: z
    .strictObject({ enabled: bool, allowed_updates: clearable(z.array(text)).optional() })
    .optional(),
  invoice_history: z.strictObject({ enabled: bool }).optional(),
  payment_method_update: z
    .strictObject({ enabled: bool, payment_method_configuration: text.optional() })
    .optional(),
  subscription_cancel: z
    .strictObject({
      enabled: bool,
      mode: z.enum(["at_period_end", "immediately"]).optional(),
      proration_behavior: PRORATION,
      cancellation_reason: passive.optional(),
    })
    .optional(),
  subscription_update: z
    .strictObject({
      enabled: bool,
      billing_cycle_anchor: z.enum(["now", "unchanged"]).optional(),
      default_allowed_updates: clearable(z.array(z.enum(["price", "promotion_code", "quantity"]))).optional(),
      products: clearable(
        z.array(
          z.strictObject({ product: text, prices: z.array(text), adjustable_quantity: passive.optional() }),
        ),
      ).optional(),
      proration_behavior: PRORATION,
      schedule_at_period_end: passive.optional(),
      trial_update_behavior: z.enum(["continue_trial", "end_trial"]).optional(),
    })
    .optional(),
})

const configurationFields = {
  business_profile: z
    .strictObject({
      headline: clearable(text).optional(),
      privacy_policy_url: url.optional(),
      terms_of_service_url: url.optional(),
    })
    .optional(),
  default_return_url: clearable(url).optional(),
  login_page: z.strictObject({ enabled: bool }).optional(),
  metadata: metadata.optional(),
  name: clearable(text).optional(),
}

export const portalConfigurationRoutes = [
  route(
    "GET",
    "/v1/billing_portal/configurations",
    acceptsPage({ active: bool.optional(), is_default: bool.optional() }),
    ({ ledger, params }) =>
      page(
        ledger.portalConfigurations.filter(
          row => is(row.active, params.active) && is(row.is_default, params.is_default),
        ),
        params,
        "/v1/billing_portal/configurations",
      ),
  ),
  route(
    "POST",
    "/v1/billing_portal/configurations",
    accepts({ ...configurationFields, features }),
    ({ ledger, params }) => {
      const first = ledger.portalConfigurations.all().length === 0
      return ledger.portalConfigurations.put(assign(ledger, blankConfiguration(ledger, first), params))
    },
  ),
  route("GET", "/v1/billing_portal/configurations/:id", accepts({}), ({ ledger, id }) =>
    ledger.portalConfigurations.require(id),
  ),
  route(
    "POST",
    "/v1/billing_portal/configurations/:id",
    accepts({ ...configurationFields, active: bool.optional(), features: features.optional() }),
    ({ ledger, params, id }) => {
      const configuration = ledger.portalConfigurations.require(id)
      if (params.active === false && configuration.is_default)
        throw refused("You cannot deactivate the default configuration.", "active")
      configuration.active = params.active ?? configuration.active
      return assign(ledger, configuration, params)
    },
  ),
]

type Given = { [K in keyof typeof configurationFields]?: z.output<(typeof configurationFields)[K]> } & {
  features?: z.output<typeof features> | undefined
}

function assign(ledger: Ledger, row: PortalConfigurationObject, given: Given): PortalConfigurationObject {
  const profile = given.business_profile
  if (profile) {
    row.business_profile = {
      headline: profile.headline ?? row.business_profile.headline,
      privacy_policy_url: profile.privacy_policy_url ?? row.business_profile.privacy_policy_url,
      terms_of_service_url: profile.terms_of_service_url ?? row.business_profile.terms_of_service_url,
    }
  }
  if (given.default_return_url !== undefined) row.default_return_url = given.default_return_url
  if (given.name !== undefined) row.name = given.name
  if (given.metadata !== undefined) row.metadata = mergeMetadata(row.metadata, given.metadata)
  const {
    customer_update,
    invoice_history,
    payment_method_update,
    subscription_cancel,
    subscription_update,
  } = given.features ?? {}
  const all = row.features
  if (customer_update) {
    all.customer_update.enabled = customer_update.enabled
    all.customer_update.allowed_updates = customer_update.allowed_updates ?? []
  }
  if (invoice_history) all.invoice_history.enabled = invoice_history.enabled
  if (payment_method_update) all.payment_method_update.enabled = payment_method_update.enabled
  if (subscription_cancel) {
    all.subscription_cancel.enabled = subscription_cancel.enabled
    all.subscription_cancel.mode = subscription_cancel.mode ?? all.subscription_cancel.mode
    all.subscription_cancel.proration_behavior = subscription_cancel.proration_behavior ?? "none"
  }
  if (subscription_update) {
    const target = all.subscription_update
    target.enabled = subscription_update.enabled
    target.default_allowed_updates =
      subscription_update.default_allowed_updates ?? target.default_allowed_updates
    target.proration_behavior = subscription_update.proration_behavior ?? target.proration_behavior
    for (const { product, prices } of subscription_update.products ?? []) {
      ledger.products.require(product, "features[subscription_update][products]")
      for (const price of prices) ledger.prices.require(price, "features[subscription_update][products]")
    }
    if (subscription_update.products !== undefined) {
      target.products = (subscription_update.products ?? []).map(({ product, prices }) => ({
        product,
        prices,
        adjustable_quantity: { enabled: false, maximum: null, minimum: 1 },
      }))
    }
  }
  row.updated = ledger.clock.now()
  return row
}
