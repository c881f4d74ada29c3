import { HOUR } from "../clock"
import type { Ledger } from "../ledger"
import type { SubscriptionObject } from "../objects"
import { cancelNow } from "./cancelling"
import { expireSession } from "./checkout-expiry"
import { collect, finalizeAndCollect } from "./collecting"
import { subscriptionOf, voidInvoice } from "./invoices"
import { endTrial, renew, TRIAL_WARNING } from "./renewing"

interface Due {
  at: number
  run: () => void
}

/**
 * Does everything whose time has come, in the order of time, each at its own moment, up to the given one.
 * Without a test clock: all that is not on one. `setTime` moves the clock concerned.
 */
export function runDue(
  ledger: Ledger,
  testClock: string | null,
  until: number,
  setTime: (time: number) => void,
): void {
  for (let next = earliest(ledger, testClock, until); next; next = earliest(ledger, testClock, until)) {
    setTime(next.at)
    next.run()
  }
  setTime(until)
}

const lookedAt = new WeakMap<Ledger, number>()

/** Does what has fallen due by itself since somebody last looked; times are whole seconds, so once a second will do. */
export function catchUp(ledger: Ledger): void {
  const now = ledger.clock.now()
  if (lookedAt.get(ledger) === now) return
  lookedAt.set(ledger, now)
  runDue(ledger, null, now, () => {})
}

function earliest(ledger: Ledger, testClock: string | null, until: number): Due | undefined {
  const concerned = (customer: string | null) =>
    (ledger.customers.get(customer)?.test_clock ?? null) === testClock
  const all = [
    ...dueSubscriptions(ledger, concerned),
    ...dueInvoices(ledger, concerned),
    ...(testClock === null ? dueSessions(ledger) : []),
  ]
  return all
    .filter(due => due.at <= until)
    .reduce<Due | undefined>((best, due) => (best && best.at <= due.at ? best : due), undefined)
}

function dueSubscriptions(ledger: Ledger, concerned: (customer: string | null) => boolean): Due[] {
  return ledger.subscriptions.all().flatMap((row): Due[] => {
    if (row.ended_at || row.status === "incomplete_expired" || !concerned(row.customer)) return []
    const facts = ledger.subscriptionFacts.require(row.id)
    if (row.status === "incomplete") {
      const processing = ledger.invoiceFacts.get(row.latest_invoice)?.processing
      return processing ? [] : [{ at: row.created + 23 * HOUR, run: () => expireIncomplete(ledger, row.id) }]
    }
    const due: Due[] = []
    // First in the list: an end planned for the last second of a period comes before the renewal.
    if (row.cancel_at !== null) {
      due.push({ at: row.cancel_at, run: () => cancelNow(ledger, row, "cancellation_requested") })
    }
    if (row.pause_collection?.resumes_at != null) {
      due.push({ at: row.pause_collection.resumes_at, run: () => resumeCollection(ledger, row) })
    }
    if (row.status === "trialing" && row.trial_end !== null) {
      if (!facts.trialWarned) {
        const warn = () => {
          facts.trialWarned = true
          ledger.emit("customer.subscription.trial_will_end", row)
        }
        due.push({ at: Math.max(row.trial_end - TRIAL_WARNING, row.created), run: warn })
      }
      due.push({ at: row.trial_end, run: () => endTrial(ledger, row) })
    } else if (row.status !== "paused") {
      due.push({
        at: Math.min(...row.items.data.map(item => item.current_period_end)),
        run: () => renew(ledger, row),
      })
    }
    return due
  })
}

function resumeCollection(ledger: Ledger, subscription: SubscriptionObject): void {
  ledger.change("customer.subscription.updated", subscription, row => {
    row.pause_collection = null
  })
}

function dueInvoices(ledger: Ledger, concerned: (customer: string | null) => boolean): Due[] {
  return ledger.invoices.all().flatMap((row): Due[] => {
    if (!concerned(row.customer)) return []
    if (row.status === "draft" && row.automatically_finalizes_at !== null) {
      return [{ at: row.automatically_finalizes_at, run: () => finalizeAndCollect(ledger, row) }]
    }
    if (row.status === "open" && row.next_payment_attempt !== null) {
      return [{ at: row.next_payment_attempt, run: () => collect(ledger, row) }]
    }
    return []
  })
}

function dueSessions(ledger: Ledger): Due[] {
  return ledger.sessions
    .filter(row => row.status === "open")
    .map(row => ({ at: row.expires_at, run: () => expireSession(ledger, row) }))
}

function expireIncomplete(ledger: Ledger, id: string): void {
  const subscription = ledger.subscriptions.require(id)
  for (const invoice of ledger.invoices.all()) {
    if (invoice.status === "open" && subscriptionOf(ledger, invoice) === subscription)
      voidInvoice(ledger, invoice)
  }
  ledger.change("customer.subscription.updated", subscription, row => {
    row.status = "incomplete_expired"
    row.ended_at = ledger.now(row.customer)
  })
}
