import type { Truth } from "../../stand-ins/stripe/lives/truth"
import type { Heard, History, State } from "./history"

/*
 * What an organisation should have, from Stripe's books alone and in words of its own: docs/billing.md is its source, and nothing
 * of the app is. Only since when a payment is missing cannot be told to the second, because patience counts from when the app
 * heard of it; Stripe tells when it failed, and the moments at which the app had listened tell when it must have known. So
 * there is a least and a most, which differ only where these two moments lie on both sides of a limit.
 */

export const graceDays = 7
export const readOnlyDays = 30
const DAY = 24 * 60 * 60

const levels = ["none", "pending", "archived", "read_only", "full"] as const
export type Level = (typeof levels)[number]
const prices = ["starter", "professional", "enterprise"]

/** What somebody has, to be compared: first by level, then by plan. */
export type Right = { level: Level; plan: string | null }
export type Bounds = { least: Right; most: Right }

export const nothing: Right = { level: "none", plan: null }

export function rank({ level, plan }: Right): number {
  return levels.indexOf(level) * 10 + (level === "full" ? prices.indexOf(plan ?? "") : 0)
}

/** The plan that is sold at one of these prices. */
export function planSold(lookupKeys: (string | null)[]): string | null {
  const names = lookupKeys.map(key => /^gatehouse_([a-z]+)_(monthly|yearly)$/.exec(key ?? "")?.[1])
  return names.find(name => name !== undefined) ?? null
}

/** Of several subscriptions the one that gives most. */
export function best(bounds: Bounds[]): Bounds {
  const most = (rights: Right[]) => rights.reduce((a, b) => (rank(b) > rank(a) ? b : a), nothing)
  return { least: most(bounds.map(one => one.least)), most: most(bounds.map(one => one.most)) }
}

/** What a subscription gives at a moment, in seconds. */
export function boundsOf(truth: Truth, history: History, now: number): Bounds {
  const { status, endedAt } = truth
  const plan = planSold(truth.lookupKeys)
  const since = patienceOf(truth.subscription, history, now)
  const at = (moment: number | null): Right => {
    const level = levelOf(status, moment, endedAt, now)
    return level === "full" && plan === null ? nothing : { level, plan: level === "full" ? plan : null }
  }
  const [early, late] = [at(since?.earliest ?? null), at(since?.latest ?? null)]
  // What nobody sells grants nothing as long as it is paid, and may be read once it is not.
  return rank(early) <= rank(late) ? { least: early, most: late } : { least: late, most: early }
}

/** Moments to come at which what a subscription gives is less by time alone. */
export function limitsOf({ subscription, status, endedAt }: Truth, history: History, now: number): number[] {
  const since = patienceOf(subscription, history, now)?.latest ?? Number.POSITIVE_INFINITY
  const days = status === "past_due" ? [graceDays, graceDays + readOnlyDays] : [readOnlyDays]
  const from = status === "canceled" ? Math.min(since + graceDays * DAY, endedAt ?? now) : since
  return days.map(day => from + day * DAY).filter(limit => limit > now && limit < now + 40 * DAY)
}

function levelOf(status: string, since: number | null, endedAt: number | null, now: number): Level {
  const closed = (from: number): Level => (now - from < readOnlyDays * DAY ? "read_only" : "archived")
  switch (status) {
    case "trialing":
    case "active":
      return "full"
    case "past_due":
      return now - (since ?? now) < graceDays * DAY ? "full" : closed((since ?? now) + graceDays * DAY)
    case "unpaid":
    case "paused":
      return closed(since ?? now)
    case "canceled":
      return closed(Math.min((since ?? now) + graceDays * DAY, endedAt ?? now))
    case "incomplete":
      return "pending"
    default:
      return "none"
  }
}

const isOwing = (state: State | undefined) => ["past_due", "unpaid", "paused"].includes(state?.status ?? "")

/** A time in which a subscription was owing, without a day in between on which it was in order. */
export type Run = {
  states: State[]
  /** The number of the event that ended it; infinite while it goes on. */
  until: number
  /** It owed before, was in order meanwhile, and the app had not listened then. */
  follows: boolean
  earliest: number
  /** The number of the event from which on this debt, and no older one, is counted. */
  counts: number
}

/** Every time in which a subscription was owing, the oldest first. */
export function runsOf(subscription: string, history: History): Run[] {
  const runs: Run[] = []
  const states = history.statesOf(subscription)
  const debts = history.debtsOf(subscription)
  for (const [at, state] of states.entries()) {
    const last = runs.at(-1)
    if (!isOwing(state)) {
      if (last) last.until = Math.min(last.until, state.number)
      continue
    }
    if (last && isOwing(states[at - 1])) {
      last.states.push(state)
      continue
    }
    const inOrder = last?.until ?? 0
    const follows =
      last !== undefined && !history.heard.some(one => one.number >= inOrder && one.number < state.number)
    runs.push({
      states: [state],
      until: Number.POSITIVE_INFINITY,
      follows,
      earliest: state.at,
      counts: state.number,
    })
  }
  for (const run of runs) {
    const first = run.states[0]
    if (!first) continue
    // The failure is told in the second of the status, and before it.
    const during = debts.filter(
      ({ failed, settled }) => failed < run.until && (settled ?? run.until) > first.number,
    )
    const settled = during.flatMap(debt =>
      debt.settled !== null && debt.settled < run.until ? [debt.settled] : [],
    )
    const open = during.filter(debt => debt.settled === null || debt.settled >= run.until)
    // A bill that is a day old when its payment fails counts as that payment.
    if (run.follows) run.earliest = Math.min(first.at, ...open.map(debt => debt.created)) - DAY
    if (settled.length === 0 || open.length === 0) continue
    run.counts = Math.max(run.counts, ...settled)
    run.earliest = Math.max(run.earliest, Math.min(...open.map(debt => debt.created)) - DAY)
  }
  return runs
}

/** When the app first listened after an event, of those times that were before another one. */
export function heardAfter(history: History, number: number, before: number): Heard | undefined {
  return history.heard.find(one => one.number >= number && one.number < before)
}

/** Since when nobody's payment has come, at the earliest and at the latest; null when nothing is or was missing. */
function patienceOf(
  subscription: string,
  history: History,
  now: number,
): { earliest: number; latest: number } | null {
  const run = runsOf(subscription, history).at(-1)
  const last = history.statesOf(subscription).at(-1)
  if (!run || !last) return null
  const ended = last.status === "canceled"
  // It was in order when it ended, or is.
  const endedBy = history.statesOf(subscription).find(state => state.number === run.until)
  if (run.until !== Number.POSITIVE_INFINITY && endedBy?.status !== "canceled") return null
  const heard = heardAfter(history, run.counts, ended ? last.number : Number.POSITIVE_INFINITY)
  const latest = heard?.at ?? (ended ? Number.POSITIVE_INFINITY : now)
  return { earliest: run.earliest, latest: Math.max(latest, run.earliest) }
}
