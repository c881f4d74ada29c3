import { newId, randomText } from "../ids"
import type { Ledger } from "../ledger"
import type { CustomerObject } from "../objects"
import { cancelNow } from "./cancelling"

export interface NewCustomer {
  email?: string | null | undefined
  name?: string | undefined
  metadata?: Record<string, string> | null | undefined
  description?: string | undefined
  phone?: string | undefined
  test_clock?: string | undefined
}

/** Adds a customer and tells of it. Their card works until somebody says otherwise; there is none yet. */
export function createCustomer(ledger: Ledger, given: NewCustomer): CustomerObject {
  const id = newId("cus")
  const now = ledger.testClocks.get(given.test_clock)?.frozen_time ?? ledger.clock.now()
  const customer = ledger.customers.put({
    id,
    object: "customer",
    address: null,
    balance: 0,
    created: now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: given.description ?? null,
    email: given.email ?? null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: given.metadata ?? {},
    name: given.name ?? null,
    next_invoice_sequence: 1,
    phone: given.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: given.test_clock ?? null,
  })
  ledger.emit("customer.created", customer)
  return customer
}

/** Removes a customer for good: their subscriptions end now, and only the id stays known, as deleted. */
export function removeCustomer(ledger: Ledger, customer: CustomerObject): void {
  for (const row of ledger.subscriptions.filter(one => one.customer === customer.id && !one.ended_at))
    cancelNow(ledger, row, "cancellation_requested")
  ledger.customers.delete(customer.id)
  ledger.deletedCustomers.put({ id: customer.id, object: "customer", deleted: true })
  ledger.emit("customer.deleted", customer)
}
