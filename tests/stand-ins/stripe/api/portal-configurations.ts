import { z } from "zod"
import { blankConfiguration } from "../billing/portal-configurations"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import { is, page } from "../listing"
import { mergeMetadata } from "../metadata"
import type { PortalConfigurationObject } from "../objects"
import { accepts, acceptsPage, bool, clearable, metadata, text, url } from "../params"
import { route } from "../router"
import { applyFeatures, type Features, features } from "./portal-features"

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
  features?: Features | undefined
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
  if (given.features) applyFeatures(ledger, row, given.features)
  if (given.login_page) {
    row.login_page.enabled = given.login_page.enabled
    row.login_page.url = given.login_page.enabled ? `${ledger.settings.baseUrl}/p/login/${row.id}` : null
  }
  row.updated = ledger.clock.now()
  return row
}
