import { checkRestrictions, couponId, redeem } from "../billing/discounts"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { SubscriptionObject } from "../objects"

export interface GivenDiscount {
  coupon?: string | undefined
  promotion_code?: string | undefined
  discount?: string | undefined
}

/** Redeems the coupons and promotion codes named; an existing discount that is named stays. Answers their ids. */
export function redeemGiven(
  ledger: Ledger,
  subscription: SubscriptionObject,
  given: GivenDiscount[],
): string[] {
  return given.map((one, index) => {
    if (one.discount !== undefined) {
      if (!subscription.discounts.includes(one.discount))
        throw refused(
          `No such discount: '${one.discount}'`,
          `discounts[${index}][discount]`,
          "resource_missing",
        )
      return one.discount
    }
    const code =
      one.promotion_code === undefined
        ? undefined
        : ledger.promotionCodes.require(one.promotion_code, `discounts[${index}][promotion_code]`)
    const named = one.coupon ?? couponId(code)
    const coupon = ledger.coupons.require(named ?? "", `discounts[${index}][coupon]`)
    if (!coupon.valid) throw refused(`Coupon expired: ${coupon.id}`, "coupon", "coupon_expired")
    if (code) checkRestrictions(ledger, code, { customer: subscription.customer, amount: null })
    return redeem(ledger, coupon, {
      customer: subscription.customer,
      subscription: subscription.id,
      session: null,
      promotionCode: code?.id ?? null,
    })
  })
}
