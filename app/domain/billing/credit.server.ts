/**
 * What Stripe keeps for an organisation and takes off its next invoices: what was left of a larger plan, say. Like the next
 * charge it is good to have, and never waited for long.
 */
import type { NextCharge } from "~/domain/billing/billing-view"
import { currentSubscription } from "~/domain/billing/current-subscription.server"
import { KeptAnswers } from "~/domain/billing/kept-answers"
import { now } from "~/platform/clock.server"
import { log } from "~/platform/log.server"
import type { Subscription } from "~/platform/models.server"
import { isStripeSetUp, stripe } from "~/platform/stripe.server"
import { askOnce } from "~/platform/stripe-ask.server"

/** Milliseconds somebody who opens the billing page is kept waiting for it. */
const patience = 1_200
/** No event of ours tells that a credit was given by hand. */
const keptFor = 60 * 1000

const kept = new KeptAnswers<NextCharge | undefined>(500)

/** What would be left behind where an organisation's plan ends, or all of it is erased. Null for none, or where Stripe is silent. */
export async function creditHeldFor(organizationId: string): Promise<NextCharge | null> {
  const row = await currentSubscription(organizationId)
  return (row && (await creditOf(row))) ?? null
}

/** The credit of whoever pays for this subscription; undefined for none, or when Stripe does not say so in time. */
export async function creditOf(row: Subscription): Promise<NextCharge | undefined> {
  if (!isStripeSetUp()) return undefined
  const at = now().getTime()
  const version = row.syncedAt.getTime()
  const known = kept.find(row.stripeCustomerId, version, at)
  if (known) return known.answer
  const asked = await askOnce(patience, options =>
    stripe().customers.retrieve(row.stripeCustomerId, {}, options),
  )
  if (!asked.ok) log.info({ kind: asked.error.kind, trouble: asked.error.words }, "credit not known")
  const customer = asked.ok && !asked.value.deleted ? asked.value : undefined
  // Stripe counts what the customer owes: a credit is below zero.
  const owed = customer?.balance ?? 0
  const currency = customer?.currency ?? row.currency
  const answer = owed < 0 && currency ? { amount: -owed, currency } : undefined
  kept.keep(row.stripeCustomerId, { version, until: at + keptFor, answer })
  return answer
}
