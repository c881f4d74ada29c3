import type { Route } from "../router"
import { accountRoutes } from "./account"
import { checkoutSessionRoutes } from "./checkout-sessions"
import { couponRoutes } from "./coupons"
import { creditNoteRoutes } from "./credit-notes"
import { customerRoutes } from "./customers"
import { eventRoutes } from "./events"
import { invoiceRoutes } from "./invoices"
import { paymentRoutes } from "./payments"
import { portalConfigurationRoutes } from "./portal-configurations"
import { portalSessionRoutes } from "./portal-sessions"
import { priceRoutes } from "./prices"
import { productRoutes } from "./products"
import { subscriptionRoutes } from "./subscriptions"
import { taxIdRoutes } from "./tax-ids"
import { testClockRoutes } from "./test-clocks"
import { webhookEndpointRoutes } from "./webhook-endpoints"

/** Every address of Stripe's API that the local Stripe answers. */
export const apiRoutes: Route[] = [
  ...accountRoutes,
  ...checkoutSessionRoutes,
  ...couponRoutes,
  ...creditNoteRoutes,
  ...customerRoutes,
  ...eventRoutes,
  ...invoiceRoutes,
  ...paymentRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...subscriptionRoutes,
  ...taxIdRoutes,
  ...testClockRoutes,
  ...webhookEndpointRoutes,
]
