import { z } from "zod"
import { missing, refused } from "../errors"
import type { Ledger } from "../ledger"
import type { PortalConfigurationObject, PortalSessionObject } from "../objects"
import { text, url } from "../params"

const subscriptionOnly = z.strictObject({ subscription: text })

export const flowParams = z.strictObject({
  type: z.enum([
    "customer_update",
    "payment_method_update",
    "subscription_cancel",
    "subscription_update",
    "subscription_update_confirm",
  ]),
  after_completion: z
    .strictObject({
      type: z.enum(["hosted_confirmation", "portal_homepage", "redirect"]),
      redirect: z.strictObject({ return_url: url }).optional(),
      hosted_confirmation: z.strictObject({ custom_message: text.optional() }).optional(),
    })
    .optional(),
  subscription_cancel: subscriptionOnly.optional(),
  subscription_update: subscriptionOnly.optional(),
  subscription_update_confirm: z
    .strictObject({
      subscription: text,
      items: z
        .array(z.strictObject({ id: text, price: text.optional(), quantity: text.optional() }))
        .length(1),
    })
    .optional(),
})

type Given = z.output<typeof flowParams>

// Which part of the configuration a flow needs.
const FEATURES = {
  customer_update: "customer_update",
  payment_method_update: "payment_method_update",
  subscription_cancel: "subscription_cancel",
  subscription_update: "subscription_update",
  subscription_update_confirm: "subscription_update",
} as const

/** A deep link into the portal, refused where Stripe refuses it. Source: https://docs.stripe.com/customer-management/portal-deep-links */
export function flowOf(
  ledger: Ledger,
  given: Given,
  customer: string,
  configuration: PortalConfigurationObject,
): NonNullable<PortalSessionObject["flow"]> {
  const feature = FEATURES[given.type]
  if (!configuration.features[feature].enabled)
    throw refused(
      `This portal session cannot be created because the ${feature} feature in the portal configuration is disabled.`,
      "flow_data[type]",
    )
  const target = given.type.startsWith("subscription") ? subscriptionIn(given) : undefined
  if (target) checkTarget(ledger, target, customer, given)
  const after = given.after_completion
  if (after?.type === "redirect" && !after.redirect)
    throw refused(
      "Missing required param: flow_data[after_completion][redirect].",
      "flow_data[after_completion][redirect]",
      "parameter_missing",
    )
  const confirm = given.subscription_update_confirm
  return {
    type: given.type,
    after_completion: {
      type: after?.type ?? "portal_homepage",
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: after?.redirect ?? null,
    },
    customer_update: null,
    subscription_cancel: given.subscription_cancel ? { ...given.subscription_cancel, retention: null } : null,
    subscription_pause: null,
    subscription_update: given.subscription_update ?? null,
    subscription_update_confirm: confirm
      ? {
          discounts: null,
          subscription: confirm.subscription,
          items: confirm.items.map(item => ({
            id: item.id,
            price: item.price ?? null,
            quantity: Number(item.quantity ?? 1),
          })),
        }
      : null,
  }
}

function subscriptionIn(given: Given): string {
  const part =
    given.type === "subscription_cancel"
      ? given.subscription_cancel
      : given.type === "subscription_update"
        ? given.subscription_update
        : given.subscription_update_confirm
  if (part) return part.subscription
  throw refused(
    `Missing required param: flow_data[${given.type}].`,
    `flow_data[${given.type}]`,
    "parameter_missing",
  )
}

function checkTarget(ledger: Ledger, id: string, customer: string, given: Given): void {
  const param = `flow_data[${given.type}][subscription]`
  const subscription = ledger.subscriptions.get(id)
  if (subscription?.customer !== customer) throw missing("subscription", id, param, 400)
  if (subscription.ended_at) throw refused("This subscription has ended and cannot be changed.", param)
  if (given.type === "subscription_cancel" && subscription.cancel_at !== null)
    throw refused("This subscription is already set to be canceled.", param)
  for (const item of given.subscription_update_confirm?.items ?? []) {
    if (!subscription.items.data.some(row => row.id === item.id))
      throw missing("subscription item", item.id, "flow_data[subscription_update_confirm][items]", 400)
    if (item.price !== undefined)
      ledger.prices.require(item.price, "flow_data[subscription_update_confirm][items]")
  }
}
