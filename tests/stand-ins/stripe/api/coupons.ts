import { z } from "zod"
import { refused } from "../errors"
import { newId, randomText } from "../ids"
import { is, page, within } from "../listing"
import { accepts, acceptsPage, bool, created, decimal, int, metadata, text } from "../params"
import { route } from "../router"

export const couponRoutes = [
  route("GET", "/v1/coupons", acceptsPage({ created: created.optional() }), ({ ledger, params }) =>
    page(
      ledger.coupons.filter(row => within(row.created, params.created)),
      params,
      "/v1/coupons",
    ),
  ),
  route(
    "POST",
    "/v1/coupons",
    accepts({
      amount_off: int.optional(),
      currency: text.length(3).optional(),
      duration: z.enum(["forever", "once", "repeating"]).optional(),
      duration_in_months: int.optional(),
      id: text.optional(),
      max_redemptions: int.optional(),
      metadata: metadata.optional(),
      name: text.max(40).optional(),
      percent_off: decimal.optional(),
      redeem_by: int.optional(),
    }),
    ({ ledger, params }) => {
      if ((params.amount_off === undefined) === (params.percent_off === undefined)) {
        throw refused("You must pass exactly one of `amount_off` or `percent_off`.")
      }
      if (params.amount_off !== undefined && params.currency === undefined) {
        throw refused("Must provide currency when setting amount_off.", "currency", "parameter_missing")
      }
      if ((params.duration === "repeating") !== (params.duration_in_months !== undefined)) {
        throw refused(
          "`duration_in_months` is required for, and only for, the duration `repeating`.",
          "duration_in_months",
        )
      }
      if (ledger.coupons.get(params.id))
        throw refused("Coupon already exists.", "id", "resource_already_exists")
      return ledger.coupons.put({
        id: params.id ?? randomText(8),
        object: "coupon",
        amount_off: params.amount_off ?? null,
        created: ledger.clock.now(),
        currency: params.currency ?? null,
        duration: params.duration ?? "once",
        duration_in_months: params.duration_in_months ?? null,
        livemode: false,
        max_redemptions: params.max_redemptions ?? null,
        metadata: params.metadata ?? {},
        name: params.name ?? null,
        percent_off: params.percent_off ?? null,
        redeem_by: params.redeem_by ?? null,
        times_redeemed: 0,
        valid: true,
      })
    },
  ),
  route("GET", "/v1/coupons/:id", accepts({}), ({ ledger, id }) => ledger.coupons.require(id)),
  route("DELETE", "/v1/coupons/:id", accepts({}), ({ ledger, id }) => {
    ledger.coupons.require(id)
    ledger.coupons.delete(id)
    return { id, object: "coupon", deleted: true }
  }),
  route(
    "GET",
    "/v1/promotion_codes",
    acceptsPage({
      active: bool.optional(),
      code: text.optional(),
      coupon: text.optional(),
      created: created.optional(),
      customer: text.optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.promotionCodes.filter(
          row =>
            is(row.active, params.active) &&
            is(row.code, params.code) &&
            is<string | null | object>(row.promotion.coupon, params.coupon) &&
            is(row.customer, params.customer) &&
            within(row.created, params.created),
        ),
        params,
        "/v1/promotion_codes",
      ),
  ),
  route(
    "POST",
    "/v1/promotion_codes",
    accepts({
      active: bool.optional(),
      code: text.regex(/^[A-Za-z0-9-]+$/).optional(),
      customer: text.optional(),
      expires_at: int.optional(),
      max_redemptions: int.optional(),
      metadata: metadata.optional(),
      promotion: z.strictObject({ type: z.enum(["coupon"]), coupon: text }),
      restrictions: z
        .strictObject({
          first_time_transaction: bool.optional(),
          minimum_amount: int.optional(),
          minimum_amount_currency: text.optional(),
        })
        .optional(),
    }),
    ({ ledger, params }) => {
      const coupon = ledger.coupons.require(params.promotion.coupon, "promotion[coupon]")
      const code = params.code ?? randomText(8).toUpperCase()
      if (ledger.promotionCodes.find(row => row.active && row.code.toLowerCase() === code.toLowerCase())) {
        throw refused(
          `An active promotion code with \`code: ${code}\` already exists.`,
          "code",
          "resource_already_exists",
        )
      }
      return ledger.promotionCodes.put({
        id: newId("promo"),
        object: "promotion_code",
        active: params.active ?? true,
        code,
        created: ledger.clock.now(),
        customer: params.customer ?? null,
        customer_account: null,
        expires_at: params.expires_at ?? null,
        livemode: false,
        max_redemptions: params.max_redemptions ?? null,
        metadata: params.metadata ?? {},
        promotion: { coupon: coupon.id, type: "coupon" },
        restrictions: {
          first_time_transaction: params.restrictions?.first_time_transaction ?? false,
          minimum_amount: params.restrictions?.minimum_amount ?? null,
          minimum_amount_currency: params.restrictions?.minimum_amount_currency ?? null,
        },
        times_redeemed: 0,
      })
    },
  ),
  route("GET", "/v1/promotion_codes/:id", accepts({}), ({ ledger, id }) => ledger.promotionCodes.require(id)),
  route("POST", "/v1/promotion_codes/:id", accepts({ active: bool.optional() }), ({ ledger, params, id }) => {
    const code = ledger.promotionCodes.require(id)
    code.active = params.active ?? code.active
    return code
  }),
]
