import { isLive } from "~/domain/billing/access"
import type { NextCharge } from "~/domain/billing/billing-view"
import type { Closing, PlanAtClosing, PlanOnReopening } from "~/domain/billing/closing"
import { closingOf } from "~/domain/billing/closing.server"
import { creditHeldFor } from "~/domain/billing/credit.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { fromNow } from "~/platform/clock.server"
import { type Client, db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

export type ClosureView = {
  closing: Closing
  /** What closing would do to the plan, and what taking it back would. */
  plan: PlanAtClosing
  reopened: PlanOnReopening
  /** What Stripe keeps for them, and nobody has after the erasure; null for none, or where it does not say. */
  credit: NextCharge | null
  /** Milliseconds a closed organisation can be restored. */
  grace: number
}

/** How far the closing of an organisation is, and what it means for its plan. For those who may close it. */
export async function closureViewOf({ organizationId }: Membership): Promise<ClosureView> {
  const closing = closingOf(organizationId)
  return {
    closing,
    plan: await planAtClosing(organizationId),
    reopened: await planOnReopening(db(), organizationId),
    credit: closing.state === "open" ? await creditHeldFor(organizationId) : null,
    grace: env().closingGrace,
  }
}

/** What becomes of the plan when a closing is taken back. Joins `client`'s transaction. */
export async function planOnReopening(client: Client, organizationId: string): Promise<PlanOnReopening> {
  const rows = await client.subscription.findMany({ where: { organizationId } })
  const live = rows.filter(row => isLive(row.status))
  if (live.some(row => !row.cancelAt || row.endedByClosingAt)) return "goes_on"
  return live.length === 0 && rows.length > 0 ? "gone" : "nothing"
}

async function planAtClosing(organizationId: string): Promise<PlanAtClosing> {
  const rows = await db().subscription.findMany({ where: { organizationId } })
  const live = rows.filter(row => isLive(row.status))
  const ends = live
    .filter(row => row.status === "active" || row.status === "trialing")
    .map(row => +(row.cancelAt ?? row.currentPeriodEnd ?? 0))
  if (ends.length > 0) {
    const until = Math.max(...ends)
    return { fate: "runs_out", until: new Date(until), outlivesGrace: until > +fromNow(env().closingGrace) }
  }
  return { fate: live.length > 0 ? "ends_at_once" : "none" }
}
