/**
 * Why an organisation is in the state it is in [D3]: what Stripe says now beside what we have, the events that led here with
 * their effects, and the decision of the table. Waits for Stripe three seconds at most.
 */
import { type AtStripe, askStripe, type Silence } from "~/domain/billing/ask-stripe.server"
import type { Closing } from "~/domain/billing/closing"
import { closingOf } from "~/domain/billing/closing.server"
import type { CollectionPause } from "~/domain/billing/collection-pause"
import { type Decision, decide } from "~/domain/billing/decision"
import { latestEventsOf } from "~/domain/billing/desk.server"
import type { DeskEvent } from "~/domain/billing/desk-event"
import { comparedFields, differencesBetween, textOf } from "~/domain/billing/differences"
import { patience } from "~/domain/billing/patience.server"
import { isPlanId } from "~/domain/billing/plans"
import { knownPart } from "~/domain/billing/subscriptions.server"
import type { Hold } from "~/domain/organizations/archived"
import { isHoldReason } from "~/domain/organizations/hold-reasons"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"

/** One subscription on both sides; a side that does not know it, or did not answer, has no texts. */
export type Sides = {
  id: string
  syncedAt: Date | null
  here: boolean
  atStripe: boolean
  /** Null also where Stripe did not answer. */
  collectionPause: CollectionPause | null
  fields: { what: string; ours: string; stripes: string; differs: boolean }[]
}

export type Why = {
  /** Why Stripe’s side is missing; null when it answered. */
  silence: Silence | null
  subscriptions: Sides[]
  decision: Decision
  /** Why it is archived, whatever its plan gives; empty while it is not. */
  holds: Omit<Hold, "by">[]
  closing: Closing
  /** The latest that changed something, and how many brought nothing new. */
  events: { rows: DeskEvent[]; folded: number }
}

const latest = 20

/** Everything the operator needs to understand an organisation's billing. */
export async function whyOf(organizationId: string): Promise<Why> {
  const [rows, holds, events, answer] = await Promise.all([
    db().subscription.findMany({ where: { organizationId }, orderBy: { stripeCreatedAt: "desc" } }),
    db().archiveHold.findMany({ where: { organizationId }, orderBy: { at: "asc" } }),
    latestEventsOf(organizationId, latest),
    askStripe(organizationId),
  ])
  const facts = rows.map(row => ({ ...row, plan: isPlanId(row.plan) ? row.plan : null }))
  return {
    silence: answer.ok ? null : answer.error,
    subscriptions: sidesOf(rows, answer.ok ? answer.value : []),
    decision: decide(facts, now(), patience()),
    holds: holds.flatMap(({ because, at, note }) => (isHoldReason(because) ? [{ because, at, note }] : [])),
    closing: closingOf(organizationId),
    events,
  }
}

function sidesOf(rows: readonly Subscription[], stripes: readonly AtStripe[]): Sides[] {
  const unknownHere = stripes.filter(
    ({ stripeSubscriptionId: id }) => !rows.some(row => row.stripeSubscriptionId === id),
  )
  return [
    ...rows.map(row => {
      const other = stripes.find(one => one.stripeSubscriptionId === row.stripeSubscriptionId)
      return sides(row, other)
    }),
    ...unknownHere.map(one => sides(undefined, one)),
  ]
}

function sides(row: Subscription | undefined, stripes: AtStripe | undefined): Sides {
  const differences =
    row && stripes ? differencesBetween(row, knownPart(row, stripes)).map(({ what }) => what) : []
  return {
    id: row?.stripeSubscriptionId ?? stripes?.stripeSubscriptionId ?? "",
    syncedAt: row?.syncedAt ?? null,
    here: row !== undefined,
    atStripe: stripes !== undefined,
    collectionPause: stripes?.collectionPause ?? null,
    fields: comparedFields.map(what => ({
      what,
      ours: row ? textOf(row[what]) : "",
      stripes: stripes ? textOf(stripes[what]) : "",
      differs: differences.includes(what),
    })),
  }
}
