import { type Access, type AccessLevel, bestOf } from "~/domain/billing/access"
import { patience } from "~/domain/billing/patience.server"
import { type Interval, isInterval, isPlanId, type PlanId } from "~/domain/billing/plans"
import { now } from "~/platform/clock.server"
import { statement, type Tx } from "~/platform/db.server"
import { joiningStatement, type Stored } from "~/platform/db-statement.server"
import type { Subscription } from "~/platform/models.server"

export type OrganizationAccess = Access & {
  /** The plan that counts; null without a subscription, and for an unknown price. */
  plan: PlanId | null
  interval: Interval
  /** Stripe's word for it; null without a subscription. */
  status: string | null
  currentPeriodEnd: Date | null
  /** When it will end; null while it goes on. */
  cancelAt: Date | null
  trialEnd: Date | null
  customerId: string | null
}

const nothingBought: OrganizationAccess = {
  level: "none",
  plan: null,
  interval: "month",
  status: null,
  currentPeriodEnd: null,
  cancelAt: null,
  trialEnd: null,
  customerId: null,
}

const columns = [
  "plan",
  "interval",
  "status",
  "currentPeriodEnd",
  "cancelAt",
  "endedAt",
  "trialEnd",
  "pastDueSince",
  "paymentTrouble",
  "stripeCustomerId",
] as const
type Row = Stored<Pick<Subscription, (typeof columns)[number]>>

const sql = `SELECT ${columns.join(", ")} FROM Subscription WHERE organizationId = ? ORDER BY stripeCreatedAt DESC`
// Asked at each request of an organisation's pages, and inside the transactions that change the answer.
const committed = statement<[string], Row>(sql)
const bySlug = statement<[string], { id: string }>("SELECT id FROM Organization WHERE slug = ?")
const joining = joiningStatement<[string], Row>(sql)

/** What an organisation has bought and may do at this moment: the best of its subscriptions through the table of [B7]. */
export async function accessOf(organizationId: string): Promise<OrganizationAccess> {
  return bestAccess(committed.all(organizationId))
}

/** The same by the address of the organisation; undefined where there is none. */
export async function accessAt(slug: string): Promise<OrganizationAccess | undefined> {
  const found = bySlug.get(slug)
  return found && accessOf(found.id)
}

/** The level alone, with what the caller's transaction has written. */
export async function levelWithin(tx: Tx, organizationId: string): Promise<AccessLevel> {
  return bestAccess(await joining.all(tx, organizationId)).level
}

function bestAccess(rows: readonly Row[]): OrganizationAccess {
  const best = bestOf(rows.map(readRow), now(), patience())
  if (!best) return nothingBought
  const { subscription, access } = best
  const { pastDueSince: _, endedAt: __, paymentTrouble: ___, ...shown } = subscription
  return { ...access, ...shown }
}

function readRow(row: Row) {
  return {
    plan: isPlanId(row.plan) ? row.plan : null,
    interval: isInterval(row.interval) ? row.interval : ("month" as const),
    status: row.status,
    currentPeriodEnd: dateOf(row.currentPeriodEnd),
    cancelAt: dateOf(row.cancelAt),
    endedAt: dateOf(row.endedAt),
    trialEnd: dateOf(row.trialEnd),
    pastDueSince: dateOf(row.pastDueSince),
    paymentTrouble: row.paymentTrouble,
    customerId: row.stripeCustomerId,
  }
}

function dateOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds)
}
