/**
 * Trials [B12]: one for each organisation and each address, for good; dots and `+alias` make no other address. Whether a
 * payment page offers one is looked up when it is opened and stands in the checkout's row. Whose trial it is, is decided when
 * the first page is paid, by one conditional write that takes both keys; a stranger who only types an address takes nothing
 * from anybody. Other pages that still offer it are closed then. One that was paid all the same at that moment has had its
 * terms on the page: its trial ends, and the plan is charged.
 */
import { z } from "zod"
import { addressKey } from "~/domain/accounts/addresses.server"
import { closePage } from "~/domain/billing/rival-checkouts.server"
import type { Snapshot } from "~/domain/billing/snapshot.server"
import { fromNow, now } from "~/platform/clock.server"
import { keyedHash } from "~/platform/crypto.server"
import { type Client, db, type Tx } from "~/platform/db.server"
import { joiningStatement } from "~/platform/db-statement.server"
import { env } from "~/platform/env.server"
import { defineJob } from "~/platform/jobs.server"
import { log } from "~/platform/log.server"
import type { Checkout } from "~/platform/models.server"
import { isStripeSetUp, stripe } from "~/platform/stripe.server"

const claim = joiningStatement<[string, string, number]>(
  "INSERT INTO TrialClaim (key, checkoutId, at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
)
const claimBoth = joiningStatement<[{ mine: string; theirs: string; checkoutId: string; at: number }]>(
  `INSERT INTO TrialClaim (key, checkoutId, at) VALUES (@mine, @checkoutId, @at), (@theirs, @checkoutId, @at)
   ON CONFLICT (key) DO NOTHING`,
)

/** Stripe closes a payment page by itself after a day. */
const pageLife = 25 * 60 * 60 * 1000

/** How many days of trial a plan bought now would begin with: 0 after an earlier trial, or an earlier plan of the organisation. */
export async function trialDaysFor(
  canonicalAddress: string | undefined,
  organizationId?: string,
): Promise<number> {
  const days = env().trialDays
  if (days === 0) return 0
  const keys = [
    ...(canonicalAddress ? [keyOfAddress(canonicalAddress)] : []),
    ...(organizationId ? [keyOfOrganization(organizationId)] : []),
  ]
  if ((await db().trialClaim.count({ where: { key: { in: keys } } })) > 0) return 0
  const hadPlan = organizationId && (await db().subscription.count({ where: { organizationId } })) > 0
  return hadPlan ? 0 : days
}

/** Takes the trial of a purchase that is being provisioned. Returns what the ledger should say of it; a trial that was another's ends. */
export async function claimTrial(
  tx: Tx,
  checkout: Checkout,
  organizationId: string,
  { status, stripeSubscriptionId }: Snapshot,
): Promise<string> {
  if (!checkout.trialDays) return ""
  const taken = await claimBoth.run(tx, {
    mine: keyOfOrganization(organizationId),
    theirs: keyOfAddress(checkout.email),
    checkoutId: checkout.id,
    at: +now(),
  })
  if (taken === 2) {
    await closeOtherTrials.enqueue(tx, { checkoutId: checkout.id })
    return " with a trial"
  }
  if (status !== "trialing") return ""
  await endTrial.enqueue(tx, { subscriptionId: stripeSubscriptionId, checkoutId: checkout.id })
  log.warn({ checkout: checkout.id, subscription: stripeSubscriptionId }, "a second trial is being ended")
  return "; its trial was the second one and ends"
}

/** After a mistyped address was corrected: the trial belongs to the right one, and the wrong one's owner keeps theirs. */
export async function moveTrialClaim(tx: Tx, checkout: Checkout, canonicalAddress: string): Promise<void> {
  const moved = await tx.trialClaim.deleteMany({
    where: { key: keyOfAddress(checkout.email), checkoutId: checkout.id },
  })
  if (moved.count > 0) await claim.run(tx, keyOfAddress(canonicalAddress), checkout.id, +now())
}

/** Closes the payment pages that offer the trial a purchase has just taken. */
export const closeOtherTrials = defineJob({
  kind: "trial.close-others",
  payload: z.object({ checkoutId: z.string() }),
  run: async ({ checkoutId }) => {
    if (!isStripeSetUp()) return
    for (const other of await othersOf(db(), checkoutId)) await closePage(other)
  },
})

/** Ends a trial that is not the first. */
export const endTrial = defineJob({
  kind: "trial.end",
  payload: z.object({ subscriptionId: z.string(), checkoutId: z.string() }),
  run: async ({ subscriptionId }) => {
    if (!isStripeSetUp()) return
    const { status } = await stripe().subscriptions.retrieve(subscriptionId)
    if (status !== "trialing") return
    await stripe().subscriptions.update(subscriptionId, { trial_end: "now", proration_behavior: "none" })
  },
})

async function othersOf(client: Client, checkoutId: string): Promise<Checkout[]> {
  const paid = await client.checkout.findUnique({ where: { id: checkoutId } })
  if (!paid) return []
  const open = await client.checkout.findMany({
    where: {
      id: { not: checkoutId },
      state: "open",
      stripeSessionId: { not: null },
      trialDays: { gt: 0 },
      createdAt: { gt: fromNow(-pageLife) },
    },
  })
  return open.filter(
    other =>
      addressKey(other.email) === addressKey(paid.email) ||
      (other.organizationId !== null && other.organizationId === paid.organizationId),
  )
}

function keyOfAddress(canonicalAddress: string): string {
  return keyedHash("trial", `address ${addressKey(canonicalAddress)}`)
}

function keyOfOrganization(id: string): string {
  return keyedHash("trial", `organization ${id}`)
}
