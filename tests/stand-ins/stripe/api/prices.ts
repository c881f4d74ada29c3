import { z } from "zod"
import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import { is, page, within } from "../listing"
import type { PlanObject, PriceObject } from "../objects"
import { accepts, acceptsPage, bool, created, int, metadata, text } from "../params"
import { route } from "../router"
import { mergeMetadata } from "./customers"
import { createProduct } from "./products"

const INTERVALS = z.enum(["day", "week", "month", "year"])

export interface NewPrice {
  product: string
  currency: string
  unit_amount: number
  recurring?: { interval: string; interval_count?: number | undefined } | undefined
  lookup_key?: string | undefined
  transfer_lookup_key?: boolean | undefined
  nickname?: string | undefined
  active?: boolean | undefined
  metadata?: Record<string, string> | null | undefined
  tax_behavior?: string | undefined
}

/** Adds a price and tells of it. A lookup key belongs to one price; it moves only when asked to. */
export function createPrice(ledger: Ledger, given: NewPrice): PriceObject {
  const id = newId("price")
  claimLookupKey(ledger, id, given.lookup_key, given.transfer_lookup_key)
  const price = ledger.prices.put({
    id,
    object: "price",
    active: given.active ?? true,
    billing_scheme: "per_unit",
    created: ledger.clock.now(),
    currency: given.currency.toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: given.lookup_key ?? null,
    metadata: given.metadata ?? {},
    nickname: given.nickname ?? null,
    product: given.product,
    recurring: given.recurring
      ? {
          interval: given.recurring.interval,
          interval_count: given.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: "licensed",
        }
      : null,
    tax_behavior: given.tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: given.recurring ? "recurring" : "one_time",
    unit_amount: given.unit_amount,
    unit_amount_decimal: String(given.unit_amount),
  })
  ledger.emit("price.created", price)
  return price
}

/** The older face of a recurring price, still part of each subscription item. */
export function planOf(price: PriceObject): PlanObject {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? "month",
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  }
}

export const priceRoutes = [
  route(
    "GET",
    "/v1/prices",
    acceptsPage({
      active: bool.optional(),
      created: created.optional(),
      currency: text.optional(),
      lookup_keys: z.array(text).max(10, { error: "you can look up at most 10 keys" }).optional(),
      product: text.optional(),
      recurring: z
        .strictObject({ interval: INTERVALS.optional(), usage_type: text.optional(), meter: text.optional() })
        .optional(),
      type: z.enum(["recurring", "one_time"]).optional(),
    }),
    ({ ledger, params }) =>
      page(
        ledger.prices.filter(
          row =>
            is(row.active, params.active) &&
            within(row.created, params.created) &&
            is(row.currency, params.currency) &&
            is(row.product, params.product) &&
            is<string>(row.type, params.type) &&
            (params.lookup_keys === undefined || params.lookup_keys.includes(row.lookup_key ?? "")) &&
            is<string | undefined>(row.recurring?.interval, params.recurring?.interval),
        ),
        params,
        "/v1/prices",
      ),
  ),
  route(
    "POST",
    "/v1/prices",
    accepts({
      active: bool.optional(),
      billing_scheme: z.enum(["per_unit"]).optional(),
      currency: text.length(3, { error: "must be a three-letter ISO code" }),
      lookup_key: text.max(200).optional(),
      metadata: metadata.optional(),
      nickname: text.optional(),
      product: text.optional(),
      product_data: z
        .strictObject({ name: text.min(1), metadata: metadata.optional(), active: bool.optional() })
        .optional(),
      recurring: z
        .strictObject({
          interval: INTERVALS,
          interval_count: int.optional(),
          usage_type: z.enum(["licensed"]).optional(),
        })
        .optional(),
      tax_behavior: z.enum(["exclusive", "inclusive", "unspecified"]).optional(),
      transfer_lookup_key: bool.optional(),
      unit_amount: int,
    }),
    ({ ledger, params }) => {
      if (params.product === undefined && !params.product_data) {
        throw refused("You must specify either `product` or `product_data` when creating a price.", "product")
      }
      if (params.product !== undefined && params.product_data) {
        throw refused("You may only specify one of these parameters: product, product_data.")
      }
      if (params.unit_amount < 0)
        throw refused(
          "This value must be greater than or equal to 0.",
          "unit_amount",
          "parameter_invalid_integer",
        )
      const product = params.product_data
        ? createProduct(ledger, params.product_data)
        : ledger.products.require(params.product ?? "", "product")
      return createPrice(ledger, { ...params, product: product.id })
    },
  ),
  route("GET", "/v1/prices/:id", accepts({}), ({ ledger, id }) => ledger.prices.require(id)),
  route(
    "POST",
    "/v1/prices/:id",
    accepts({
      active: bool.optional(),
      lookup_key: text.max(200).optional(),
      metadata: metadata.optional(),
      nickname: text.optional(),
      tax_behavior: z.enum(["exclusive", "inclusive", "unspecified"]).optional(),
      transfer_lookup_key: bool.optional(),
    }),
    ({ ledger, params, id }) => {
      const found = ledger.prices.require(id)
      claimLookupKey(ledger, id, params.lookup_key, params.transfer_lookup_key)
      return ledger.change("price.updated", found, price => {
        if (params.active !== undefined) price.active = params.active
        if (params.lookup_key !== undefined) price.lookup_key = params.lookup_key || null
        if (params.nickname !== undefined) price.nickname = params.nickname || null
        if (params.tax_behavior !== undefined) price.tax_behavior = params.tax_behavior
        if (params.metadata !== undefined) price.metadata = mergeMetadata(price.metadata, params.metadata)
      })
    },
  ),
]

function claimLookupKey(
  ledger: Ledger,
  claimant: string,
  key: string | undefined,
  transfer: boolean | undefined,
): void {
  if (!key) return
  const holder = ledger.prices.find(price => price.lookup_key === key && price.id !== claimant)
  if (!holder) return
  if (!transfer) {
    throw refused(
      `A price (\`${holder.id}\`) already uses that lookup key. To transfer the lookup key from the other price, set \`transfer_lookup_key\` to true.`,
      "lookup_key",
    )
  }
  ledger.change("price.updated", holder, price => {
    price.lookup_key = null
  })
}
