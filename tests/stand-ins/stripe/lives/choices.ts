import { cardState, newestMethod } from "../billing/payment-methods"
import { createPrice } from "../billing/prices"
import { createProduct } from "../billing/products"
import type { Dice } from "../dice"
import type { Ledger } from "../ledger"
import type { SubscriptionObject } from "../objects"
import type { Acts } from "./acts"

/** Something that may happen by chance: to whom it can, how often compared with the rest, and how. */
export interface Choice {
  weight: number
  targets: (ledger: Ledger) => string[]
  play: (acts: Acts, target: string, dice: Dice, ledger: Ledger) => unknown
}

const ids = (rows: Array<{ id: string }>) => rows.map(row => row.id)
const live = (ledger: Ledger, test: (row: SubscriptionObject) => boolean = () => true) =>
  ids(
    ledger.subscriptions.filter(
      row => !row.ended_at && !["incomplete", "incomplete_expired"].includes(row.status) && test(row),
    ),
  )
const openSessions = (ledger: Ledger) => ids(ledger.sessions.filter(row => row.status === "open"))
const payers = (ledger: Ledger, card: "works" | "declines") =>
  ids(
    ledger.customers.filter(
      row => newestMethod(ledger, row.id) !== undefined && cardState(ledger, row.id) === card,
    ),
  )
const debits = (ledger: Ledger) =>
  ids(
    ledger.sessions.filter(
      row => row.status === "complete" && row.payment_status === "unpaid" && isUnderWay(ledger, row.invoice),
    ),
  )
const isUnderWay = (ledger: Ledger, invoice: unknown) =>
  typeof invoice === "string" && ledger.invoiceFacts.get(invoice)?.processing === true
const running = (row: SubscriptionObject) => ["active", "past_due", "trialing"].includes(row.status)
const paid = (ledger: Ledger) =>
  ledger.charges.filter(row => row.status === "succeeded" && !row.disputed && !row.refunded && row.amount > 0)

const PRORATIONS = ["create_prorations", "always_invoice", "none"] as const
const PAUSES = ["keep_as_draft", "mark_uncollectible", "void"] as const

