/**
 * The mails about a plan [B14]: who gets which, and what makes it the same mail, so that it goes out once. Each runs in the
 * transaction that knows of the news.
 */
import { closedFrom, daysAfter } from "~/domain/billing/access"
import type { MailDue } from "~/domain/billing/mails-due"
import { patience } from "~/domain/billing/patience.server"
import { isInterval, isPlanId, plans } from "~/domain/billing/plans"
import { tellPayers } from "~/domain/billing/tell-payers.server"
import { billingPaths } from "~/lib/billing-paths"
import { formatMoney, formatUtcDate } from "~/lib/format"
import { paths } from "~/lib/paths"
import type { Tx } from "~/platform/db.server"
import type { Invoice, Subscription } from "~/platform/models.server"

type Due<Kind extends MailDue["mail"]> = Extract<MailDue, { mail: Kind }>

/** The payment failed, on the days the table names; with the way to another card, or to where it is confirmed. */
export async function mailPaymentFailed(
  tx: Tx,
  row: Subscription,
  due: Due<"payment_failed">,
): Promise<void> {
  const confirm = row.paymentTrouble === "needs_confirmation"
  await tellPayers(tx, row.organizationId, keyOf("payment_failed", row, due.about), ({ to, ...payer }) => ({
    template: "payment_failed",
    parameters: {
      kind: "renewal",
      to,
      organizationName: payer.organizationName,
      planName: planName(row),
      until: due.until ? formatUtcDate(due.until) : "",
      over: due.until === null,
      confirm,
      path: confirm
        ? billingPaths.invoicePayment(payer.organizationSlug)
        : paths.organization.portal(payer.organizationSlug, { flow: "payment_method" }),
    },
  }))
}

/** The trial ends soon, and what it costs then. */
export async function mailTrialEnding(tx: Tx, row: Subscription, due: Due<"trial_ending">): Promise<void> {
  await tellPayers(tx, row.organizationId, keyOf("trial_ending", row, due.about), payer => ({
    template: "trial_ending",
    parameters: { ...payer, planName: planName(row), on: formatUtcDate(due.trialEnd), price: priceOf(row) },
  }))
}

/**
 * The plan is set to end. Taken back and set to end anew it is told anew, on the same day, too: what makes it this ending is the
 * write that noted it.
 */
export async function mailPlanEnding(tx: Tx, row: Subscription, cancelAt: Date): Promise<void> {
  const about = keyOf("plan_ending", row, endingOf(row, cancelAt))
  await tellPayers(tx, row.organizationId, about, payer => ({
    template: "plan_ending",
    parameters: {
      ...payer,
      planName: planName(row),
      on: formatUtcDate(cancelAt),
      unpaid: row.status === "past_due",
    },
  }))
}

/** The plan goes on that was to end on this day. Nothing is told to those who were not told that it ends. */
export async function mailPlanKept(tx: Tx, row: Subscription, cancelAt: Date): Promise<void> {
  // All keys of endings on that day begin with this; ";" follows ":".
  const ending = keyOf("plan_ending", row, cancelAt.toISOString())
  const told = await tx.mail.count({ where: { dedupeKey: { gte: `${ending}:`, lt: `${ending};` } } })
  if (told === 0) return
  const about = keyOf("plan_kept", row, endingOf(row, cancelAt))
  await tellPayers(tx, row.organizationId, about, payer => ({
    template: "plan_kept",
    parameters: { ...payer, planName: planName(row), on: formatUtcDate(cancelAt) },
  }))
}

/** The plan has ended; `goesOn` when another one still gives everything. */
export async function mailPlanEnded(
  tx: Tx,
  row: Subscription,
  { goesOn }: { goesOn: boolean },
): Promise<void> {
  const { organizationId } = row
  const archived = await tx.archiveHold.count({ where: { organizationId, because: "billing" } })
  const from = closedFrom(row, patience()) ?? row.syncedAt
  const readableUntil = archived > 0 ? "" : formatUtcDate(daysAfter(from, patience().readOnlyDays))
  await tellPayers(tx, row.organizationId, keyOf("plan_ended", row), payer => ({
    template: "plan_ended",
    parameters: { ...payer, planName: planName(row), goesOn, readableUntil },
  }))
}

/** The receipt of a paid invoice. */
export async function mailReceipt(tx: Tx, invoice: Invoice): Promise<void> {
  await tellPayers(tx, invoice.organizationId, `receipt:${invoice.id}`, payer => ({
    template: "receipt",
    parameters: {
      ...payer,
      number: invoice.number ?? "",
      amount: formatMoney(invoice.amountPaid, invoice.currency),
      on: formatUtcDate(invoice.createdAt),
      path: paths.organization.invoice(payer.organizationSlug, invoice.id),
    },
  }))
}

function keyOf(mail: string, { stripeSubscriptionId }: Subscription, about = ""): string {
  return `${mail}:${stripeSubscriptionId}${about && `:${about}`}`
}

function endingOf({ syncedAt }: Subscription, cancelAt: Date): string {
  return `${cancelAt.toISOString()}:${syncedAt.toISOString()}`
}

function planName({ plan }: Subscription): string {
  return isPlanId(plan) ? plans[plan].name : ""
}

/** "$29.00 a month", before tax and discounts; empty for a price nobody knows. */
function priceOf({ periodAmount, currency, interval }: Subscription): string {
  if (periodAmount === null || currency === null || !isInterval(interval)) return ""
  return `${formatMoney(periodAmount, currency)} a ${interval}`
}
