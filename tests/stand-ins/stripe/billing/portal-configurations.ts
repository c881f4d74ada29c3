import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { PortalConfigurationObject } from "../objects"

/** The configuration used when a session names none: plan change, cancellation at the period's end, card, invoices. */
export function defaultConfiguration(ledger: Ledger): PortalConfigurationObject {
  const found = ledger.portalConfigurations.find(row => row.is_default)
  if (found) return found
  const created = blankConfiguration(ledger, true)
  const { features: all } = created
  for (const feature of [
    all.invoice_history,
    all.payment_method_update,
    all.subscription_cancel,
    all.subscription_update,
  ]) {
    feature.enabled = true
  }
  all.subscription_update.default_allowed_updates = ["price"]
  return ledger.portalConfigurations.put(created)
}

/** A configuration that offers nothing yet. */
export function blankConfiguration(ledger: Ledger, isDefault: boolean): PortalConfigurationObject {
  const now = ledger.clock.now()
  return {
    id: newId("bpc"),
    object: "billing_portal.configuration",
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: now,
    default_return_url: null,
    features: {
      customer_update: { allowed_updates: [], enabled: false },
      invoice_history: { enabled: false },
      payment_method_update: { enabled: false, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: { enabled: false, feedback_options: null, options: [] },
        enabled: false,
        mode: "at_period_end",
        proration_behavior: "none",
      },
      subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
      subscription_update: {
        billing_cycle_anchor: null,
        default_allowed_updates: [],
        enabled: false,
        proration_behavior: "create_prorations",
        schedule_at_period_end: { conditions: [] },
        trial_update_behavior: "end_trial",
      },
    },
    is_default: isDefault,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: now,
  }
}
