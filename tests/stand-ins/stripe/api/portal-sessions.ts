import { defaultConfiguration } from "../billing/portal-configurations"
import { refused } from "../errors"
import { newId } from "../ids"
import { accepts, text, url } from "../params"
import { route } from "../router"
import { flowOf, flowParams } from "./portal-flow"

export const portalSessionRoutes = [
  route(
    "POST",
    "/v1/billing_portal/sessions",
    accepts({
      configuration: text.optional(),
      customer: text,
      flow_data: flowParams.optional(),
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
      return ledger.portalSessions.put({
        id,
        object: "billing_portal.session",
        configuration: configuration.id,
        created: ledger.now(customer.id),
        customer: customer.id,
        customer_account: null,
        flow: params.flow_data ? flowOf(ledger, params.flow_data, customer.id, configuration) : null,
        livemode: false,
        locale: params.locale ?? null,
        on_behalf_of: null,
        return_url: params.return_url ?? configuration.default_return_url,
        url: `${ledger.settings.baseUrl}/p/session/${id}`,
      })
    },
  ),
]
