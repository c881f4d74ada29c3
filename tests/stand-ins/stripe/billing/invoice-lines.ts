import type { PendingLine } from "../facts"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import { formatMoney } from "../money"
import type { InvoiceLineObject, PriceObject, SubscriptionItemObject, SubscriptionObject } from "../objects"

interface NewLine {
  amount: number
  currency: string
  description: string
  price: PriceObject
  quantity: number
  start: number
  end: number
  metadata: Record<string, string>
  subscription: string | null
  item: string | null
  proration: boolean
}

function line(given: NewLine): InvoiceLineObject {
  return {
    id: newId("il"),
    object: "line_item",
    amount: given.amount,
    currency: given.currency,
    description: given.description,
    discount_amounts: [],
    discountable: !given.proration,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: given.metadata,
    parent:
      given.item === null
        ? {
            type: "invoice_item_details",
            subscription_item_details: null,
            invoice_item_details: {
              invoice_item: newId("ii"),
              proration: false,
              proration_details: null,
              subscription: null,
            },
          }
        : {
            type: "subscription_item_details",
            invoice_item_details: null,
            subscription_item_details: {
              invoice_item: given.proration ? newId("ii") : null,
              proration: given.proration,
              proration_details: null,
              subscription: given.subscription,
              subscription_item: given.item,
            },
          },
    period: { start: given.start, end: given.end },
    pretax_credit_amounts: [],
    pricing: {
      type: "price_details",
      price_details: { price: given.price.id, product: given.price.product },
      unit_amount_decimal: given.price.unit_amount_decimal,
    },
    quantity: given.quantity,
    quantity_decimal: String(given.quantity),
    subscription: given.subscription,
    subtotal: given.amount,
    taxes: [],
  }
}

/** "1 × Gatehouse Starter (at $29.00 / month)", as Stripe words it. */
export function lineText(ledger: Ledger, price: PriceObject, quantity: number): string {
  const name = ledger.products.get(price.product)?.name ?? "Product"
  const amount = formatMoney(price.unit_amount ?? 0, price.currency)
  return price.recurring ? `${quantity} × ${name} (at ${amount} / ${price.recurring.interval})` : name
}

/** A line for a period of a subscription's item. During a trial it costs nothing. */
export function periodLine(
  ledger: Ledger,
  subscription: SubscriptionObject,
  item: SubscriptionItemObject,
  free: boolean,
): InvoiceLineObject {
  const quantity = item.quantity ?? 1
  const name = ledger.products.get(item.price.product)?.name ?? "Product"
  return line({
    amount: free ? 0 : (item.price.unit_amount ?? 0) * quantity,
    currency: item.price.currency,
    description: free ? `Trial period for ${name}` : lineText(ledger, item.price, quantity),
    price: item.price,
    quantity,
    start: item.current_period_start,
    end: item.current_period_end,
    metadata: subscription.metadata,
    subscription: subscription.id,
    item: item.id,
    proration: false,
  })
}

/** A line for a price bought together with a subscription, or alone, and paid once. */
export function oneTimeLine(
  ledger: Ledger,
  price: PriceObject,
  quantity: number,
  now: number,
): InvoiceLineObject {
  return line({
    amount: (price.unit_amount ?? 0) * quantity,
    currency: price.currency,
    description: lineText(ledger, price, quantity),
    price,
    quantity,
    start: now,
    end: now,
    metadata: {},
    subscription: null,
    item: null,
    proration: false,
  })
}

/** A line for a change within a period: a credit for what was not used, or a charge for what is new. */
export function prorationLine(
  ledger: Ledger,
  subscription: SubscriptionObject,
  pending: PendingLine,
): InvoiceLineObject {
  const price = ledger.prices.require(pending.price)
  return line({
    amount: pending.amount,
    currency: price.currency,
    description: pending.description,
    price,
    quantity: pending.quantity,
    start: pending.start,
    end: pending.end,
    metadata: subscription.metadata,
    subscription: subscription.id,
    item: pending.item,
    proration: true,
  })
}