/** All that happens by itself, or by people other than the app, in the life of an account. */
export const choices = {
  pay: { weight: 14, targets: openSessions, play: (acts, id) => acts.pay(id) },
  payByDebit: { weight: 3, targets: openSessions, play: (acts, id) => acts.payByDebit(id) },
  decline: { weight: 2, targets: openSessions, play: (acts, id) => acts.decline(id) },
  expire: { weight: 1, targets: openSessions, play: (acts, id) => acts.expire(id) },
  debitArrives: { weight: 6, targets: debits, play: (acts, id) => acts.debitArrives(id) },
  debitComesBack: { weight: 3, targets: debits, play: (acts, id) => acts.debitComesBack(id) },
  failCard: { weight: 4, targets: ledger => payers(ledger, "works"), play: (acts, id) => acts.failCard(id) },
  recover: { weight: 6, targets: ledger => payers(ledger, "declines"), play: (acts, id) => acts.recover(id) },
  removeCard: {
    weight: 0.5,
    targets: ledger => payers(ledger, "works"),
    play: (acts, id) => acts.removeCard(id),
  },
  changePlan: {
    weight: 5,
    targets: ledger => live(ledger, row => running(row) && row.cancel_at === null),
    play: (acts, id, dice, ledger) => {
      const now = ledger.subscriptions.get(id)?.items.data[0]?.price.id
      const offered = ledger.prices.filter(
        row => row.active && row.lookup_key?.startsWith("gatehouse_") === true && row.id !== now,
      )
      const price = dice.pick(offered)
      if (price) acts.changePlan(id, price.id, dice.pick(PRORATIONS))
      return price?.lookup_key
    },
  },
  strangePrice: {
    weight: 0.5,
    targets: ledger => live(ledger, row => running(row) && row.cancel_at === null),
    play: (acts, id, _dice, ledger) => acts.changePlan(id, strangePrice(ledger), "none"),
  },
  cancelAtPeriodEnd: {
    weight: 2,
    targets: ledger => live(ledger, row => row.cancel_at === null && row.status !== "paused"),
    play: (acts, id) => acts.cancelAtPeriodEnd(id),
  },
  cancelInPortal: {
    weight: 2,
    targets: ledger => live(ledger, row => row.cancel_at === null && row.status !== "paused"),
    play: (acts, id) => acts.cancelInPortal(id),
  },
  undoCancel: {
    weight: 3,
    targets: ledger => live(ledger, row => row.cancel_at !== null),
    play: (acts, id) => acts.undoCancel(id),
  },
  cancelNow: { weight: 1, targets: ledger => live(ledger), play: (acts, id) => acts.cancelNow(id) },
  pauseCollection: {
    weight: 0.5,
    targets: ledger => live(ledger, row => row.pause_collection === null),
    play: (acts, id, dice) => acts.pauseCollection(id, dice.pick(PAUSES)),
  },
  resumeCollection: {
    weight: 2,
    targets: ledger => live(ledger, row => row.pause_collection !== null),
    play: (acts, id) => acts.resumeCollection(id),
  },
  pause: { weight: 0.5, targets: ledger => live(ledger, running), play: (acts, id) => acts.pause(id) },
  resume: {
    weight: 3,
    targets: ledger => live(ledger, row => row.status === "paused"),
    play: (acts, id) => acts.resume(id),
  },
  payInvoice: {
    weight: 2,
    targets: ledger =>
      ids(ledger.invoices.filter(row => row.status === "open" && !isUnderWay(ledger, row.id))),
    play: (acts, id) => acts.payInvoice(id),
  },
  dispute: { weight: 1, targets: ledger => ids(paid(ledger)), play: (acts, id) => acts.dispute(id) },
  closeDispute: {
    weight: 3,
    targets: ledger => ids(ledger.disputes.filter(row => row.status === "needs_response")),
    play: (acts, id, dice) => acts.closeDispute(id, dice.chance(0.5)),
  },
  refund: {
    weight: 1,
    targets: ledger => ids(paid(ledger)),
    play: (acts, id, dice, ledger) => {
      const charge = ledger.charges.require(id)
      const left = charge.amount - charge.amount_refunded
      acts.refund(id, dice.chance(0.5) ? left : dice.between(1, left))
    },
  },
  creditNote: {
    weight: 0.7,
    targets: ledger => ids(ledger.invoices.filter(row => row.status === "paid" && row.amount_paid > 0)),
    play: (acts, id, dice, ledger) =>
      acts.creditNote(id, dice.between(1, ledger.invoices.require(id).amount_paid)),
  },
  editCustomer: {
    weight: 1,
    targets: ledger => ids(ledger.customers.all()),
    play: (acts, id, dice) =>
      acts.editCustomer(
        id,
        dice.chance(0.5)
          ? { name: `Renamed ${dice.between(1, 99)}` }
          : { email: `billing-${dice.between(1, 99_999)}@example.test` },
      ),
  },
  deleteCustomer: {
    weight: 0.2,
    targets: ledger => ids(ledger.customers.all()),
    play: (acts, id) => acts.deleteCustomer(id),
  },
  someHours: {
    weight: 6,
    targets: () => ["clock"],
    play: (acts, _id, dice) => acts.advance({ hours: dice.between(1, 30) }),
  },
  someDays: {
    weight: 5,
    targets: () => ["clock"],
    play: (acts, _id, dice) => acts.advance({ days: dice.between(1, 12) }),
  },
  someWeeks: {
    weight: 2,
    targets: () => ["clock"],
    play: (acts, _id, dice) => acts.advance({ days: dice.between(13, 45) }),
  },
} satisfies Record<string, Choice>

export type ChoiceName = keyof typeof choices

const STRANGE = "local_made_by_hand"

// A price somebody made in the dashboard, of which the app knows nothing.
function strangePrice(ledger: Ledger): string {
  const found = ledger.prices.find(row => row.nickname === STRANGE)
  if (found) return found.id
  const product = createProduct(ledger, { name: "Made by hand" })
  const terms = { currency: "usd", unit_amount: 1_234, recurring: { interval: "month" }, nickname: STRANGE }
  return createPrice(ledger, { product: product.id, ...terms }).id
}
