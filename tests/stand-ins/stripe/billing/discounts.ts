import { addMonths } from "../clock"
import { refused } from "../errors"
import type { SessionFacts } from "../facts"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { CouponObject, PromotionCodeObject, SessionObject } from "../objects"

/** What a coupon takes off an amount. */
export function discountOn(coupon: CouponObject, amount: number): number {
  if (coupon.percent_off !== null) return Math.round((amount * coupon.percent_off) / 100)
  return Math.min(coupon.amount_off ?? 0, amount)
}

/** The promotion code somebody typed, if it can still be used; a refusal in Stripe's words otherwise. */
export function usablePromotionCode(ledger: Ledger, code: string): PromotionCodeObject {
  const found = ledger.promotionCodes.find(
    row => row.code.toLowerCase() === code.trim().toLowerCase() && row.active,
  )
  const coupon = ledger.coupons.get(found?.promotion.coupon === null ? null : couponId(found))
  const expired = found?.expires_at != null && found.expires_at <= ledger.clock.now()
  const usedUp = found?.max_redemptions != null && found.times_redeemed >= found.max_redemptions
  if (!found || !coupon?.valid || expired || usedUp)
    throw refused("This promotion code is invalid.", "promotion_code")
  return found
}

/** Refuses a promotion code that this customer or this amount may not use. */
export function checkRestrictions(
  ledger: Ledger,
  code: PromotionCodeObject,
  use: { customer: string | null; amount: number | null },
): void {
  const { first_time_transaction, minimum_amount } = code.restrictions
  const paidBefore = ledger.invoices.find(
    row =>
      row.customer !== null && row.customer === use.customer && row.status === "paid" && row.amount_paid > 0,
  )
  const forSomeoneElse = code.customer !== null && code.customer !== use.customer
  if (forSomeoneElse)
    throw refused("This promotion code cannot be redeemed by this customer.", "promotion_code")
  if (first_time_transaction && paidBefore)
    throw refused(
      "This promotion code cannot be redeemed because the associated customer has prior transactions.",
      "promotion_code",
    )
  if (minimum_amount !== null && use.amount !== null && use.amount < minimum_amount)
    throw refused(
      "This promotion code cannot be redeemed because the order does not reach its minimum amount.",
      "promotion_code",
    )
}

export function couponId(code: PromotionCodeObject | undefined): string | null {
  const coupon = code?.promotion.coupon
  return typeof coupon === "string" ? coupon : null
}

/** Puts a coupon on a subscription (or on one payment) for as long as it says: once, some months, or forever. */
export function redeem(
  ledger: Ledger,
  coupon: CouponObject,
  on: {
    customer: string | null
    subscription: string | null
    session: string | null
    promotionCode: string | null
  },
): string {
  const start = ledger.now(on.customer)
  const months = coupon.duration === "repeating" ? (coupon.duration_in_months ?? 1) : null
  coupon.times_redeemed += 1
  if (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions) coupon.valid = false
  const code = ledger.promotionCodes.get(on.promotionCode)
  if (code) code.times_redeemed += 1
  const discount = ledger.discounts.put({
    id: newId("di"),
    object: "discount",
    checkout_session: on.session,
    customer: on.customer,
    customer_account: null,
    end: months === null ? null : addMonths(start, months),
    invoice: null,
    invoice_item: null,
    promotion_code: on.promotionCode,
    source: { coupon: coupon.id, type: "coupon" },
    start,
    subscription: on.subscription,
    subscription_item: null,
  })
  ledger.emit("customer.discount.created", discount)
  return discount.id
}

/** The discounts, of those named, that apply to an invoice made now, and what each takes off. */
export function applicable(
  ledger: Ledger,
  discounts: string[],
  subtotal: number,
  now: number,
): Array<{ amount: number; discount: string; once: boolean }> {
  let left = subtotal
  return discounts.flatMap(id => {
    const discount = ledger.discounts.get(id)
    const source = discount?.source.coupon
    const coupon = ledger.coupons.get(typeof source === "string" ? source : null)
    if (!discount || !coupon || left <= 0 || (discount.end !== null && discount.end <= now)) return []
    const amount = discountOn(coupon, left)
    left -= amount
    return [{ amount, discount: id, once: coupon.duration === "once" }]
  })
}

/** Redeems the coupon of a checkout session, if it has one; answers the discounts it made. */
export function redeemOn(
  ledger: Ledger,
  session: SessionObject,
  facts: SessionFacts,
  subscription: string | null,
): string[] {
  const coupon = ledger.coupons.get(facts.coupon)
  if (!coupon) return []
  const on = {
    customer: session.customer,
    subscription,
    session: session.id,
    promotionCode: facts.promotionCode,
  }
  return [redeem(ledger, coupon, on)]
}
