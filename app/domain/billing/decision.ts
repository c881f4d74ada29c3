/**
 * How the table of access came to its answer for one organisation, step by step, for the operator: the facts of each
 * subscription, the rule that is about them, and what it gives. The answers themselves are the table's own.
 */
import {
  type Access,
  type AccessLevel,
  accessFor,
  bestOf,
  closedFrom,
  type Patience,
  type SubscriptionFacts,
} from "~/domain/billing/access"

export type DecidedFacts = SubscriptionFacts & { stripeSubscriptionId: string }

export type DecidedSubscription = {
  stripeSubscriptionId: string
  status: string
  plan: string | null
  /** What the days are counted from; null where none are counted. */
  since: Date | null
  days: number | null
  rule: string
  level: AccessLevel
  /** Of several, the one that gives most. */
  counts: boolean
}

export type Decision = { subscriptions: DecidedSubscription[]; level: AccessLevel; banner: string | null }

/** What these subscriptions give at a moment, and why. */
export function decide(subscriptions: readonly DecidedFacts[], at: Date, patience: Patience): Decision {
  const best = bestOf(subscriptions, at, patience)
  const access: Access = best?.access ?? { level: "none" }
  return {
    subscriptions: subscriptions.map(facts => {
      const { stripeSubscriptionId, status, plan } = facts
      const { level } = accessFor(facts, at, patience)
      const rule = ruleFor(facts, patience)
      return {
        ...{ stripeSubscriptionId, status, plan, rule, level },
        ...daysOf(facts, at, patience),
        counts: facts === best?.subscription,
      }
    }),
    level: access.level,
    banner: access.banner?.words ?? null,
  }
}

/** The line of the table that is about these facts, in words. */
export function ruleFor({ status, plan }: SubscriptionFacts, patience: Patience): string {
  const { graceDays, readOnlyDays } = patience
  const afterwards = `everything can be read and nothing changed for ${readOnlyDays} days, then it is archived.`
  switch (status) {
    case "trialing":
    case "active":
      return plan === null
        ? "Its price belongs to no plan, so it grants nothing."
        : "Paid for, or in its trial: full access."
    case "past_due":
      return `A payment is overdue: nothing changes for ${graceDays} days, then ${afterwards}`
    case "paused":
      return `It is paused, and nothing is paid: ${afterwards}`
    case "unpaid":
      return `Nothing is paid any more: ${afterwards}`
    case "canceled":
      return `It has ended: ${afterwards}`
    case "incomplete":
      return "The first payment is under way: nothing is granted yet."
    case "incomplete_expired":
      return "The first payment never came: nothing was bought."
    default:
      return "This version does not know the word: it grants nothing."
  }
}

const day = 24 * 60 * 60 * 1000

function daysOf(facts: SubscriptionFacts, at: Date, patience: Patience) {
  const since = facts.status === "canceled" ? closedFrom(facts, patience) : facts.pastDueSince
  return { since, days: since && Math.floor((at.getTime() - since.getTime()) / day) }
}
