import { type AccessLevel, bestOf } from "~/domain/billing/access"
import { patience } from "~/domain/billing/patience.server"
import { intervals, lookupKey, planIds } from "~/domain/billing/plans"
import type { Life } from "../../stand-ins/stripe/lives/life"
import type { Truth } from "../../stand-ins/stripe/lives/truth"
import { mailProblems } from "./mail-verdict"
import { purchaseProblems } from "./purchase-verdict"
import type { Seen } from "./seen"

export type Figures = {
  acts: number
  kills: number
  deliveries: number
  restarts: number
  faults: number
  subscriptions: number
  mails: number
}

/** A subscription that was bought here, as Stripe has it, and as we have it. */
export type Known = { truth: Truth; organizationId: string; ours: Row | undefined }

export type Row = {
  organizationId: string
  stripeSubscriptionId: string
  status: string
  plan: string | null
  interval: string
  currentPeriodEnd: number | null
  cancelAt: number | null
  endedAt: number | null
  trialEnd: number | null
  pastDueSince: number | null
}

/** What the app gives an organisation at this moment. */
type LevelOf = (organizationId: string) => Promise<AccessLevel>

/** What is wrong now that everything has settled, in words; nothing when Stripe's truth and ours agree. */
export async function problemsOf(app: Seen, life: Life, levelOf: LevelOf): Promise<string[]> {
  const known = subscriptionsBought(app, life)
  const purchases = purchaseProblems(app)
  const rows = known.flatMap(one => [...rowProblems(one), ...patienceProblems(app, one)])
  const access = await accessProblems(known, life, levelOf)
  const mails = mailProblems(app, life, known)
  return [...purchases, ...rows, ...access, ...mails, ...leftovers(app)]
}

/** All of Stripe's subscriptions whose first payment came; whose they are is told by the session, not by us. */
function subscriptionsBought(app: Seen, life: Life): Known[] {
  const { sessions } = app.ledger
  const rows = new Map(
    app.rows<Row>("SELECT * FROM Subscription").map(row => [row.stripeSubscriptionId, row] as const),
  )
  return life.truth().flatMap(truth => {
    const session = sessions.find(row => row.subscription === truth.subscription)
    if (!session || session.payment_status === "unpaid") return []
    const [checkout] = app.rows<{ organizationId: string | null }>(
      "SELECT organizationId FROM Checkout WHERE id = ?",
      session.client_reference_id,
    )
    if (!checkout?.organizationId) return []
    return [{ truth, organizationId: checkout.organizationId, ours: rows.get(truth.subscription) }]
  })
}

const soldAt = new Map(
  planIds.flatMap(plan =>
    intervals.map(interval => [lookupKey(plan, interval), { plan, interval }] as const),
  ),
)

function planOf({ lookupKeys }: Truth) {
  return lookupKeys.map(key => soldAt.get(key ?? "")).find(sold => sold !== undefined)
}

function rowProblems({ truth, organizationId, ours }: Known): string[] {
  const id = truth.subscription
  if (!ours) return [`${id} (${truth.status}) has no row`]
  const ending = truth.cancelAt ?? (truth.cancelAtPeriodEnd ? truth.periodEnd : null)
  const expected = {
    organizationId,
    status: truth.status,
    plan: planOf(truth)?.plan ?? null,
    interval: truth.interval,
    currentPeriodEnd: milliseconds(truth.periodEnd),
    cancelAt: milliseconds(ending),
    endedAt: milliseconds(truth.endedAt),
    trialEnd: milliseconds(truth.trialEnd),
  }
  const found: Record<string, unknown> = { ...ours }
  return Object.entries(expected)
    .filter(([field, value]) => found[field] !== value)
    .map(([field, value]) => `${id} (${truth.status}): ${field} is ${found[field]}, Stripe says ${value}`)
}

