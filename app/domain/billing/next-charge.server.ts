/**
 * What an organisation pays next, with tax, discounts and credit, as Stripe reckons it. It is good to have and never waited for
 * long: the billing page shows the plan's price where it is not known, and what is known is kept for a while.
 */
import type { NextCharge } from "~/domain/billing/billing-view"
import { now } from "~/platform/clock.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { isStripeSetUp, stripe } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** Milliseconds somebody who opens the billing page is kept waiting for it. */
const patience = 1_200
const minute = 60 * 1000
const keptFor = 10 * minute
/** After a silence the next visitors are not kept waiting again. */
const silentFor = minute
/** Organisations that are kept in mind. */
const most = 500

type Kept = { version: number; until: number; charge: NextCharge | undefined }
const kept = new Map<string, Kept>()

/** The amount of the next payment; undefined when Stripe does not say so in time, or knows of none. */
export async function nextChargeOf(row: Subscription): Promise<NextCharge | undefined> {
  if (!isStripeSetUp()) return undefined
  const known = kept.get(row.id)
  const at = now().getTime()
  if (known && known.version === row.syncedAt.getTime() && known.until > at) return known.charge
  const subscription = row.stripeSubscriptionId
  const asked = await askOnce(patience, options => stripe().invoices.createPreview({ subscription }, options))
  if (!asked.ok) log.info({ kind: asked.error.kind, trouble: asked.error.words }, "next payment not known")
  const charge = asked.ok ? { amount: asked.value.amount_due, currency: asked.value.currency } : undefined
  keep(row.id, { version: row.syncedAt.getTime(), until: at + (charge ? keptFor : silentFor), charge })
  return charge
}

function keep(id: string, what: Kept): void {
  kept.delete(id)
  kept.set(id, what)
  const [oldest] = kept.keys()
  if (kept.size > most && oldest) kept.delete(oldest)
}
