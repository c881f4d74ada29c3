import type { Life } from "../../stand-ins/stripe/lives/life"
import type { Truth } from "../../stand-ins/stripe/lives/truth"
import { erasureProblems } from "./erasure-verdict"
import { mailProblems } from "./mail-verdict"
import { type Bounds, planSold, runsOf } from "./oracle"
import { purchaseProblems } from "./purchase-verdict"
import type { Seen } from "./seen"
import { accessProblems, type RightOf, type Witness } from "./witness"

export type Figures = {
  acts: number
  kills: number
  deliveries: number
  restarts: number
  faults: number
  /** How often access was judged after deliveries and an undisturbed hour's round. */
  judgedByTheHour: number
  /** Changes at Stripe that no event tells of. */
  editsUnseen: number
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

/** What is wrong now that everything has settled, in words; nothing when Stripe's truth and ours agree. */
export async function problemsOf(
  app: Seen,
  life: Life,
  witness: Witness,
  rightOf: RightOf,
): Promise<string[]> {
  const due = witness.due()
  const known = subscriptionsBought(app, life, witness)
  return [
    ...purchaseProblems(app, witness),
    ...known.flatMap(one => [...rowProblems(one), ...patienceProblems(one, witness)]),
    ...(await accessProblems(due, rightOf)),
    ...holdProblems(app, due),
    ...mailProblems(app, life, known, witness),
    ...erasureProblems(app, life, witness),
    ...leftovers(app),
  ]
}

/** All of Stripe's subscriptions whose first payment came. */
function subscriptionsBought(app: Seen, life: Life, witness: Witness): Known[] {
  const rows = new Map(
    app.rows<Row>("SELECT * FROM Subscription").map(row => [row.stripeSubscriptionId, row] as const),
  )
  const organizations = new Set(app.rows<{ id: string }>("SELECT id FROM Organization").map(row => row.id))
  return life.truth().flatMap(truth => {
    const organizationId = witness.ownerOf(truth)
    if (!organizationId || !organizations.has(organizationId)) return []
    return [{ truth, organizationId, ours: rows.get(truth.subscription) }]
  })
}

function rowProblems({ truth, organizationId, ours }: Known): string[] {
  const id = truth.subscription
  if (!ours) return [`${id} (${truth.status}) has no row`]
  const ending = truth.cancelAt ?? (truth.cancelAtPeriodEnd ? truth.periodEnd : null)
  const expected = {
    organizationId,
    status: truth.status,
    plan: planSold(truth.lookupKeys),
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

/** Since when we are patient lies between the failure and the first time the app must have heard of it. */
function patienceProblems({ truth, ours }: Known, { history }: Witness): string[] {
  const since = ours?.pastDueSince
  const id = truth.subscription
  const run = runsOf(id, history).at(-1)
  const last = history.statesOf(id).at(-1)
  const owes = run !== undefined && run.until === Number.POSITIVE_INFINITY
  if (typeof since !== "number") return owes ? [`${id} (${truth.status}) is overdue since never`] : []
  const date = (seconds: number) => new Date(seconds * 1_000).toISOString()
  if (!run)
    return [`${id} (${truth.status}) never owed anything, and is overdue since ${date(since / 1_000)}`]
  const heard = history.heard.find(one => one.number >= run.counts && one.number < run.until)
  const tooEarly = since / 1_000 < run.earliest
  const tooLate = owes && heard !== undefined && since / 1_000 > heard.at
  return tooEarly || tooLate || (!owes && last?.status !== "canceled")
    ? [
        `${id} (${truth.status}): overdue since ${date(since / 1_000)}, it was ${date(run.earliest)}, heard ${heard ? date(heard.at) : "never"}`,
      ]
    : []
}

/** An organisation is archived for its bills exactly when the table says so, and nobody closes it. */
function holdProblems(app: Seen, due: Map<string, Bounds>): string[] {
  const rows = app.rows<{ id: string; held: number; closing: number }>(`
    SELECT id, closeRequestedAt IS NOT NULL AS closing,
      EXISTS (SELECT 1 FROM ArchiveHold WHERE organizationId = o.id AND because = 'billing') AS held
    FROM Organization o`)
  return rows.flatMap(({ id, held, closing }) => {
    const bounds = due.get(id)
    if (held === 1 && bounds?.least.level === "full") return [`${id} is paid for, and archived for its bills`]
    const archived = bounds?.most.level === "archived" && bounds.least.level === "archived"
    return held === 0 && closing === 0 && archived ? [`${id} should be archived for its bills`] : []
  })
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
