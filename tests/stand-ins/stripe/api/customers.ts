import { z } from "zod"
import { createCustomer, removeCustomer } from "../billing/customers"
import { attachMethod } from "../billing/payment-methods"
import { addTaxId } from "../billing/tax-ids"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import { is, page, within } from "../listing"
import { mergeMetadata } from "../metadata"
import type { CustomerObject } from "../objects"
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
  invoice_settings: z
    .strictObject({
      custom_fields: passive.optional(),
      default_payment_method: clearable(text).optional(),
      footer: text.optional(),
      rendering_options: passive.optional(),
    })
    .optional(),
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
      tax_id_data: z.array(z.strictObject({ type: text, value: text })).optional(),
      validate: bool.optional(),
    }),
    ({ ledger, params }) => {
      if (params.test_clock !== undefined) ledger.testClocks.require(params.test_clock, "test_clock")
      const customer = createCustomer(ledger, params)
      customer.address = addressOf(params.address)
      if (params.payment_method) attachMethod(ledger, params.payment_method, customer.id, "payment_method")
      applyInvoiceSettings(ledger, customer, params.invoice_settings)
      for (const { type, value } of params.tax_id_data ?? []) addTaxId(ledger, customer, type, value)
      return customer
    },
  ),
  route(
    "GET",
    "/v1/customers/:id",
    accepts({}),
    ({ ledger, id }) => ledger.deletedCustomers.get(id) ?? ledger.customers.require(id),
  ),
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
      applyInvoiceSettings(ledger, customer, params.invoice_settings)
      if (params.metadata !== undefined) customer.metadata = mergeMetadata(customer.metadata, params.metadata)
    }),
  ),
  route("DELETE", "/v1/customers/:id", accepts({}), ({ ledger, id }) => {
    removeCustomer(ledger, ledger.customers.require(id))
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
]

type GivenAddress = z.output<typeof address> | undefined

function addressOf(given: GivenAddress): CustomerObject["address"] {
  if (!given) return null
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = given
  return { city, country, line1, line2, postal_code, state }
}

// A test card's name stands for the card that was attached under it, as in Stripe's own examples.
function applyInvoiceSettings(
  ledger: Ledger,
  customer: CustomerObject,
  given: { default_payment_method?: string | null | undefined } | undefined,
): void {
  if (given?.default_payment_method === undefined) return
  const wanted = given.default_payment_method
  const newest = ledger.paymentMethods.filter(row => row.customer === customer.id).at(-1)
  const named = wanted?.startsWith("pm_card_") ? newest : ledger.paymentMethods.get(wanted)
  if (wanted !== null && named?.customer !== customer.id)
    throw refused(
      `No such PaymentMethod: '${wanted}'; It's possible this PaymentMethod exists but is not attached to this customer.`,
      "invoice_settings[default_payment_method]",
      "resource_missing",
    )
  customer.invoice_settings.default_payment_method = named?.id ?? null
}
