import { endDebit } from "../billing/bank-debits"
import { cancelNow, periodEnd, planCancellation } from "../billing/cancelling"
import { completeSession, declineOnPage } from "../billing/checkout"
import { expireSession } from "../billing/checkout-expiry"
import { collectOwed, payByHand } from "../billing/collecting"
import { createCreditNote } from "../billing/credit-notes"
import { removeCustomer } from "../billing/customers"
import { closeDispute, disputeCharge } from "../billing/disputes"
import { voidInvoice } from "../billing/invoices"
import { applyCollectionPause, pauseSubscription } from "../billing/pausing"
import { detachMethod, newestMethod, setWorks } from "../billing/payment-methods"
import { refundCharge } from "../billing/payments"
import { resume } from "../billing/renewing"
import { advanceServerClock, changePlan, chargeFor, setCard } from "../control/living"
import { StripeFailure } from "../errors"
import type { Ledger } from "../ledger"

export interface Payer {
  email?: string
  name?: string
  businessName?: string
}

/**
 * What buyers, banks, owners and operators do to an account, each done at once. An object is named by its id. What
 * Stripe refuses throws a `StripeFailure`.
 */
export function actsOn(ledger: Ledger) {
  const subscription = (id: string) => ledger.subscriptions.require(id)
  const session = (id: string) => ledger.sessions.require(id)
  const complete = (id: string, way: "card" | "bank_debit", payer: Payer) => {
    const open = session(id)
    const known = ledger.customers.get(open.customer)?.email
    completeSession(
      ledger,
      open,
      {
        email: payer.email ?? open.customer_email ?? known ?? "buyer@example.test",
        name: payer.name ?? null,
        businessName: payer.businessName ?? null,
        country: null,
        taxId: null,
        customFields: {},
      },
      { way, subscriptionStatus: "incomplete" },
    )
    return open.subscription
  }
  return {
    /** Pays a checkout session by card; answers the subscription. */
    pay: (id: string, payer: Payer = {}) => complete(id, "card", payer),
    /** Pays by bank debit, which arrives or comes back later. */
    payByDebit: (id: string, payer: Payer = {}) => complete(id, "bank_debit", payer),
    decline: (id: string) => declineOnPage(ledger, session(id), session(id).customer_email),
    expire: (id: string) => expireSession(ledger, session(id)),
    debitArrives: (id: string) => endDebit(ledger, session(id), true),
    debitComesBack: (id: string) => endDebit(ledger, session(id), false),
    /** The card in use is declined from now on; nobody is told before the next payment. */
    failCard: (customer: string) => {
      const method = newestMethod(ledger, customer)
      if (method) setWorks(ledger, method, false)
    },
    /** Another card in the portal, which works and pays at once what is owed. */
    recover: (customer: string) => {
      setCard(ledger, customer, true)
      collectOwed(ledger, customer)
    },
    removeCard: (customer: string) => {
      const method = newestMethod(ledger, customer)
      if (method) detachMethod(ledger, method)
    },
    /** To a price by id or lookup key, as the portal does it. */
    changePlan: (
      id: string,
      price: string,
      proration: "create_prorations" | "always_invoice" | "none" = "always_invoice",
    ) => changePlan(ledger, subscription(id), price, proration),
    /** By the API: `cancel_at_period_end`. */
    cancelAtPeriodEnd: (id: string) => planCancellation(ledger, subscription(id), { flag: true }),
    /** In the portal, flexible billing mode: `cancel_at`. */
    cancelInPortal: (id: string) =>
      planCancellation(ledger, subscription(id), { date: periodEnd(subscription(id)) }),
    undoCancel: (id: string) => planCancellation(ledger, subscription(id), { date: null }),
    cancelNow: (id: string) => cancelNow(ledger, subscription(id), "cancellation_requested"),
    pauseCollection: (id: string, behavior: "keep_as_draft" | "mark_uncollectible" | "void" = "void") =>
      ledger.change("customer.subscription.updated", subscription(id), row =>
        applyCollectionPause(ledger, row, { behavior }),
      ),
    resumeCollection: (id: string) =>
      ledger.change("customer.subscription.updated", subscription(id), row =>
        applyCollectionPause(ledger, row, null),
      ),
    pause: (id: string) => pauseSubscription(ledger, subscription(id), "pause_requested"),
    resume: (id: string) => resume(ledger, subscription(id)),
    /** Pays an open invoice on its page; false when the card is declined. */
    payInvoice: (id: string) => {
      try {
        payByHand(ledger, ledger.invoices.require(id), false)
        return true
      } catch (error) {
        if (error instanceof StripeFailure && error.status === 402) return false
        throw error
      }
    },
    voidInvoice: (id: string) => voidInvoice(ledger, ledger.invoices.require(id)),
    /** `of` is a charge, payment, invoice, session or customer. */
    dispute: (of: string) => disputeCharge(ledger, chargeFor(ledger, of), "fraudulent"),
    closeDispute: (id: string, won: boolean) => closeDispute(ledger, ledger.disputes.require(id), won),
    refund: (of: string, amount?: number) =>
      refundCharge(ledger, chargeFor(ledger, of), { amount, reason: "requested_by_customer" }),
    /** Part of a paid invoice goes back to the card, with a note; an open one is owed less. */
    creditNote: (invoice: string, amount: number) =>
      createCreditNote(ledger, {
        invoice,
        amount,
        ...(ledger.invoices.get(invoice)?.status === "paid" ? { refund_amount: amount } : {}),
      }),
    /** The customer edits their address or name in the portal. */
    editCustomer: (id: string, given: { email?: string; name?: string }) =>
      ledger.change("customer.updated", ledger.customers.require(id), row => Object.assign(row, given)),
    /** Somebody deletes the customer in the dashboard; their subscriptions end. */
    deleteCustomer: (id: string) => removeCustomer(ledger, ledger.customers.require(id)),
    /** Moves the clock; what falls due on the way happens at its own time. Answers the new time in seconds. */
    advance: (by: { hours?: number; days?: number }) =>
      advanceServerClock(ledger, ledger.clock.now() + (by.hours ?? 0) * 3_600 + (by.days ?? 0) * 86_400),
  }
}

export type Acts = ReturnType<typeof actsOn>
