/**
 * From what Stripe says of a subscription to what an organisation has [B7]. One pure table; the guards, the archive, the
 * banner, the billing page and the seats read it, and `mails-due.ts` says by the same facts what its payers are told. Time is
 * passed in, so that the same row always gives the same answer.
 *
 *   trialing, active      full
 *   past_due              full for the grace days, then read-only, then archived
 *   unpaid, paused        read-only, later archived
 *   canceled              read-only from its end on, or from the end of the grace that was running; later archived
 *   incomplete            pending: the first payment is under way
 *   incomplete_expired    none: the first payment never came
 *   anything else         none: nothing is granted by a word this version does not know. A subscription that had a known one
 *                         before keeps that (`subscriptions.server.ts`)
 *
 * That it is set to end takes nothing away before it has ended. A price that is no plan's grants nothing.
 *
 * Source of the statuses: https://docs.stripe.com/api/subscriptions/object#subscription_object-status
 */
import {
  type Banner,
  ended,
  longEnded,
  overdueBanners,
  pausedBanners,
  pendingBanner,
  unknownPrice,
} from "~/domain/billing/banners"
import { type PlanId, planRank } from "~/domain/billing/plans"

export const statuses = [
  "trialing",
  "active",
  "past_due",
  "unpaid",
  "paused",
  "canceled",
  "incomplete",
  "incomplete_expired",
] as const
export type SubscriptionStatus = (typeof statuses)[number]

/**
 * `none`: nothing bought, and nothing kept from anyone. `pending`: bought, not paid. `read_only`: everything can be read and
 * exported, nothing changed. `archived`: owners reach billing, export and closing, the others nothing.
 */
export type AccessLevel = (typeof accessLevels)[number]

/** The one that gives least first. */
export const accessLevels = ["none", "pending", "archived", "read_only", "full"] as const

export type Access = { level: AccessLevel; banner?: Banner }

type Days = { pastDueSince: Date | null; endedAt: Date | null }
export type SubscriptionFacts = Days & {
  status: string
  plan: PlanId | null
  /** Why its payment does not come by itself (`banners.ts`): it changes the words, and never the level. */
  paymentTrouble?: string | null
}

/** Days a failed payment changes nothing, and days after those for which everything can still be read. */
export type Patience = { graceDays: number; readOnlyDays: number }

const day = 24 * 60 * 60 * 1000

/** What one subscription gives. */
export function accessFor(facts: SubscriptionFacts, at: Date, patience: Patience): Access {
  const access = byStatus(facts, at, patience)
  return facts.plan === null && access.level === "full" ? { level: "none", banner: unknownPrice } : access
}

function byStatus(facts: SubscriptionFacts, at: Date, patience: Patience): Access {
  switch (facts.status) {
    case "trialing":
    case "active":
      return { level: "full" }
    case "past_due":
      return overdue(facts, at, patience, patience.graceDays)
    case "unpaid":
      return overdue(facts, at, patience, 0)
    case "paused":
      return kept(daysSince(facts.pastDueSince, at), patience, pausedBanners(facts.paymentTrouble))
    case "canceled":
      return daysSince(closedFrom(facts, patience), at) < patience.readOnlyDays
        ? { level: "read_only", banner: ended }
        : { level: "archived", banner: longEnded }
    case "incomplete":
      return { level: "pending", banner: pendingBanner(facts.paymentTrouble) }
    default:
      return { level: "none" }
  }
}

function overdue(facts: SubscriptionFacts, at: Date, patience: Patience, graceDays: number): Access {
  const { pastDueSince: since, paymentTrouble } = facts
  const days = daysSince(since, at)
  const banners = overdueBanners(paymentTrouble)
  return days < graceDays
    ? { level: "full", banner: { ...banners.inGrace, until: daysAfter(since ?? at, graceDays) } }
    : kept(days - graceDays, patience, banners)
}

function kept(days: number, { readOnlyDays }: Patience, banners: { readOnly: Banner; long: Banner }): Access {
  return days < readOnlyDays
    ? { level: "read_only", banner: banners.readOnly }
    : { level: "archived", banner: banners.long }
}

/** From when an ended plan keeps people from changing things: that Stripe gives up on a debt gives no days anew. */
export function closedFrom({ pastDueSince, endedAt }: Days, { graceDays }: Patience): Date | null {
  const graceEnd = pastDueSince && daysAfter(pastDueSince, graceDays)
  return graceEnd && (!endedAt || graceEnd < endedAt) ? graceEnd : endedAt
}

/** A moment some days later. */
export function daysAfter(since: Date, days: number): Date {
  return new Date(since.getTime() + days * day)
}

/** An unknown beginning counts as just now: what we did not see must not cost anyone access. */
export function daysSince(since: Date | null, at: Date): number {
  return since ? (at.getTime() - since.getTime()) / day : 0
}

/** Whether nothing may be changed at this level: the plan is unpaid or gone. Without any plan nobody is kept from anything. */
export function isReadOnly(level: AccessLevel): boolean {
  return level === "read_only" || level === "archived"
}

/** Of several subscriptions the one that gives most: first by level, then by plan. Undefined for an empty list. */
export function bestOf<S extends SubscriptionFacts>(
  subscriptions: readonly S[],
  at: Date,
  patience: Patience,
): { subscription: S; access: Access } | undefined {
  const [best] = subscriptions
    .map(subscription => ({ subscription, access: accessFor(subscription, at, patience) }))
    .sort(
      (a, b) =>
        accessLevels.indexOf(b.access.level) - accessLevels.indexOf(a.access.level) ||
        planRank(b.subscription.plan) - planRank(a.subscription.plan),
    )
  return best
}

/** Whether Stripe still counts this subscription as going on: buying another one would charge twice. */
export function isLive(status: string): boolean {
  return ["trialing", "active", "past_due", "unpaid", "paused"].includes(status)
}

/** Narrows what Stripe says; a status of the future is not in the table. */
export function isKnownStatus(status: string): status is SubscriptionStatus {
  return statuses.some(known => known === status)
}

const statusWords: Record<SubscriptionStatus, string> = {
  trialing: "Trial",
  active: "Active",
  past_due: "Payment overdue",
  unpaid: "Unpaid",
  paused: "Paused",
  canceled: "Ended",
  incomplete: "Waiting for the first payment",
  incomplete_expired: "Never paid",
}

/** A status in a person's words. */
export function wordsOfStatus(status: string): string {
  return isKnownStatus(status) ? statusWords[status] : "Unknown"
}