/** Nobody's patience may be counted from a bill that was paid since. */
function patienceProblems(app: Seen, { truth, ours }: Known): string[] {
  const states = app.ledger.events
    .filter(row => row.data.object.id === truth.subscription && row.data.object.status !== "canceled")
    .map(row => ({ at: row.created, owes: owing.includes(String(row.data.object.status)) }))
  const paid = states.filter(row => !row.owes).at(-1)?.at ?? 0
  const since = ours?.pastDueSince
  if (typeof since !== "number" || since / 1_000 > paid - slack) return []
  const words = [new Date(since).toISOString(), new Date(paid * 1_000).toISOString()]
  return [
    `${truth.subscription} (${truth.status}): overdue since ${words[0]}, but it was in order at ${words[1]}`,
  ]
}

const owing = ["past_due", "unpaid", "paused"]
/** A bill that is a day old when its payment fails counts as that payment. In seconds. */
const slack = 24 * 60 * 60

/** The table, applied to what Stripe says; only since when we have been patient is ours to say. */
async function accessProblems(known: Known[], life: Life, levelOf: LevelOf): Promise<string[]> {
  const problems: string[] = []
  const at = new Date(life.clock())
  for (const organizationId of new Set(known.map(one => one.organizationId))) {
    const facts = known
      .filter(one => one.organizationId === organizationId)
      .map(({ truth, ours }) => {
        return {
          status: truth.status,
          plan: planOf(truth)?.plan ?? null,
          pastDueSince: dateOf(ours?.pastDueSince),
          endedAt: dateOf(milliseconds(truth.endedAt)),
        }
      })
    const due: AccessLevel = bestOf(facts, at, patience())?.access.level ?? "none"
    const level = await levelOf(organizationId)
    if (level !== due) problems.push(`${organizationId} has access ${level}, by Stripe it is ${due}`)
  }
  return problems
}

/** What should be finished and is not. */
function leftovers(app: Seen): string[] {
  const events = app.rows<{ type: string; state: string; lastError: string | null }>(
    "SELECT type, state, lastError FROM StripeEvent WHERE state NOT IN ('done', 'ignored')",
  )
  const jobs = app.rows<{ kind: string; state: string; lastError: string | null }>(
    "SELECT kind, state, lastError FROM Job WHERE kind != 'mail.send' AND (state IN ('dead', 'running') OR lastError IS NOT NULL AND state != 'done')",
  )
  const holds = app.rows<{ id: string }>(
    `SELECT id FROM Organization o WHERE (archivedAt IS NOT NULL) !=
       EXISTS (SELECT 1 FROM ArchiveHold WHERE organizationId = o.id)`,
  )
  return [
    ...events.map(row => `event ${row.type} is ${row.state}: ${row.lastError}`),
    ...jobs.map(row => `job ${row.kind} is ${row.state}: ${row.lastError}`),
    ...holds.map(row => `${row.id} is archived without a hold, or has a hold and is not archived`),
  ]
}

export function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000
}

function dateOf(time: number | null | undefined): Date | null {
  return typeof time === "number" ? new Date(time) : null
}

/** Everything that running it all again must leave as it is, row by row; without versions, and the queue's own book-keeping. */
export function dump(app: Seen): Record<string, string[]> {
  const tables: [string, string[]][] = [
    ["User", ["updatedAt"]],
    ["Organization", ["updatedAt"]],
    ["Membership", []],
    ["Onboarding", []],
    ["Checkout", ["updatedAt"]],
    ["Subscription", ["syncedAt"]],
    ["Invoice", ["syncedAt"]],
    ["ArchiveHold", []],
    ["AuditEntry", []],
    ["TrialClaim", []],
    ["DriftFinding", []],
    ["Mail", []],
  ]
  return Object.fromEntries(
    tables.map(([table, versions]) => [
      table,
      app.rows<Record<string, unknown>>(`SELECT * FROM "${table}"`).map(row => {
        for (const name of versions) delete row[name]
        return JSON.stringify(row)
      }),
    ]),
  )
}

/** What is in one dump and not in the other. */
export function difference(before: Record<string, string[]>, after: Record<string, string[]>): string[] {
  return Object.keys(after).flatMap(table => {
    const [old, fresh] = [before[table] ?? [], after[table] ?? []]
    const gone = old.filter(row => !fresh.includes(row)).map(row => `run again, gone from ${table}: ${row}`)
    const come = fresh.filter(row => !old.includes(row)).map(row => `run again, new in ${table}: ${row}`)
    return [...gone, ...come]
  })
}
