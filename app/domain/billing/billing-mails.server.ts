/**
 * The mails about a plan [B14]: who gets which, and what makes it the same mail, so that it goes out once. Each runs in the
 * transaction that knows of the news.
 */
import { closedFrom, daysAfter } from "~/domain/billing/access"
import type { MailDue } from "~/domain/billing/mails-due"
import { patience } from "~/domain/billing/patience.server"
import { isInterval, isPlanId, plans } from "~/domain/billing/plans"
import { tellPayers } from "~/domain/billing/tell-payers.server"
import { formatDate, formatMoney } from "~/lib/format"
import { paths } from "~/lib/paths"
import type { Tx } from "~/platform/db.server"
import type { Invoice, Subscription } from "~/platform/models.server"

type Due<Kind extends MailDue["mail"]> = Extract<MailDue, { mail: Kind }>

/** The payment failed, on the days the table names; with the way to another card. */
export async function mailPaymentFailed(
  tx: Tx,
  row: Subscription,
  due: Due<"payment_failed">,
): Promise<void> {
  await tellPayers(tx, row.organizationId, keyOf("payment_failed", row, due.about), ({ to, ...payer }) => ({
    template: "payment_failed",
    parameters: {
      kind: "renewal",
      to,
      organizationName: payer.organizationName,
      planName: planName(row),
      until: due.until ? day(due.until) : "",
      over: due.until === null,
      path: paths.organization.portal(payer.organizationSlug, { flow: "payment_method" }),
    },
  }))
}

/** The trial ends soon, and what it costs then. */
export async function mailTrialEnding(tx: Tx, row: Subscription, due: Due<"trial_ending">): Promise<void> {
  await tellPayers(tx, row.organizationId, keyOf("trial_ending", row, due.about), payer => ({
    template: "trial_ending",
    parameters: { ...payer, planName: planName(row), on: day(due.trialEnd), price: priceOf(row) },
  }))
}

/** The plan is set to end. Set to end on that day again, after it was taken back, it is the same news. */
export async function mailPlanEnding(tx: Tx, row: Subscription, cancelAt: Date): Promise<void> {
  await tellPayers(tx, row.organizationId, keyOf("plan_ending", row, cancelAt.toISOString()), payer => ({
    template: "plan_ending",
    parameters: { ...payer, planName: planName(row), on: day(cancelAt) },
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
  const readableUntil = archived > 0 ? "" : day(daysAfter(from, patience().readOnlyDays))
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
      on: day(invoice.createdAt),
      path: paths.organization.invoice(payer.organizationSlug, invoice.id),
    },
  }))
}

function keyOf(mail: string, { stripeSubscriptionId }: Subscription, about = ""): string {
  return `${mail}:${stripeSubscriptionId}${about && `:${about}`}`
}

function planName({ plan }: Subscription): string {
  return isPlanId(plan) ? plans[plan].name : ""
}

/** "$29.00 a month", before tax and discounts; empty for a price nobody knows. */
function priceOf({ unitAmount, currency, interval }: Subscription): string {
  if (unitAmount === null || currency === null || !isInterval(interval)) return ""
  return `${formatMoney(unitAmount, currency)} a ${interval}`
}

function day(moment: Date): string {
  return formatDate(moment, "UTC")
}
