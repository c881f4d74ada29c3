import type { Ledger } from "../ledger"
import type { SubscriptionObject } from "../objects"

/** What decides about a subscription, as Stripe has it at this moment. Times are seconds. */
export interface Truth {
  subscription: string
  customer: string
  customerDeleted: boolean
  email: string | null
  status: string
  /** The prices of its items; one, unless somebody added another by hand. */
  prices: string[]
  lookupKeys: Array<string | null>
  interval: string
  periodEnd: number
  trialEnd: number | null
  cancelAt: number | null
  cancelAtPeriodEnd: boolean
  endedAt: number | null
  collectionPaused: boolean
  /** When the oldest unpaid attempt was made; null when nothing is owed. */
  owingSince: number | null
  metadata: Record<string, string>
  checkoutSession: string | null
  /** Everything else. */
  object: SubscriptionObject
}

export function truthOf(ledger: Ledger): Truth[] {
  return ledger.subscriptions.all().map(row => {
    const customer = ledger.customers.get(row.customer)
    const items = row.items.data
    return {
      subscription: row.id,
      customer: row.customer,
      customerDeleted: customer === undefined,
      email: customer?.email ?? null,
      status: row.status,
      prices: items.map(item => item.price.id),
      lookupKeys: items.map(item => item.price.lookup_key),
      interval: items[0]?.price.recurring?.interval ?? "month",
      periodEnd: Math.max(...items.map(item => item.current_period_end)),
      trialEnd: row.trial_end,
      cancelAt: row.cancel_at,
      cancelAtPeriodEnd: row.cancel_at_period_end,
      endedAt: row.ended_at,
      collectionPaused: row.pause_collection !== null,
      owingSince: owingSince(ledger, row),
      metadata: { ...row.metadata },
      checkoutSession: ledger.sessions.find(one => one.subscription === row.id)?.id ?? null,
      object: structuredClone(row),
    }
  })
}

function owingSince(ledger: Ledger, subscription: SubscriptionObject): number | null {
  const owed = ledger.invoices.filter(
    row =>
      row.status === "open" &&
      row.attempted &&
      row.parent?.subscription_details?.subscription === subscription.id,
  )
  const since = owed.map(row => row.status_transitions.finalized_at ?? row.created)
  return since.length === 0 ? null : Math.min(...since)
}
