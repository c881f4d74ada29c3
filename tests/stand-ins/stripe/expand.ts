import { taxIdsOf } from "./billing/tax-ids"
import { refused } from "./errors"
import type { Ledger } from "./ledger"
import { isJsonMap, type Json, type JsonMap, listOf, snapshot } from "./objects"

/**
 * Replaces ids by their objects along each path, such as `data.customer` or `latest_invoice.payments`.
 * Up to four levels, as at Stripe: https://docs.stripe.com/api/expanding_objects
 */
export function expand(ledger: Ledger, answer: object, paths: string[] = []): JsonMap {
  const root = snapshot(answer)
  for (const path of paths) {
    const steps = path.split(".")
    if (path.endsWith(PORTAL_PRODUCTS)) includeProducts(ledger, root)
    if (steps.length > 4) throw refused("You cannot expand more than 4 levels of a property", "expand")
    expandAlong(ledger, root, steps, path)
  }
  return root
}

const PORTAL_PRODUCTS = "features.subscription_update.products"

// The one list that hangs below an object without an id: https://docs.stripe.com/api/customer_portal/configurations/object
function includeProducts(ledger: Ledger, root: JsonMap): void {
  for (const row of Array.isArray(root.data) ? root.data : [root]) {
    if (!isJsonMap(row) || !isJsonMap(row.features) || !isJsonMap(row.features.subscription_update)) continue
    const products = ledger.portalProducts.get(String(row.id))?.products ?? []
    row.features.subscription_update.products = products.map(snapshot)
  }
}

function expandAlong(ledger: Ledger, holder: JsonMap, steps: string[], path: string): void {
  const [step, ...rest] = steps
  if (step === undefined) return
  if (Array.isArray(holder[step])) {
    holder[step] = holder[step].map(value => expanded(ledger, value, rest, path))
    return
  }
  const value = holder[step] ?? included(ledger, holder, step)
  if (value === undefined) throw refused(`This property cannot be expanded (${path}).`, "expand")
  holder[step] = expanded(ledger, value, rest, path)
}

function expanded(ledger: Ledger, value: Json, rest: string[], path: string): Json {
  const object = typeof value === "string" ? objectOf(ledger, value) : value
  if (object === undefined) throw refused(`This property cannot be expanded (${path}).`, "expand")
  if (isJsonMap(object)) expandAlong(ledger, object, rest, path)
  return object
}

function objectOf(ledger: Ledger, id: string): JsonMap | undefined {
  for (const collection of Object.values(ledger.shown())) {
    const found = collection.get(id)
    if (found) return snapshot(found)
  }
  const gone = ledger.deletedCustomers.get(id)
  return gone && snapshot(gone)
}

// Lists that an object only carries when asked for.
function included(ledger: Ledger, holder: JsonMap, name: string): Json | undefined {
  const id = String(holder.id)
  const list = (rows: object[], url: string) => snapshot(listOf(rows, url))
  switch (`${String(holder.object)}.${name}`) {
    case "checkout.session.line_items":
      return list(ledger.sessionFacts.get(id)?.lineItems ?? [], `/v1/checkout/sessions/${id}/line_items`)
    case "customer.subscriptions":
      return list(
        ledger.subscriptions.filter(row => row.customer === id && row.status !== "canceled"),
        `/v1/customers/${id}/subscriptions`,
      )
    case "customer.tax_ids":
      return list(taxIdsOf(ledger, id), `/v1/customers/${id}/tax_ids`)
    case "invoice.payments":
      return list(
        ledger.invoicePayments.filter(row => row.invoice === id),
        "/v1/invoice_payments",
      )
    case "charge.refunds":
      return list(
        ledger.refunds.filter(row => row.charge === id),
        `/v1/charges/${id}/refunds`,
      )
    default:
      return name in holder ? null : undefined
  }
}
