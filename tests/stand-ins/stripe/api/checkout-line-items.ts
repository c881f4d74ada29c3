import { createPrice } from "../billing/prices"
import { createProduct } from "../billing/products"
import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { LineItemObject, PriceObject } from "../objects"
import type { SessionParams } from "./checkout-params"

type GivenItem = NonNullable<SessionParams["line_items"]>[number]

/** Prices one line of the order, or refuses it as Stripe does. */
export function lineItemOf(ledger: Ledger, item: GivenItem, index: number): LineItemObject {
  const param = `line_items[${index}]`
  const quantity = item.quantity ?? 1
  if (item.price === undefined && !item.price_data)
    throw refused(
      `You must specify either \`price\` or \`price_data\`.`,
      `${param}[price]`,
      "parameter_missing",
    )
  if (item.price !== undefined && item.price_data)
    throw refused(`You may only specify one of these parameters: ${param}[price], ${param}[price_data].`)
  if (quantity < 1)
    throw refused(
      "This value must be greater than or equal to 1.",
      `${param}[quantity]`,
      "parameter_invalid_integer",
    )
  const price =
    item.price === undefined
      ? inlinePrice(ledger, item, param)
      : ledger.prices.require(item.price, `${param}[price]`)
  if (!price.active)
    throw refused(
      "The price specified is inactive. This field only accepts active prices.",
      `${param}[price]`,
    )
  const amount = (price.unit_amount ?? 0) * quantity
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: ledger.products.get(price.product)?.name ?? null,
    metadata: item.metadata ?? {},
    price,
    quantity,
  }
}

function inlinePrice(ledger: Ledger, item: GivenItem, param: string): PriceObject {
  const data = item.price_data
  if (data?.unit_amount === undefined) {
    throw refused(
      `Missing required param: ${param}[price_data][unit_amount].`,
      `${param}[price_data][unit_amount]`,
      "parameter_missing",
    )
  }
  const product = data.product_data
    ? createProduct(ledger, { ...data.product_data, active: false })
    : ledger.products.require(data.product ?? "", `${param}[price_data][product]`)
  return createPrice(ledger, { ...data, product: product.id, unit_amount: data.unit_amount })
}
