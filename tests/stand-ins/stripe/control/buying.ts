import { z } from "zod"
import { endDebit } from "../billing/bank-debits"
import { type Buyer, completeSession, declineOnPage } from "../billing/checkout"
import { expireSession } from "../billing/checkout-expiry"
import { totalsOf } from "../billing/checkout-totals"
import { checkRestrictions, couponId, usablePromotionCode } from "../billing/discounts"
import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { SessionObject } from "../objects"
import type { Context } from "./context"
import { control } from "./control"

export const checkoutInput = z.strictObject({
  /** The id of the session, or nothing for the newest open one. */
  session: z.string().optional(),
  outcome: z.enum(["paid", "bank_debit", "declined", "expired"]).default("paid"),
  email: z.string().optional(),
  name: z.string().optional(),
  businessName: z.string().optional(),
  country: z.string().optional(),
  taxId: z.string().optional(),
  promotionCode: z.string().optional(),
  customFields: z.record(z.string(), z.string()).default({}),
  /** What the subscription is while a bank debit is under way. */
  subscriptionStatus: z.enum(["incomplete", "active"]).default("incomplete"),
  /** Wait, as the hosted page does, up to ten seconds for a 2xx on checkout.session.completed. */
  wait: z.boolean().default(false),
})

type CheckoutInput = z.output<typeof checkoutInput>

export interface Completed {
  session: SessionObject
  /** Where the browser goes next. */
  redirect: string | null
  /** The ids of the events it caused, in the order they happened. */
  events: string[]
  /** Whether the webhook was answered with a 2xx before the redirect. */
  acknowledged: boolean
}

// Stripe's own limit: https://docs.stripe.com/checkout/fulfillment#redirect-hosted-checkout
const REDIRECT_WAIT_MS = 10_000

/** Plays the buyer on the checkout page. */
export async function finishCheckout(context: Context, input: CheckoutInput): Promise<Completed> {
  const { ledger } = context
  const session = sessionOf(ledger, input.session)
  const known = ledger.events.all().length
  if (input.promotionCode) applyPromotionCode(ledger, session, input.promotionCode)
  play(ledger, session, input)
  const caused = ledger.events.all().slice(known)
  const completed = caused.find(event => event.type === "checkout.session.completed")
  const acknowledged =
    input.wait && completed ? await context.webhooks.accepted(completed.id, REDIRECT_WAIT_MS) : false
  return { session, redirect: redirectOf(session), events: caused.map(event => event.id), acknowledged }
}

function play(ledger: Ledger, session: SessionObject, input: CheckoutInput): void {
  const email = input.email ?? session.customer_email ?? ledger.customers.get(session.customer)?.email ?? null
  if (input.outcome === "expired") {
    expireSession(ledger, session)
    return
  }
  if (input.outcome === "declined") {
    declineOnPage(ledger, session, email)
    return
  }
  if (email === null) throw refused("The buyer gave no e-mail address, and the session has none.", "email")
  const buyer: Buyer = {
    email,
    name: input.name ?? null,
    businessName: input.businessName ?? null,
    country: input.country ?? null,
    taxId: input.taxId ?? null,
    customFields: input.customFields,
  }
  const way = input.outcome === "paid" ? "card" : "bank_debit"
  completeSession(ledger, session, buyer, { way, subscriptionStatus: input.subscriptionStatus })
}

/** Puts a promotion code on an open session, as the field on the page does. */
export function applyPromotionCode(ledger: Ledger, session: SessionObject, code: string): void {
  if (!session.allow_promotion_codes) throw refused("This Checkout Session does not allow promotion codes.")
  const found = usablePromotionCode(ledger, code)
  checkRestrictions(ledger, found, { customer: session.customer, amount: session.amount_subtotal })
  const facts = ledger.sessionFacts.require(session.id)
  facts.promotionCode = found.id
  facts.coupon = couponId(found)
  Object.assign(session, totalsOf(ledger, session, facts))
}

/** The address after the purchase, with the session's id in its place. */
export function redirectOf(session: SessionObject): string | null {
  return session.status === "complete"
    ? (session.success_url?.replaceAll("{CHECKOUT_SESSION_ID}", session.id) ?? null)
    : null
}

function sessionOf(ledger: Ledger, id: string | undefined): SessionObject {
  if (id !== undefined) return ledger.sessions.require(id)
  const newest = ledger.sessions.filter(row => row.status === "open").at(-1)
  if (!newest) throw refused("There is no open Checkout Session.")
  return newest
}

const debitInput = z.strictObject({ session: z.string() })

export const buyingControls = {
  /** Finishes a checkout session as the buyer would. */
  completeCheckout: control(checkoutInput, finishCheckout),
  /** The bank debit of a session arrives. */
  settlePayment: control(debitInput, ({ ledger }, { session }) => {
    endDebit(ledger, ledger.sessions.require(session), true)
    return ledger.sessions.require(session)
  }),
  /** The bank debit of a session comes back. */
  failPayment: control(debitInput, ({ ledger }, { session }) => {
    endDebit(ledger, ledger.sessions.require(session), false)
    return ledger.sessions.require(session)
  }),
}
