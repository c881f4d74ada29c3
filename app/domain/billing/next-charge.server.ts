/**
 * What an organisation pays next, with tax, discounts and credit, as Stripe reckons it. It is good to have and never waited for
 * long: the billing page shows the plan's price where it is not known, and what is known is kept for a while.
 */
import type { NextCharge } from "~/domain/billing/billing-view"
import { KeptAnswers } from "~/domain/billing/kept-answers"
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

const kept = new KeptAnswers<NextCharge | undefined>(500)

/** The amount of the next payment; undefined when Stripe does not say so in time, or knows of none. */
export async function nextChargeOf(row: Subscription): Promise<NextCharge | undefined> {
  if (!isStripeSetUp()) return undefined
  const at = now().getTime()
  const version = row.syncedAt.getTime()
  const known = kept.find(row.id, version, at)
  if (known) return known.answer
  const subscription = row.stripeSubscriptionId
  const asked = await askOnce(patience, options => stripe().invoices.createPreview({ subscription }, options))
  if (!asked.ok) log.info({ kind: asked.error.kind, trouble: asked.error.words }, "next payment not known")
  const answer = asked.ok ? { amount: asked.value.amount_due, currency: asked.value.currency } : undefined
  kept.keep(row.id, { version, until: at + (answer ? keptFor : silentFor), answer })
  return answer
}
