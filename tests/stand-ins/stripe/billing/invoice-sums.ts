import type { Ledger } from "../ledger"
import type { InvoiceLineObject, InvoiceObject } from "../objects"
import { applicable } from "./discounts"
import { placeOf, taxOn, taxRow } from "./taxes"

export type Sums = Pick<
  InvoiceObject,
  | "subtotal"
  | "subtotal_excluding_tax"
  | "total"
  | "total_discount_amounts"
  | "total_excluding_tax"
  | "total_taxes"
>

/** Adds up the lines: what the discounts take off each, the tax on the rest, and the total. Writes into the lines. */
export function sumUp(
  ledger: Ledger,
  lines: InvoiceLineObject[],
  given: { customer: string | null; discounts: string[]; automaticTax: boolean },
): Sums {
  const now = ledger.now(given.customer)
  const open = lines.filter(line => line.discountable)
  const discountable = open.reduce((sum, line) => sum + line.amount, 0)
  const discounts = applicable(ledger, given.discounts, discountable, now)
  for (const line of lines) line.discount_amounts = []
  for (const { amount, discount } of discounts) spread(open, amount, discount, discountable)
  const place = placeOf(ledger, ledger.customers.get(given.customer))
  let onTop = 0
  let included = 0
  for (const line of lines) {
    if (!given.automaticTax) continue
    const price = ledger.prices.get(line.pricing?.price_details.price)
    const tax = taxOn(ledger, place, netOf(line), price?.tax_behavior ?? null)
    line.taxes = [taxRow(tax)]
    if (tax.included) included += tax.amount
    else onTop += tax.amount
  }
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const off = discounts.reduce((sum, row) => sum + row.amount, 0)
  const rows = lines.flatMap(line => line.taxes ?? [])
  const first = rows[0]
  const total_taxes = first
    ? [
        {
          ...first,
          amount: onTop + included,
          taxable_amount: rows.reduce((sum, row) => sum + (row.taxable_amount ?? 0), 0),
        },
      ]
    : []
  return {
    subtotal,
    subtotal_excluding_tax: subtotal - included,
    total: subtotal - off + onTop,
    total_discount_amounts: discounts.map(({ amount, discount }) => ({ amount, discount })),
    total_excluding_tax: subtotal - off - included,
    total_taxes,
  }
}

/** What a line comes to after its discounts. */
export function netOf(line: InvoiceLineObject): number {
  return line.amount - (line.discount_amounts ?? []).reduce((sum, row) => sum + row.amount, 0)
}

// In proportion, the last line taking what rounding left over.
function spread(lines: InvoiceLineObject[], amount: number, discount: string, whole: number): void {
  let left = amount
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1
    const part = last ? left : Math.round((amount * line.amount) / (whole || 1))
    left -= part
    line.discount_amounts = [...(line.discount_amounts ?? []), { amount: part, discount }]
  }
}

/** What the customer's balance takes off or adds: a credit pays first, a debt is billed with it. */
export function applyBalance(invoice: InvoiceObject, balance: number): void {
  const total = invoice.total
  const due = Math.max(0, total + balance)
  invoice.starting_balance = balance
  invoice.ending_balance = total < 0 ? balance + total : Math.min(0, balance + total)
  invoice.amount_due = due
  invoice.amount_remaining = due
}
