import type Stripe from "stripe"
import { type Effect, ignored, type Prepared } from "~/domain/billing/effect.server"
import { invoicePaidBy } from "~/domain/billing/invoice-paid-by.server"
import { keepInvoice } from "~/domain/billing/invoice-rows.server"
import { clearAlert, raiseAlert } from "~/domain/mail/alerts.server"
import { formatMoney, formatUtcDate } from "~/lib/format"
import type { Tx } from "~/platform/db.server"
import { stripe } from "~/platform/stripe.server"

/**
 * What follows when a buyer asks their bank for the money back. It takes nothing from the organisation: the operator is told,
 * because only they can answer the bank, and hears no more of it once the bank has decided for them.
 * Source: https://docs.stripe.com/disputes/how-disputes-work
 */
export async function prepareDispute(disputeId: string): Promise<Prepared> {
  const dispute = await stripe().disputes.retrieve(disputeId)
  const invoice = await invoicePaidBy(dispute.payment_intent)
  if (!invoice) return ignored("not for an invoice")
  return async tx => {
    const organizationId = await keepInvoice(tx, invoice)
    if (!organizationId) return { state: "ignored", effect: "not an invoice of ours" }
    return { ...(await follow(tx, dispute, invoice, organizationId)), organizationId }
  }
}

async function follow(
  tx: Tx,
  dispute: Stripe.Dispute,
  { number }: Stripe.Invoice,
  organizationId: string,
): Promise<Effect> {
  const key = `disputed:${organizationId}:${dispute.id}`
  const { name } = await tx.organization.findUniqueOrThrow({ where: { id: organizationId } })
  const amount = formatMoney(dispute.amount, dispute.currency)
  const about = `${amount} of invoice ${number ?? "without a number"}`
  switch (dispute.status) {
    case "won":
    case "warning_closed":
    case "prevented":
      await clearAlert(key, tx)
      return { state: "done", effect: `dispute of ${amount} closed, the money stays` }
    case "lost": {
      const words = `${about} went back by the bank’s decision (dispute ${dispute.id}). The plan goes on; end it at Stripe if it should not.`
      await raiseAlert(key, { title: `${name} won its dispute`, words }, tx)
      return { state: "done", effect: `dispute of ${amount} lost` }
    }
    default: {
      const { due_by } = dispute.evidence_details
      const until = due_by ? ` by ${formatUtcDate(due_by * 1000)}` : ""
      const answered = dispute.status.endsWith("under_review")
      const act = answered
        ? "It has been answered, and the bank decides."
        : `Answer it in Stripe’s dashboard${until}.`
      const words = `${about} (dispute ${dispute.id}, reason: ${dispute.reason.replaceAll("_", " ")}). ${act} The plan goes on meanwhile.`
      await raiseAlert(key, { title: `${name} disputes a payment`, words }, tx)
      return { state: "done", effect: `${amount} disputed: ${dispute.status.replaceAll("_", " ")}` }
    }
  }
}
