import { periodAround } from "../clock"
import { refused } from "../errors"
import type { PendingLine } from "../facts"
import type { Ledger } from "../ledger"
import { prorate } from "../money"
import type { PriceObject, SubscriptionItemObject, SubscriptionObject } from "../objects"
import { applicable } from "./discounts"
import { planOf } from "./prices"
import { addItem, rhythm } from "./subscriptions"

export interface ItemChange {
  id?: string | undefined
  price?: string | undefined
  quantity?: number | undefined
  deleted?: boolean | undefined
  metadata?: Record<string, string> | null | undefined
}

export interface PlanChange {
  prorations: PendingLine[]
  /** What is billed of each changed item's price, after discounts. */
  shares: Record<string, number>
  /** The rhythm changed (monthly to yearly): a new period begins now and is billed now. */
  restarts: boolean
}

/**
 * Applies a list of item changes to a subscription and says what is to be billed for it.
 * A change without the item's id adds a second item, as Stripe's does: plan changes must send it.
 */
export function changeItems(
  ledger: Ledger,
  subscription: SubscriptionObject,
  changes: ItemChange[],
  options: { prorate: boolean; at: number },
): PlanChange {
  const result: PlanChange = { prorations: [], shares: {}, restarts: false }
  const free = subscription.status === "trialing" || !options.prorate
  for (const [index, change] of changes.entries()) {
    const item = change.id === undefined ? undefined : findItem(subscription, change.id, index)
    const price =
      change.price === undefined
        ? item?.price
        : recurringPrice(ledger, change.price, `items[${index}][price]`)
    if (!price)
      throw refused(
        `Missing required param: items[${index}][price].`,
        `items[${index}][price]`,
        "parameter_missing",
      )
    if (price.currency !== subscription.currency) {
      throw refused(
        `The price specified supports currencies of \`${price.currency}\`. This doesn't match the expected currency: \`${subscription.currency}\`.`,
        "currency",
      )
    }
    if (item && change.deleted) {
      if (!free) result.prorations.push(credit(ledger, subscription, item, options.at))
      subscription.items.data = subscription.items.data.filter(row => row !== item)
      continue
    }
    if (!item) {
      addNewItem(ledger, subscription, price, change, options.at, free, result)
      continue
    }
    changeItem(ledger, subscription, item, price, change, options.at, free, result)
  }
  if (subscription.items.data.length === 0)
    throw refused("A subscription must have at least one active item.", "items")
  return result
}

function changeItem(
  ledger: Ledger,
  subscription: SubscriptionObject,
  item: SubscriptionItemObject,
  price: PriceObject,
  change: ItemChange,
  at: number,
  free: boolean,
  result: PlanChange,
): void {
  const quantity = change.quantity ?? item.quantity ?? 1
  const restarts = JSON.stringify(rhythm(price)) !== JSON.stringify(rhythm(item.price))
  const differs = price.id !== item.price.id || quantity !== item.quantity
  if (differs && !free) result.prorations.push(credit(ledger, subscription, item, at))
  item.price = price
  item.plan = planOf(price)
  item.quantity = quantity
  if (change.metadata !== undefined) item.metadata = change.metadata ?? {}
  if (restarts) result.restarts = true
  else if (differs && !free) result.prorations.push(charge(ledger, subscription, item, at, result))
}

function addNewItem(
  ledger: Ledger,
  subscription: SubscriptionObject,
  price: PriceObject,
  change: ItemChange,
  at: number,
  free: boolean,
  result: PlanChange,
): void {
  if (subscription.items.data.some(row => row.price.id === price.id)) {
    throw refused(`Cannot add multiple subscription items with the same plan: ${price.id}`, "price")
  }
  const end = periodAround(subscription.billing_cycle_anchor, rhythm(price), at).end
  const added = addItem(subscription, price, change.quantity ?? 1, { start: at, end }, change.metadata ?? {})
  if (!free) result.prorations.push(charge(ledger, subscription, added, at, result))
}

function findItem(subscription: SubscriptionObject, id: string, index: number): SubscriptionItemObject {
  const item = subscription.items.data.find(row => row.id === id)
  if (!item) throw refused(`No such subscription item: '${id}'`, `items[${index}][id]`, "resource_missing")
  return item
}

/** A price a subscription can have: active and recurring. */
export function recurringPrice(ledger: Ledger, id: string, param: string): PriceObject {
  const price = ledger.prices.require(id, param)
  if (!price.active)
    throw refused("The price specified is inactive. This field only accepts active prices.", param)
  if (!price.recurring)
    throw refused(
      "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
      param,
    )
  return price
}

const dateText = (time: number) =>
  new Date(time * 1000).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  })

// Flexible billing mode includes the discounts in the prorated amounts: what was not paid is not given back.
// Source: https://docs.stripe.com/billing/subscriptions/billing-mode
function credit(
  ledger: Ledger,
  subscription: SubscriptionObject,
  item: SubscriptionItemObject,
  at: number,
): PendingLine {
  const billed = ledger.subscriptionFacts.get(subscription.id)?.billedShare?.[item.id] ?? 1
  const description = `Unused time on ${nameOf(ledger, item)} after ${dateText(at)}`
  return { ...part(item, at, -billed), description }
}

function charge(
  ledger: Ledger,
  subscription: SubscriptionObject,
  item: SubscriptionItemObject,
  at: number,
  result: PlanChange,
): PendingLine {
  const full = (item.price.unit_amount ?? 0) * (item.quantity ?? 1)
  const names = subscription.discounts.filter(row => typeof row === "string")
  const off = applicable(ledger, names, full, ledger.now(subscription.customer))
  const share = full === 0 ? 1 : 1 - off.reduce((sum, row) => sum + row.amount, 0) / full
  result.shares[item.id] = share
  const description = `Remaining time on ${nameOf(ledger, item)} after ${dateText(at)}`
  return { ...part(item, at, share), description }
}

const nameOf = (ledger: Ledger, item: SubscriptionItemObject) =>
  ledger.products.get(item.price.product)?.name ?? "Product"

function part(item: SubscriptionItemObject, at: number, share: number): Omit<PendingLine, "description"> {
  const { price, quantity = 1, current_period_start, current_period_end } = item
  const whole = prorate(price.unit_amount ?? 0, quantity, at, current_period_start, current_period_end)
  return {
    // Adding nothing turns minus nothing into nothing.
    amount: Math.round(whole * share) + 0,
    price: price.id,
    product: price.product,
    item: item.id,
    quantity,
    start: at,
    end: current_period_end,
  }
}
