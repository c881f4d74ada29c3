import { z } from "zod"
import { cancelNow } from "../billing/cancelling"
import { createCustomer } from "../billing/customers"
import { refused } from "../errors"
import { is, page, within } from "../listing"
import { mergeMetadata } from "../metadata"
import { type CustomerObject, listOf } from "../objects"
import { accepts, acceptsPage, bool, clearable, created, email, metadata, passive, text } from "../params"
import { route } from "../router"

const address = clearable(
  z.strictObject({
    city: text.optional(),
    country: text.optional(),
    line1: text.optional(),
    line2: text.optional(),
    postal_code: text.optional(),
    state: text.optional(),
  }),
)

const fields = {
  address: address.optional(),
  description: text.optional(),
  email: clearable(email).optional(),
  metadata: metadata.optional(),
  name: text.optional(),
  phone: text.optional(),
  business_name: clearable(text).optional(),
  individual_name: clearable(text).optional(),
  preferred_locales: z.array(text).optional(),
  tax_exempt: clearable(z.enum(["none", "exempt", "reverse"])).optional(),
  invoice_settings: passive.optional(),
  shipping: passive.optional(),
  tax: passive.optional(),
}

export const customerRoutes = [
  route(
    "GET",
    "/v1/customers",
    acceptsPage({ created: created.optional(), email: text.optional(), test_clock: text.optional() }),
    ({ ledger, params }) => {
      const rows = ledger.customers.filter(
        row =>
          within(row.created, params.created) &&
          is(row.email, params.email) &&
          (params.test_clock === undefined ? !row.test_clock : row.test_clock === params.test_clock),
      )
      return page(rows, params, "/v1/customers")
    },
  ),
  route(
    "POST",
    "/v1/customers",
    accepts({
      ...fields,
      test_clock: text.optional(),
      payment_method: text.optional(),
      validate: bool.optional(),
    }),
    ({ ledger, params }) => {
      if (params.test_clock !== undefined) ledger.testClocks.require(params.test_clock, "test_clock")
      const customer = createCustomer(ledger, params)
      customer.address = addressOf(params.address)
      if (params.payment_method)
        ledger.customerFacts.require(customer.id).card = cardOf(params.payment_method)
      return customer
    },
  ),
  route("GET", "/v1/customers/:id", accepts({}), ({ ledger, id }) => ledger.customers.require(id)),
  route("POST", "/v1/customers/:id", accepts(fields), ({ ledger, params, id }) =>
    ledger.change("customer.updated", ledger.customers.require(id), customer => {
      if (params.email !== undefined) customer.email = params.email
      if (params.name !== undefined) customer.name = params.name || null
      if (params.phone !== undefined) customer.phone = params.phone || null
      if (params.description !== undefined) customer.description = params.description || null
      if (params.address !== undefined) customer.address = addressOf(params.address)
      if (params.preferred_locales !== undefined) customer.preferred_locales = params.preferred_locales
      if (params.tax_exempt) customer.tax_exempt = params.tax_exempt
      if (params.business_name) customer.business_name = params.business_name
      if (params.individual_name) customer.individual_name = params.individual_name
      if (params.metadata !== undefined) customer.metadata = mergeMetadata(customer.metadata, params.metadata)
    }),
  ),
  route("DELETE", "/v1/customers/:id", accepts({}), ({ ledger, id }) => {
    const customer = ledger.customers.require(id)
    for (const subscription of ledger.subscriptions.filter(row => row.customer === id && !row.ended_at)) {
      cancelNow(ledger, subscription, "cancellation_requested")
    }
    ledger.customers.delete(id)
    ledger.emit("customer.deleted", customer)
    return { id, object: "customer", deleted: true }
  }),
  route(
    "GET",
    "/v1/customers/:id/payment_methods",
    acceptsPage({ type: text.optional() }),
    ({ ledger, params, id }) => {
      ledger.customers.require(id)
      return page(
        ledger.paymentMethods.filter(row => row.customer === id && is(row.type, params.type)),
        params,
        `/v1/customers/${id}/payment_methods`,
      )
    },
  ),
  route("GET", "/v1/customers/:id/tax_ids", acceptsPage({}), ({ ledger, id }) => {
    ledger.customers.require(id)
    return listOf([], `/v1/customers/${id}/tax_ids`)
  }),
]

type GivenAddress = z.output<typeof address> | undefined

function addressOf(given: GivenAddress): CustomerObject["address"] {
  if (!given) return null
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = given
  return { city, country, line1, line2, postal_code, state }
}

function cardOf(paymentMethod: string): "works" | "declines" {
  if (!paymentMethod.startsWith("pm_card_"))
    throw refused(`No such PaymentMethod: '${paymentMethod}'`, "payment_method", "resource_missing")
  return paymentMethod.includes("chargeDeclined") || paymentMethod.includes("chargeCustomerFail")
    ? "declines"
    : "works"
}
