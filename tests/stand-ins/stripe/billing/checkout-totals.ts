import type { SessionFacts } from "../facts"
import type { Ledger } from "../ledger"
import type { SessionObject } from "../objects"
import { discountOn } from "./discounts"
import { type TaxPlace, taxOn } from "./taxes"

/** What is due today: nothing for what is on trial, less what a coupon takes off. */
export function totalsOf(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  place: TaxPlace | null = null,
): Pick<SessionObject, "amount_subtotal" | "amount_total" | "total_details" | "discounts"> {
  const coupon = ledger.coupons.get(facts.coupon)
  const onTrial = session.mode === "subscription" && (facts.trialEnd !== null || facts.trialDays !== null)
  const subtotal = facts.lineItems
    .filter(item => !(onTrial && item.price.recurring))
    .reduce((sum, item) => sum + (item.price.unit_amount ?? 0) * (item.quantity ?? 1), 0)
  const discount = coupon ? discountOn(coupon, subtotal) : 0
  const taxed = session.automatic_tax.enabled && place ? place : null
  const behavior = facts.lineItems[0]?.price.tax_behavior ?? null
  const tax = taxed ? taxOn(ledger, taxed, subtotal - discount, behavior) : null
  return {
    amount_subtotal: subtotal,
    amount_total: subtotal - discount + (tax && !tax.included ? tax.amount : 0),
    total_details: { amount_discount: discount, amount_shipping: 0, amount_tax: tax?.amount ?? 0 },
    discounts: coupon ? [{ coupon: coupon.id, promotion_code: facts.promotionCode }] : [],
  }
}
