import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { CustomerObject, InvoiceLineObject } from "../objects"

// The union's members, as Stripe's own list of VAT numbers has them: https://docs.stripe.com/billing/customer/tax-ids
const UNION = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "),
)

/** Where a buyer is, and what says that they need not pay tax. */
export interface TaxPlace {
  country: string | null
  vatNumber: boolean
  exempt: string | null
}

export interface Tax {
  amount: number
  /** The amount is part of the price, and does not come on top. */
  included: boolean
  taxable: number
  reason: "standard_rated" | "not_collecting" | "reverse_charge" | "customer_exempt"
}

type LineTax = NonNullable<InvoiceLineObject["taxes"]>[number]

export function placeOf(ledger: Ledger, customer: CustomerObject | undefined): TaxPlace {
  const numbers = ledger.taxIds.filter(row => row.customer !== null && row.customer === customer?.id)
  return {
    country: customer?.address?.country ?? null,
    vatNumber: numbers.some(row => row.type === "eu_vat"),
    exempt: customer?.tax_exempt ?? null,
  }
}

/**
 * The tax on an amount: a rate per country in which the account is registered, none elsewhere, none for a business of
 * the European Union with a VAT number. Source: https://docs.stripe.com/tax/zero-tax
 */
export function taxOn(ledger: Ledger, place: TaxPlace, amount: number, behavior: string | null): Tax {
  const none = (reason: Tax["reason"]): Tax => ({ amount: 0, included: false, taxable: 0, reason })
  const rate = ledger.tax.rates[place.country ?? ""]
  if (place.exempt === "exempt") return none("customer_exempt")
  if (rate === undefined) return none("not_collecting")
  if (place.exempt === "reverse" || (place.vatNumber && UNION.has(place.country ?? "")))
    return none("reverse_charge")
  const included = behavior === "inclusive"
  const taxable = included ? Math.round(amount / (1 + rate / 100)) : amount
  const due = included ? amount - taxable : Math.round((amount * rate) / 100)
  return { amount: due, included, taxable, reason: "standard_rated" }
}

/** A tax as invoices and their lines carry it. */
export function taxRow(tax: Tax): LineTax {
  return {
    amount: tax.amount,
    tax_behavior: tax.included ? "inclusive" : "exclusive",
    tax_rate_details: null,
    taxability_reason: tax.reason,
    taxable_amount: tax.taxable,
    type: "tax_rate_details",
  }
}

/** Stripe refuses automatic tax in an account that has not said where it is. */
export function requireHeadOffice(ledger: Ledger): void {
  if (ledger.tax.headOffice) return
  throw refused(
    "You must have a valid head office address to enable automatic tax calculation in test mode. Visit https://dashboard.stripe.com/test/settings/tax to update it.",
    "automatic_tax",
  )
}

/** Automatic tax needs to know where the customer is. */
export function requireTaxLocation(ledger: Ledger, customer: CustomerObject): void {
  requireHeadOffice(ledger)
  if (customer.address?.country) return
  throw refused(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    undefined,
    "customer_tax_location_invalid",
  )
}
