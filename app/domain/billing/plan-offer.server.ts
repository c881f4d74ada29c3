/**
 * A previewed change of plan, as it is posted back: which subscription, from which price to which, reckoned to which second, and
 * after which invoice: once anything was billed since, the offer is spent. It is signed, so that only what was shown can be
 * agreed to, and only by the organisation it was shown to.
 */
import type Stripe from "stripe"
import { z } from "zod"
import { intervals, planIds } from "~/domain/billing/plans"
import { idOf } from "~/domain/billing/snapshot.server"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { keyedHash, sameHash } from "~/platform/crypto.server"
import { newId } from "~/platform/ids.server"

/** The amounts were reckoned to the second of the preview; a quarter of an hour later they are still what everybody expects. */
const life = 15 * 60 * 1000

const Offer = z.object({
  /** No two previews make the same offer, not even of one change in one second. */
  id: z.string(),
  organizationId: z.string(),
  subscriptionId: z.string(),
  itemId: z.string(),
  fromPriceId: z.string(),
  toPriceId: z.string(),
  /** The subscription's latest invoice when it was reckoned. */
  latestInvoiceId: z.string().nullable(),
  /** The subscription's status when it was reckoned; it went on, and its invoices were being collected. */
  status: z.string(),
  plan: z.enum(planIds),
  interval: z.enum(intervals),
  /** Seconds, on Stripe's clock. */
  prorationDate: z.number().int(),
  /** Milliseconds, on ours. */
  madeAt: z.number().int(),
})
export type Offer = z.output<typeof Offer>

const purpose = "plan-offer"

/** The offer as one word for a form. */
export function sealOffer(offer: Omit<Offer, "id" | "madeAt">): string {
  const whole: Offer = { ...offer, id: newId(), madeAt: now().getTime() }
  const body = Buffer.from(JSON.stringify(whole)).toString("base64url")
  return `${body}.${keyedHash(purpose, body)}`
}

/** The offer again. `stale`: older than a quarter of an hour, not ours, or another organisation's. */
export function openOffer(sealed: string, organizationId: string): Result<Offer, "stale"> {
  const [body = "", seal = ""] = sealed.split(".")
  if (!sameHash(seal, keyedHash(purpose, body))) return err("stale")
  const offer = Offer.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()))
  if (!offer.success || offer.data.organizationId !== organizationId) return err("stale")
  const age = now().getTime() - offer.data.madeAt
  return age >= 0 && age <= life ? ok(offer.data) : err("stale")
}

/** The invoice an offer has to follow. Whatever was billed since – a change, a renewal, the end of a trial – makes another one the latest. */
export function latestInvoiceOf({ latest_invoice }: Stripe.Subscription): string | null {
  return latest_invoice === null ? null : idOf(latest_invoice)
}

/** Whether a subscription has this status at Stripe and goes on: only then may a change of plan be reckoned, or charged. */
export function standsAs(
  { status, cancel_at, cancel_at_period_end }: Stripe.Subscription,
  expected: string,
): boolean {
  return status === expected && cancel_at === null && !cancel_at_period_end
}

/** Whether at Stripe everything stands as it did when this was offered: what is set to end, paused or unpaid since is not. */
export function isStillAsOffered(subscription: Stripe.Subscription, offer: Offer): boolean {
  const item = subscription.items.data.find(one => one.id === offer.itemId)
  if (!standsAs(subscription, offer.status) || subscription.pause_collection) return false
  return item?.price.id === offer.fromPriceId && latestInvoiceOf(subscription) === offer.latestInvoiceId
}
