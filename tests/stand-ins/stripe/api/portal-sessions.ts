import { z } from "zod"
import { defaultConfiguration } from "../billing/portal-configurations"
import { refused } from "../errors"
import { newId } from "../ids"
import { accepts, text, url } from "../params"
import { route } from "../router"

const flow = z.strictObject({
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
  subscription_cancel: z.strictObject({ subscription: text }).optional(),
  subscription_update: z.strictObject({ subscription: text }).optional(),
  subscription_update_confirm: z
    .strictObject({
      subscription: text,
      items: z.array(z.strictObject({ id: text, price: text.optional(), quantity: text.optional() })),
    })
    .optional(),
})

export const portalSessionRoutes = [
  route(
    "POST",
    "/v1/billing_portal/sessions",
    accepts({
      configuration: text.optional(),
      customer: text,
      flow_data: flow.optional(),
      locale: text.optional(),
      return_url: url.optional(),
    }),
    ({ ledger, params }) => {
      const customer = ledger.customers.require(params.customer, "customer")
      const configuration =
        params.configuration === undefined
          ? defaultConfiguration(ledger)
          : ledger.portalConfigurations.require(params.configuration, "configuration")
      if (!configuration.active) {
        throw refused("You cannot use a portal configuration that is not active.", "configuration")
      }
      const id = newId("bps")
      const given = params.flow_data
      const subscription =
        given?.subscription_cancel ?? given?.subscription_update ?? given?.subscription_update_confirm
      if (subscription) ledger.subscriptions.require(subscription.subscription, "flow_data")
      return ledger.portalSessions.put({
        id,
        object: "billing_portal.session",
        configuration: configuration.id,
        created: ledger.now(customer.id),
        customer: customer.id,
        customer_account: null,
        flow: given
          ? {
              type: given.type,
              after_completion: {
                type: given.after_completion?.type ?? "portal_homepage",
                hosted_confirmation: null,
                redirect: given.after_completion?.redirect ?? null,
              },
              customer_update: null,
              subscription_cancel: given.subscription_cancel
                ? { ...given.subscription_cancel, retention: null }
                : null,
              subscription_pause: null,
              subscription_update: given.subscription_update ?? null,
              subscription_update_confirm: given.subscription_update_confirm
                ? {
                    discounts: null,
                    subscription: given.subscription_update_confirm.subscription,
                    items: given.subscription_update_confirm.items.map(item => ({
                      id: item.id,
                      price: item.price ?? null,
                      quantity: Number(item.quantity ?? 1),
                    })),
                  }
                : null,
            }
          : null,
        livemode: false,
        locale: params.locale ?? null,
        on_behalf_of: null,
        return_url: params.return_url ?? configuration.default_return_url,
        url: `${ledger.settings.baseUrl}/p/session/${id}`,
      })
    },
  ),
]
