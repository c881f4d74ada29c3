import { z } from "zod"
import { claimLookupKey, createPrice } from "../billing/prices"
import { createProduct } from "../billing/products"
import { refused } from "../errors"
import { is, page, within } from "../listing"
import { mergeMetadata } from "../metadata"
import { accepts, acceptsPage, bool, created, int, metadata, text } from "../params"
import { route } from "../router"

const INTERVALS = z.enum(["day", "week", "month", "year"])

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
