import { ServerClock } from "./clock"
import { Collection } from "./collection"
import { Deliveries } from "./delivery/deliveries"
import { anySeed, Dice } from "./dice"
import type {
  Dunning,
  IdempotentAnswer,
  InvoiceFacts,
  PaymentMethodFacts,
  PortalProduct,
  SessionFacts,
  SubscriptionFacts,
  TaxSettings,
} from "./facts"
import { newId } from "./ids"
import {
  type ChargeObject,
  type CouponObject,
  type CreditNoteObject,
  type CustomerObject,
  type DeletedCustomerObject,
  type DiscountObject,
  type DisputeObject,
  type EventObject,
  type InvoiceObject,
  type InvoicePaymentObject,
  type JsonMap,
  type PaymentIntentObject,
  type PaymentMethodObject,
  type PortalConfigurationObject,
  type PortalSessionObject,
  type PriceObject,
  type ProductObject,
  type PromotionCodeObject,
  type RefundObject,
  type SessionObject,
  type SubscriptionObject,
  snapshot,
  type TaxIdObject,
  type TestClockObject,
  type WebhookEndpointObject,
} from "./objects"

export const API_VERSION = "2026-10-28.endive"

export const NORMAL_DUNNING: Dunning = { retryDays: [3, 5, 7], afterwards: "canceled" }

export const NO_TAX: TaxSettings = { headOffice: true, rates: {} }

export interface Settings {
  appName: string
  baseUrl: string
  secretKey: string
}

/** Everything this Stripe account holds. One instance is one account; nothing is global. */
export class Ledger {
  readonly clock = new ServerClock()
  readonly customers = new Collection<CustomerObject>("customer")
  readonly deletedCustomers = new Collection<DeletedCustomerObject>("customer")
  readonly products = new Collection<ProductObject>("product")
  readonly prices = new Collection<PriceObject>("price")
  readonly coupons = new Collection<CouponObject>("coupon")
  readonly promotionCodes = new Collection<PromotionCodeObject>("promotion code")
  readonly discounts = new Collection<DiscountObject>("discount")
  readonly sessions = new Collection<SessionObject>("checkout.session")
  readonly subscriptions = new Collection<SubscriptionObject>("subscription")
  readonly invoices = new Collection<InvoiceObject>("invoice")
  readonly invoicePayments = new Collection<InvoicePaymentObject>("invoice payment")
  readonly paymentIntents = new Collection<PaymentIntentObject>("payment_intent")
  readonly paymentMethods = new Collection<PaymentMethodObject>("PaymentMethod")
  readonly charges = new Collection<ChargeObject>("charge")
  readonly refunds = new Collection<RefundObject>("refund")
  readonly creditNotes = new Collection<CreditNoteObject>("credit note")
  readonly taxIds = new Collection<TaxIdObject>("tax id")
  readonly disputes = new Collection<DisputeObject>("dispute")
  readonly portalSessions = new Collection<PortalSessionObject>("billing portal session")
  readonly portalConfigurations = new Collection<PortalConfigurationObject>("configuration")
  /** The products a portal configuration offers; shown only when the list is asked for by expanding. */
  readonly portalProducts = new Collection<{ id: string; products: PortalProduct[] }>("portal products")
  readonly webhookEndpoints = new Collection<WebhookEndpointObject>("webhook endpoint")
  readonly testClocks = new Collection<TestClockObject>("test clock")
  readonly events = new Collection<EventObject>("event")
  readonly deliveries = new Deliveries("delivery")
  readonly webhookSecrets = new Collection<{ id: string; secrets: string[] }>("webhook secret")
  readonly idempotentAnswers = new Collection<IdempotentAnswer>("idempotency key")
  readonly paymentMethodFacts = new Collection<PaymentMethodFacts>("payment method facts")
  readonly subscriptionFacts = new Collection<SubscriptionFacts>("subscription facts")
  readonly invoiceFacts = new Collection<InvoiceFacts>("invoice facts")
  readonly sessionFacts = new Collection<SessionFacts>("session facts")

  dunning: Dunning = { ...NORMAL_DUNNING }
  tax: TaxSettings = { ...NO_TAX }
  /** What is left to chance; a seed repeats it. */
  dice = new Dice(anySeed())
  /** The API call being answered, named in the events it causes. */
  request: { id: string; idempotency_key: string | null } | null = null
  onEvent: (event: EventObject) => void = () => {}

  constructor(readonly settings: Settings) {}

  /** The time for a customer: that of their test clock, or the server's. */
  now(customer?: string | null): number {
    const clock = this.testClocks.get(this.customers.get(customer)?.test_clock)
    return clock?.frozen_time ?? this.clock.now()
  }

  /** Records that something happened, with the object as it is at this moment, and tells the webhooks. */
  emit(type: string, object: object, previous?: JsonMap): EventObject {
    const data = { object: snapshot(object), ...(previous ? { previous_attributes: previous } : {}) }
    const customer = typeof data.object.customer === "string" ? data.object.customer : null
    const event = this.events.put({
      id: newId("evt"),
      object: "event",
      api_version: API_VERSION,
      created: this.now(customer),
      data,
      livemode: false,
      pending_webhooks: 0,
      request: this.request ?? { id: null, idempotency_key: null },
      type,
    })
    this.onEvent(event)
    return event
  }

  /** Changes an object and emits the event only if something is different, naming what it was before. */
  change<T extends object>(type: string, object: T, alter: (object: T) => void): T {
    const before = snapshot(object)
    alter(object)
    const previous = differences(before, snapshot(object))
    if (Object.keys(previous).length > 0) this.emit(type, object, previous)
    return object
  }

  /** The collections whose objects the API can show, for expanding and for saving. */
  shown(): Record<string, Collection<{ id: string }>> {
    const { customers, products, prices, coupons, promotionCodes, discounts, sessions, subscriptions } = this
    const { invoices, invoicePayments, paymentIntents, paymentMethods, charges, refunds, disputes } = this
    const { creditNotes, taxIds } = this
    const { portalSessions, portalConfigurations, webhookEndpoints, testClocks, events } = this
    return {
      ...{ customers, products, prices, coupons, promotionCodes, discounts, sessions, subscriptions },
      ...{ invoices, invoicePayments, paymentIntents, paymentMethods, charges, refunds, disputes },
      ...{ creditNotes, taxIds },
      ...{ portalSessions, portalConfigurations, webhookEndpoints, testClocks, events },
    }
  }

  /** What is kept besides: secrets, deliveries, and the facts Stripe does not show. */
  hidden(): Record<string, Collection<{ id: string }>> {
    const { deletedCustomers, deliveries, webhookSecrets, idempotentAnswers, portalProducts } = this
    const { paymentMethodFacts, subscriptionFacts, invoiceFacts, sessionFacts } = this
    return {
      ...{ deletedCustomers, deliveries, webhookSecrets, idempotentAnswers, portalProducts },
      ...{ paymentMethodFacts, subscriptionFacts, invoiceFacts, sessionFacts },
    }
  }
}

/** The old values of what differs, as in an event's `previous_attributes`. */
export function differences(before: JsonMap, after: JsonMap): JsonMap {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const changed = [...names].filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  return Object.fromEntries(changed.map(name => [name, before[name] ?? null]))
}
