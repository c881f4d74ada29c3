import { defaultConfiguration } from "../billing/portal-configurations"
import type { PortalProduct } from "../facts"
import type { Ledger } from "../ledger"
import type {
  CustomerObject,
  PortalConfigurationObject,
  PortalSessionObject,
  SubscriptionObject,
} from "../objects"

export interface Portal {
  ledger: Ledger
  session: PortalSessionObject
  customer: CustomerObject
  features: PortalConfigurationObject["features"]
  products: PortalProduct[]
  base: string
}

/** The session, whose it is, and what its configuration allows; nothing for an unknown address. */
export function openPortal(ledger: Ledger, id: string): Portal | undefined {
  const session = ledger.portalSessions.get(id)
  const customer = ledger.customers.get(session?.customer)
  if (!session || !customer) return undefined
  const configured =
    typeof session.configuration === "string"
      ? ledger.portalConfigurations.get(session.configuration)
      : undefined
  const { id: configuration, features } = configured ?? defaultConfiguration(ledger)
  const products = ledger.portalProducts.get(configuration)?.products ?? []
  return { ledger, session, customer, features, products, base: `/p/session/${id}` }
}

/** The subscriptions a customer still has. */
export function liveSubscriptions(ledger: Ledger, customer: string): SubscriptionObject[] {
  return ledger.subscriptions.filter(row => row.customer === customer && !row.ended_at)
}
