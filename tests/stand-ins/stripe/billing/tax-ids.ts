import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { CustomerObject, TaxIdObject } from "../objects"

// The shapes alone, not the check digits: https://docs.stripe.com/billing/customer/tax-ids#supported-tax-id
const SHAPES: Record<string, RegExp> = {
  eu_vat:
    /^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[0-9A-Z]{8,12}$/,
  gb_vat: /^GB[0-9]{9,12}$/,
  ch_vat: /^CHE[0-9]{9}(MWST|TVA|IVA)$/,
  us_ein: /^[0-9]{2}-?[0-9]{7}$/,
}

/** The kind of number somebody typed on the checkout page. */
export function kindOf(value: string): string {
  const bare = value.replaceAll(/[\s.]/g, "").toUpperCase()
  return Object.entries(SHAPES).find(([, shape]) => shape.test(bare))?.[0] ?? "eu_vat"
}

/** The number without spaces and dots; one of the wrong shape is refused. */
export function checkedTaxId(type: string, value: string): string {
  const bare = value.replaceAll(/[\s.]/g, "").toUpperCase()
  const shape = SHAPES[type]
  if (!shape) throw refused(`The local Stripe knows no tax numbers of the type ${type}.`, "type")
  if (!shape.test(bare)) throw refused(`Invalid value for ${type}.`, "value", "tax_id_invalid")
  return bare
}

/** Gives a customer a tax number and tells of it; one of the wrong shape is refused. */
export function addTaxId(ledger: Ledger, customer: CustomerObject, type: string, value: string): TaxIdObject {
  const bare = checkedTaxId(type, value)
  const known = ledger.taxIds.find(row => row.customer === customer.id && row.value === bare)
  if (known) return known
  const taxId = ledger.taxIds.put({
    id: newId("txi"),
    object: "tax_id",
    country: type === "eu_vat" ? bare.slice(0, 2).replace("EL", "GR") : type.slice(0, 2).toUpperCase(),
    created: ledger.now(customer.id),
    customer: customer.id,
    customer_account: null,
    livemode: false,
    owner: { type: "customer", customer: customer.id, customer_account: null },
    type,
    value: bare,
    verification: { status: "pending", verified_address: null, verified_name: null },
  })
  ledger.emit("customer.tax_id.created", taxId)
  return taxId
}

export const taxIdsOf = (ledger: Ledger, customer: string | null | undefined) =>
  ledger.taxIds.filter(row => row.customer !== null && row.customer === customer)
