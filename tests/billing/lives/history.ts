import { z } from "zod"
import type { Ledger } from "../../stand-ins/stripe/ledger"
import type { EventObject } from "../../stand-ins/stripe/objects"

/** A state a subscription was in, from the event with that number on. Times are seconds. */
export type State = {
  number: number
  at: number
  status: string
  lookupKeys: (string | null)[]
  cancelAt: number | null
  trialEnd: number | null
}

/** An invoice whose payment failed: when it first did, and when it was no debt any more. */
export type Debt = {
  invoice: string
  subscription: string
  created: number
  failed: number
  settled: number | null
}

/**
 * A moment at which the app had asked after everything: all events up to that number. `told`: and whatever was due to be told had
 * its turn after that.
 */
export type Heard = { number: number; at: number; told: boolean }

const subscriptionObject = z.object({
  id: z.string(),
  status: z.string(),
  cancel_at: z.number().nullable(),
  trial_end: z.number().nullable(),
  items: z.object({ data: z.array(z.object({ price: z.object({ lookup_key: z.string().nullable() }) })) }),
})
const invoiceObject = z.object({
  id: z.string(),
  created: z.number(),
  parent: z.object({ subscription_details: z.object({ subscription: z.string() }).nullable() }).nullable(),
})

const settling = ["invoice.paid", "invoice.voided", "invoice.marked_uncollectible"]

/** What happened at Stripe in one life, in order, whatever of it anybody was told; and when the app had listened. */
export class History {
  readonly heard: Heard[] = []
  readonly #states = new Map<string, State[]>()
  readonly #debts = new Map<string, Debt>()
  #number = 0
  #read = 0

  constructor(private readonly ledger: Ledger) {}

  /** Reads what is new in Stripe's list of events. */
  read(): void {
    const all = this.ledger.events.all()
    for (const event of all.slice(this.#read)) this.#note(event)
    this.#read = all.length
  }

  /** Does something of which Stripe's list will know nothing: as if it were older than that list, or by a hand that no event tells of. */
  unseen(work: () => void): void {
    this.read()
    const before = new Set(this.ledger.events.all())
    work()
    this.read()
    for (const event of this.ledger.events.filter(row => !before.has(row)))
      this.ledger.events.delete(event.id)
    this.#read = this.ledger.events.size
  }

  /** The app has asked after everything, and nothing kept it from that. `at` is its own time, where that goes on by itself. */
  noteHeard({ told, at = this.ledger.clock.now() }: { told: boolean; at?: number }): void {
    this.read()
    this.heard.push({ number: this.#number, at, told })
  }

  statesOf(subscription: string): State[] {
    return this.#states.get(subscription) ?? []
  }

  debtsOf(subscription: string): Debt[] {
    return [...this.#debts.values()].filter(debt => debt.subscription === subscription)
  }

  #note({ type, created: at, data: { object } }: EventObject): void {
    this.#number += 1
    const number = this.#number
    if (object.object === "subscription") {
      const { id, status, cancel_at, trial_end, items } = subscriptionObject.parse(object)
      const lookupKeys = items.data.map(item => item.price.lookup_key)
      const states = this.#states.get(id) ?? []
      states.push({ number, at, status, lookupKeys, cancelAt: cancel_at, trialEnd: trial_end })
      this.#states.set(id, states)
    } else if (object.object === "invoice") {
      const { id, created, parent } = invoiceObject.parse(object)
      const subscription = parent?.subscription_details?.subscription
      if (!subscription) return
      const debt = this.#debts.get(id)
      if (type === "invoice.payment_failed" && !debt) {
        this.#debts.set(id, { invoice: id, subscription, created, failed: number, settled: null })
      } else if (debt && settling.includes(type)) debt.settled ??= number
    }
  }
}
