import { cancelNow, periodEnd, planCancellation } from "../billing/cancelling"
import { collectOwed } from "../billing/collecting"
import { endTrialNow } from "../billing/renewing"
import { addTaxId, kindOf } from "../billing/tax-ids"
import type { Context } from "../control/context"
import { changePlan, setCard } from "../control/living"
import { refused, StripeFailure } from "../errors"
import type { FormMap } from "../form-encoding"
import type { SubscriptionObject } from "../objects"
import type { PageAnswer } from "./layout"
import { openPortal, type Portal } from "./portal"
import { showPortal } from "./portal-page"
import { prorationOf } from "./portal-views"

/** One of the portal's buttons was pressed. */
export function actInPortal(context: Context, id: string, act: string, form: FormMap): PageAnswer {
  const portal = openPortal(context.ledger, id)
  if (!portal) return showPortal(context, id, new URLSearchParams())
  try {
    perform(portal, act, form)
    const after = portal.session.flow?.after_completion
    if (after?.type === "redirect" && after.redirect) return { redirect: after.redirect.return_url }
    if (after?.type === "hosted_confirmation") return { redirect: `${portal.base}?view=done` }
    return { redirect: `${portal.base}?view=home` }
  } catch (error) {
    if (error instanceof StripeFailure)
      return showPortal(context, id, new URLSearchParams({ view: "home" }), error.message)
    throw error
  }
}

function perform(portal: Portal, act: string, form: FormMap): void {
  const { ledger, customer, features } = portal
  const allowed: Record<string, boolean> = {
    card: features.payment_method_update.enabled,
    plan: features.subscription_update.enabled,
    cancel: features.subscription_cancel.enabled,
    undo: features.subscription_cancel.enabled,
    customer: features.customer_update.enabled,
  }
  if (!allowed[act]) throw refused("This portal does not offer that.")
  if (act === "card") {
    setCard(ledger, customer.id, form.card !== "declines")
    if (form.card !== "declines") collectOwed(ledger, customer.id)
    return
  }
  if (act === "customer") {
    editCustomer(portal, form)
    return
  }
  const subscription = ownSubscription(portal, form)
  if (act === "plan") {
    const at = typeof form.at === "string" ? Number(form.at) : undefined
    changePlan(ledger, subscription, String(form.price), prorationOf(portal), at)
    const { trial_update_behavior } = features.subscription_update
    if (subscription.status === "trialing" && trial_update_behavior === "end_trial")
      endTrialNow(ledger, subscription)
  }
  if (act === "undo") planCancellation(ledger, subscription, { date: null })
  if (act === "cancel") {
    if (features.subscription_cancel.mode === "immediately")
      cancelNow(ledger, subscription, "cancellation_requested")
    else planCancellation(ledger, subscription, { date: periodEnd(subscription) })
  }
}

const EMPTY_ADDRESS = { city: null, line1: null, line2: null, postal_code: null, state: null }

// Only what the configuration allows is taken from the form.
function editCustomer({ ledger, customer, features }: Portal, form: FormMap): void {
  const given = (name: string) =>
    features.customer_update.allowed_updates.includes(name) && typeof form[name] === "string"
      ? form[name]
      : ""
  const taxId = given("tax_id")
  if (taxId !== "") addTaxId(ledger, customer, kindOf(taxId), taxId)
  ledger.change("customer.updated", customer, row => {
    if (given("address") !== "")
      row.address = { ...EMPTY_ADDRESS, ...row.address, country: given("address").toUpperCase() }
    if (given("email") !== "") row.email = given("email")
    if (given("name") !== "") row.name = given("name")
  })
}

function ownSubscription({ ledger, customer }: Portal, form: FormMap): SubscriptionObject {
  const found = ledger.subscriptions.get(typeof form.subscription === "string" ? form.subscription : null)
  if (found?.customer !== customer.id || found.ended_at) throw refused("This subscription has ended.")
  return found
}
