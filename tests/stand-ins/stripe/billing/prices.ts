import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import type { PlanObject, PriceObject } from "../objects"

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

/** Gives a lookup key to a price; from another price only when asked to. */
export function claimLookupKey(
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
