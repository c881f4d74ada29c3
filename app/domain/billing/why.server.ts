/**
 * Why an organisation is in the state it is in [D3]: what Stripe says now beside what we have, the events that led here with
 * their effects, and the decision of the table. Waits for Stripe three seconds at most.
 */
import { askStripe, type Silence } from "~/domain/billing/ask-stripe.server"
import { type Decision, decide } from "~/domain/billing/decision"
import { latestEventsOf } from "~/domain/billing/desk.server"
import type { DeskEvent } from "~/domain/billing/desk-event"
import { comparedFields, differencesBetween, textOf } from "~/domain/billing/differences"
import { patience } from "~/domain/billing/patience.server"
import { isPlanId } from "~/domain/billing/plans"
import type { Snapshot } from "~/domain/billing/snapshot.server"
import { knownPart } from "~/domain/billing/subscriptions.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import type { Subscription } from "~/platform/models.server"

/** One subscription on both sides; a side that does not know it, or did not answer, has no texts. */
export type Sides = {
  id: string
  syncedAt: Date | null
  here: boolean
  atStripe: boolean
  fields: { what: string; ours: string; stripes: string; differs: boolean }[]
}

export type Why = {
  /** Why Stripe’s side is missing; null when it answered. */
  silence: Silence | null
  subscriptions: Sides[]
  decision: Decision
  /** Whether it is archived for unpaid bills. */
  archived: boolean
  events: DeskEvent[]
}

const latest = 20

/** Everything the operator needs to understand an organisation's billing. */
export async function whyOf(organizationId: string): Promise<Why> {
  const [rows, holds, events, answer] = await Promise.all([
    db().subscription.findMany({ where: { organizationId }, orderBy: { stripeCreatedAt: "desc" } }),
    db().archiveHold.count({ where: { organizationId, because: "billing" } }),
    latestEventsOf(organizationId, latest),
    askStripe(organizationId),
  ])
  const facts = rows.map(row => ({ ...row, plan: isPlanId(row.plan) ? row.plan : null }))
  return {
    silence: answer.ok ? null : answer.error,
    subscriptions: sidesOf(rows, answer.ok ? answer.value : []),
    decision: decide(facts, now(), patience()),
    archived: holds > 0,
    events,
  }
}

function sidesOf(rows: readonly Subscription[], stripes: readonly Snapshot[]): Sides[] {
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

function sides(row: Subscription | undefined, stripes: Snapshot | undefined): Sides {
  const differences =
    row && stripes ? differencesBetween(row, knownPart(row, stripes)).map(({ what }) => what) : []
  return {
    id: row?.stripeSubscriptionId ?? stripes?.stripeSubscriptionId ?? "",
    syncedAt: row?.syncedAt ?? null,
    here: row !== undefined,
    atStripe: stripes !== undefined,
    fields: comparedFields.map(what => ({
      what,
      ours: row ? textOf(row[what]) : "",
      stripes: stripes ? textOf(stripes[what]) : "",
      differs: differences.includes(what),
    })),
  }
}
