import { requireHeadOffice } from "../billing/taxes"
import { DAY, HOUR, MINUTE } from "../clock"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { LineItemObject } from "../objects"
import type { SessionParams } from "./checkout-params"

const both = (one: string, two: string) =>
  refused(`You may only specify one of these parameters: ${one}, ${two}.`)

/** Refuses what Stripe refuses because the parameters do not go together. */
export function checkCombination(ledger: Ledger, params: SessionParams): void {
  if (params.success_url === undefined)
    throw refused("Missing required param: success_url.", "success_url", "parameter_missing")
  if (params.mode === undefined)
    throw refused("You must provide one of `mode` or `payment_link`.", "mode", "parameter_missing")
  if (params.mode === "setup") throw refused("The local Stripe has no `setup` mode.", "mode")
  if (!params.line_items?.length)
    throw refused("Missing required param: line_items.", "line_items", "parameter_missing")
  if (params.customer !== undefined && params.customer_email !== undefined)
    throw both("customer", "customer_email")
  if (params.allow_promotion_codes !== undefined && params.discounts)
    throw both("allow_promotion_codes", "discounts")
  if (params.automatic_tax?.enabled) requireHeadOffice(ledger)
  checkMode(params)
  checkCustomer(ledger, params)
  checkTimes(ledger, params)
}

function checkMode(params: SessionParams): void {
  const notIn = (name: keyof SessionParams, mode: string) => {
    if (params.mode === mode && params[name] !== undefined)
      throw refused(`You can not pass \`${name}\` in \`${mode}\` mode.`, name)
  }
  notIn("subscription_data", "payment")
  notIn("payment_method_collection", "payment")
  notIn("payment_intent_data", "subscription")
  notIn("submit_type", "subscription")
  for (const name of ["customer_creation", "invoice_creation"] as const) {
    if (params.mode === "subscription" && params[name])
      throw refused(`\`${name}\` can only be used in \`payment\` mode.`, name)
  }
}

function checkCustomer(ledger: Ledger, params: SessionParams): void {
  if (params.customer === undefined) {
    if (params.customer_update)
      throw refused("`customer_update` can only be used with `customer`.", "customer_update")
    return
  }
  const customer = ledger.customers.require(params.customer, "customer")
  if (params.tax_id_collection?.enabled && params.customer_update?.name !== "auto") {
    throw refused(
      "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.",
      "tax_id_collection",
    )
  }
  const update = params.customer_update
  if (
    params.automatic_tax?.enabled &&
    !customer.address &&
    update?.address !== "auto" &&
    update?.shipping !== "auto"
  ) {
    throw refused(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      undefined,
      "customer_tax_location_invalid",
    )
  }
}

function checkTimes(ledger: Ledger, params: SessionParams): void {
  const now = ledger.now(params.customer)
  const { expires_at } = params
  if (expires_at !== undefined && expires_at < now + 30 * MINUTE - 5) {
    throw refused(
      "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
      "expires_at",
    )
  }
  if (expires_at !== undefined && expires_at > now + 24 * HOUR + 5) {
    throw refused(
      "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
      "expires_at",
    )
  }
  const trial = params.subscription_data
  if (trial?.trial_end !== undefined && trial.trial_period_days !== undefined)
    throw both("trial_end", "trial_period_days")
  if (
    trial?.trial_period_days !== undefined &&
    (trial.trial_period_days < 1 || trial.trial_period_days > 730)
  ) {
    throw refused("The trial period must be between 1 and 730 days.", "subscription_data[trial_period_days]")
  }
  if (trial?.trial_end !== undefined && trial.trial_end < now + 2 * DAY) {
    throw refused(
      "The `trial_end` date has to be at least 2 days in the future.",
      "subscription_data[trial_end]",
    )
  }
}

/** Refuses line items that the mode cannot sell. */
export function checkItems(mode: string, items: LineItemObject[]): void {
  const recurring = items.filter(item => item.price.recurring)
  if (mode === "payment" && recurring.length > 0) {
    throw refused(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.",
      "mode",
    )
  }
  if (mode === "subscription" && recurring.length === 0) {
    throw refused(
      "You must provide at least one recurring price in `subscription` mode when using prices.",
      "line_items",
    )
  }
  const rhythms = new Set(
    recurring.map(item => `${item.price.recurring?.interval_count} ${item.price.recurring?.interval}`),
  )
  if (rhythms.size > 1)
    throw refused("Checkout does not support multiple prices with different billing intervals.", "line_items")
  if (new Set(items.map(item => item.currency)).size > 1)
    throw refused("All prices on a Checkout Session must have the same currency.", "line_items")
}
